"""The typed MusicAPI client: one method per operation, values in, values out, domain errors only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Self

from musicapi_desktop.domain.errors import NotFound, Refused, Retired, TooFast
from musicapi_desktop.wire import codec, routes
from musicapi_desktop.wire.errors import NothingHere, error_of, error_type
from musicapi_desktop.wire.hosts import create_defaults
from musicapi_desktop.wire.schema import (
    AlignedWord,
    Balance,
    BatchResult,
    BatchSubmitted,
    Files,
    LyricsDraft,
    Midi,
    Submitted,
    TaskResult,
    Tempo,
    Uploaded,
    Vox,
)

from .exchange import Answer, Exchange, Timeouts

SLOW = 240.0
"""Seconds for the calls that work while one waits: uploads and their one-shot edits (contract §8)."""

Body = Mapping[str, object]


class Client:
    """A connection to one MusicAPI host with one key.

    ``base_url`` must be https unless it is a loopback address; InvalidRequest otherwise. Every method raises domain
    errors only: Offline (nothing was sent), AnswerLost (something may have been), ServiceError and its kinds.
    Nothing is retried here: ``domain.retry`` decides, and the caller keeps the pace. Safe from several threads;
    ``cancel`` and ``close`` end what is under way in others.
    """

    def __init__(self, base_url: str, key: str, *, timeouts: Timeouts | None = None) -> None:
        self._exchange = Exchange(base_url, key, timeouts or Timeouts())
        self._batch_keys = routes.BATCH_KEYS[:1]
        self._wav_is_gone = False

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """The address, without a trailing slash."""
        return self._exchange.base_url

    def cancel(self) -> None:
        """End the requests other threads are waiting for."""
        self._exchange.cancel()

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        self._exchange.close()

    # --- making songs

    def create(self, body: Body) -> Submitted:
        """Submit a create body of any ``task_type`` (``codec.body_of``)."""
        answer = self._post(routes.CREATE, self._with_defaults(body))
        return codec.decode_submitted(answer.body, answer.status)

    def task(self, task_id: str) -> TaskResult:
        """Ask where a task is. A failed task is a result, not an error."""
        return self._poll(routes.task(task_id))

    def batch(self, items: Iterable[Body]) -> BatchSubmitted:
        """Submit 1 to 10 create bodies at once. Refused items are entries with an error."""
        bodies = [self._with_defaults(item) for item in items]
        answer = self._post(routes.BATCH, codec.batch_body(bodies))
        return codec.decode_batch_submitted(answer.body, answer.status)

    def batch_status(self, batch_id: str) -> BatchResult:
        """Ask where a batch is. Falls back to the other documented query key once, and remembers it."""
        try:
            return self._batch_status(batch_id)
        except (NotFound, Refused):
            if len(self._batch_keys) > 1:
                raise
            self._batch_keys = routes.BATCH_KEYS
            return self._batch_status(batch_id)

    def _batch_status(self, batch_id: str) -> BatchResult:
        answer = self._exchange.send("GET", routes.BATCH, params=dict.fromkeys(self._batch_keys, batch_id))
        return codec.decode_batch(answer.body, answer.status)

    def credits(self) -> Balance:
        """Ask for the balance."""
        answer = self._exchange.send("GET", routes.CREDITS)
        return codec.decode_balance(answer.body, answer.status)

    def replace_section(self, body: Body) -> Submitted:
        """Submit a new section of a clip (contract §8.3)."""
        return self._submit(routes.REPLACE_SECTION, body)

    def sample(self, body: Body) -> Submitted:
        """Submit a song around a piece of another (contract §8.4)."""
        return self._submit(routes.SAMPLE, body)

    def mashup(self, body: Body) -> Submitted:
        """Submit a song from two others (contract §8.5)."""
        return self._submit(routes.MASHUP, body)

    # --- audio from elsewhere, by public address

    def upload(self, url: str, callback_url: str = "") -> Uploaded:
        """Hand in audio by its public address; answers after about 20 s."""
        body = {"url": url, **({"callback_url": callback_url} if callback_url else {})}
        answer = self._post(routes.UPLOAD, body, total=SLOW)
        return codec.decode_uploaded(answer.body, answer.status)

    def upload_extend(self, body: Body) -> Submitted:
        """Hand in audio and continue it in one call (contract §8.2)."""
        return self._submit(routes.UPLOAD_EXTEND, body, total=SLOW)

    def upload_cover(self, body: Body) -> Submitted:
        """Hand in audio and cover it in one call (contract §8.2)."""
        return self._submit(routes.UPLOAD_COVER, body, total=SLOW)

    def create_voice(self, audio_url: str) -> Submitted:
        """Submit a voice from a recording; the result's ``data`` has its persona_id."""
        return self._submit(routes.CREATE_VOICE, {"audio_url": audio_url})

    def persona(self, body: Body) -> str:
        """Make a persona and return its id (contract §7)."""
        answer = self._post(routes.PERSONA, body)
        return codec.decode_persona(answer.body, answer.status)

    # --- from a clip

    def stems(self, clip_id: str, full: bool) -> Submitted:
        """Submit the splitting of a clip: two parts, or all of them."""
        return self._submit(routes.STEMS_FULL if full else routes.STEMS_BASIC, codec.clip_body(clip_id))

    def wav(self, clip_id: str) -> str:
        """Return the address of a clip's WAV.

        Where the host has retired ``wav``, ``download`` is asked instead. Raises TooFast while the file is being
        prepared there: nothing was charged, and the same call is due again after its ``retry_after``.
        """
        if not self._wav_is_gone:
            try:
                answer = self._post(routes.WAV, codec.clip_body(clip_id))
                return codec.decode_wav(answer.body, answer.status)
            except (NothingHere, Retired):
                self._wav_is_gone = True
        files = self.download(clip_id, ("wav",))
        if files is None:
            raise TooFast("The service is still preparing this file.", "It is asked again by itself.", retry_after=3.0)
        return codec.decode_wav({"data": {f"{kind}_url": url for kind, url in files.urls.items()}})

    def download(self, clip_id: str, formats: Iterable[str]) -> Files | None:
        """Return addresses by format, or None while they are prepared (free; ask again after about 3 s)."""
        answer = self._post(routes.DOWNLOAD, {**codec.clip_body(clip_id), "formats": list(formats)})
        if _not_ready(answer):
            return None
        return codec.decode_files(answer.body, answer.status)

    def midi(self, clip_id: str) -> Midi | None:
        """Return the transcription of a clip or stem, or None while it is made."""
        answer = self._post(routes.MIDI, codec.clip_body(clip_id))
        return codec.decode_midi(answer.body, answer.status)

    def bpm(self, clip_id: str) -> Tempo:
        """Return the tempo of a clip."""
        answer = self._post(routes.BPM, codec.clip_body(clip_id))
        return codec.decode_tempo(answer.body, answer.status)

    def vox(self, clip_id: str, start: float | None = None, end: float | None = None) -> Vox:
        """Cut a reference of the voice from ``start`` to ``end`` seconds (at most 30 s)."""
        span = {"vocal_start_s": start, "vocal_end_s": end}
        body = {**codec.clip_body(clip_id), **{key: value for key, value in span.items() if value is not None}}
        answer = self._post(routes.VOX, body)
        return codec.decode_vox(answer.body, answer.status)

    def aligned_lyrics(self, clip_id: str) -> tuple[AlignedWord, ...] | None:
        """Return the words with their times, or None while they are worked out."""
        answer = self._post(routes.ALIGNED_LYRICS, codec.clip_body(clip_id))
        return codec.decode_alignment(answer.body, answer.status)

    # --- words

    def upsample_tags(self, tags: str) -> str:
        """Return a longer style text."""
        answer = self._post(routes.UPSAMPLE_TAGS, {"tags": tags})
        return codec.decode_upsampled_tags(answer.body, answer.status)

    def lyrics(self, description: str) -> tuple[LyricsDraft, ...]:
        """Return drafts of lyrics."""
        answer = self._post(routes.LYRICS, {"description": description})
        return codec.decode_lyrics(answer.body, answer.status)

    # --- the other two systems

    def producer(self, body: Body, path: str = routes.PRODUCER_CREATE) -> Submitted:
        """Submit a Producer task: ``path`` is one of the PRODUCER routes (contract §10)."""
        return self._submit(path, body)

    def producer_task(self, task_id: str) -> TaskResult:
        """Ask where a Producer task is."""
        return self._poll(routes.task(task_id, routes.PRODUCER_TASK))

    def nuro(self, body: Body) -> Submitted:
        """Submit a Nuro song (contract §11)."""
        return self._submit(routes.NURO_CREATE, body)

    def nuro_task(self, task_id: str) -> TaskResult:
        """Ask where a Nuro task is."""
        return self._poll(routes.task(task_id, routes.NURO_TASK))

    # --- one call

    def call(self, method: str, path: str, body: Body | None = None) -> object:
        """Return the JSON of any path below the host. Raises the table's error for 4xx and 5xx."""
        answer = self._exchange.send(method, path, content=None if body is None else codec.encode(body))
        if answer.status >= 400:
            raise error_of(answer.status, answer.body)
        return answer.body

    def _submit(self, path: str, body: Body, total: float | None = None) -> Submitted:
        answer = self._post(path, body, total=total)
        return codec.decode_submitted(answer.body, answer.status)

    def _poll(self, path: str) -> TaskResult:
        answer = self._exchange.send("GET", path)
        return codec.decode_task(answer.body, answer.status)

    def _post(self, path: str, body: Body, total: float | None = None) -> Answer:
        return self._exchange.send("POST", path, content=codec.encode(body), total=total)

    def _with_defaults(self, body: Body) -> dict[str, object]:
        return {**create_defaults(self.base_url), **body}


def _not_ready(answer: Answer) -> bool:
    return answer.status == HTTPStatus.ACCEPTED or error_type(answer.body) == "not_ready"
