"""Reading what answers at once: submits, wav, credits and the small tools (contract §3.3, §6–§8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.errors import NotReady
from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.words import Draft

from .errors import error_of, error_text, error_type, not_understood
from .operations import Answer
from .schema import (
    AlignedWord,
    Balance,
    Files,
    Midi,
    Posted,
    Tempo,
    Uploaded,
    Vox,
)
from .values import Json, first_text, flag, items, mapping, number, shown, whole


def decode_posted(kind: Answer, body: object, status: int = 200) -> Posted:
    """Return what the POST of an operation answered with.

    Raises NotReady where the result is still worked out (the same POST is due again), the service's error where the
    body tells one, AnswerNotUnderstood without the value asked for.
    """
    if kind is Answer.TASK:
        return decode_submitted(body, status)
    if (status < 400 and _still_working(mapping(body), status)) or (read := _READERS[kind](body, status)) is None:
        raise NotReady(
            "The service is still working on this.", "It is asked again by itself.", retry_after=_AGAIN.get(kind, 3.0)
        )
    if isinstance(read, Uploaded) and not read.clip_id:
        return Posted(read.task_id)
    return Posted(clip_id=read.clip_id if isinstance(read, Uploaded) else "", answer=mapping(body))


def decode_submitted(body: object, status: int = 200) -> Posted:
    """Return the task of a submit: its id at the top, under ``data`` or in the last step.

    Raises the service's error where the body tells one, else AnswerNotUnderstood.
    """
    source = _accepted(body, status)
    steps = [mapping(step) for step in mapping(source.get("steps")).values()]
    places = [source, *_data_places(source), *reversed(steps)]
    task_id = _first(places, ("task_id",)) or _first(_data_places(source), ("id",))
    if not task_id and isinstance(source.get("data"), str):
        task_id = first_text(source, ("data",))
    if not task_id:
        raise _no(body, status)
    return Posted(task_id.strip(), clip_id=_first(steps, ("clip_id",)))


def decode_uploaded(body: object, status: int = 200) -> Uploaded:
    """Return the clip of an upload, or the task that makes it (contract §8.1)."""
    source = _accepted(body, status)
    places = [source, *_data_places(source)]
    uploaded = Uploaded(_first(places, ("clip_id",)), _first(places, ("task_id",)))
    if not (uploaded.clip_id or uploaded.task_id):
        raise _no(body, status)
    return uploaded


def decode_files(body: object, status: int = 200) -> Files:
    """Return addresses by format. Raises AnswerNotUnderstood where there is none (a 202 is the caller's to know)."""
    source = _accepted(body, status)
    urls: dict[str, str] = {}
    for place in [*_data_places(source), source]:
        for entry in items(place.get("files")):
            file = mapping(entry)
            url, kind = first_text(file, ("url", "audio_url")), first_text(file, ("format", "type")).lower()
            if url and kind:
                urls.setdefault(kind, url)
        for kind in ("wav", "mp3", "m4a"):
            url = first_text(place, (f"{kind}_url",))
            if url:
                urls.setdefault(kind, url)
    if not urls:
        raise _no(body, status)
    return Files(urls)


def decode_balance(body: object, status: int = 200) -> Balance:
    """Return the credits: flat, or under ``data``; numbers may be texts (contract §6.9)."""
    source = _accepted(body, status)
    for place in [source, *_data_places(source)]:
        plain = whole(place.get("credits"))
        if plain is not None:
            return Balance(plain, whole(place.get("extra_credits")) or 0)
    raise _no(body, status)


def decode_midi(body: object, status: int = 200) -> Midi | None:
    """Return a transcription, or None while it is made (contract §6.3)."""
    source = _accepted(body, status)
    if _still_working(source, status):
        return None
    data = mapping(source.get("data"))
    url = first_text(data, ("midi_url",)) or first_text(source, ("midi_url",))
    tracks: list[Track] = []
    for entry in items(data.get("instruments")):
        instrument = mapping(entry)
        notes = [note for raw in items(instrument.get("notes")) for note in _note(mapping(raw))]
        tracks.append(Track(first_text(instrument, ("name",)), tuple(sorted(notes, key=lambda note: note.start))))
    if not url and not tracks:
        raise _no(body, status)
    return Midi(url, tuple(tracks))


def _note(source: Json) -> list[Note]:
    start, end = number(source.get("start")), number(source.get("end"))
    pitch, velocity = whole(source.get("pitch")), number(source.get("velocity"))
    if start is None or end is None or pitch is None or not 0 <= pitch <= 127 or end < start:
        return []
    return [Note(start, end, pitch, 1.0 if velocity is None else min(1.0, max(0.0, velocity)))]


def decode_tempo(body: object, status: int = 200) -> Tempo:
    """Return the tempo in beats per minute (contract §6.4)."""
    source = _accepted(body, status)
    for place in [*_data_places(source), source]:
        average = number(place.get("avg_bpm"))
        if average is not None:
            fastest, slowest = number(place.get("max_bpm")), number(place.get("min_bpm"))
            return Tempo(average, average if fastest is None else fastest, average if slowest is None else slowest)
    raise _no(body, status)


def decode_alignment(body: object, status: int = 200) -> tuple[AlignedWord, ...] | None:
    """Return the words with their times, or None while they are worked out (contract §6.6)."""
    source = _accepted(body, status)
    if _still_working(source, status):
        return None
    for place in [*_data_places(source), source]:
        if "alignment" in place:
            entries = place["alignment"]
            return None if entries is None else tuple(w for raw in items(entries) for w in _aligned(mapping(raw)))
    raise _no(body, status)


def _aligned(source: Json) -> list[AlignedWord]:
    start, end = number(source.get("start_s")), number(source.get("end_s"))
    word = source.get("word")
    if start is None or not isinstance(word, str):
        return []
    success = flag(source.get("success"))
    return [
        AlignedWord(word, start, start if end is None else end, number(source.get("p_align")), success is not False)
    ]


def decode_upsampled_tags(body: object, status: int = 200) -> str:
    """Return the longer style text (contract §6.7)."""
    source = _accepted(body, status)
    tags = _first([*_data_places(source), source], ("upsampled_tags", "tags"))
    if not tags:
        raise _no(body, status)
    return tags


def decode_lyrics(body: object, status: int = 200) -> tuple[Draft, ...]:
    """Return the drafts, which lie under ``results`` rather than ``data`` (contract §6.8)."""
    source = _accepted(body, status)
    for entries in (source.get("results"), mapping(source.get("data")).get("results"), source.get("data")):
        drafts = [_draft(mapping(entry)) for entry in items(entries)]
        found = tuple(draft for draft in drafts if draft.text.strip())
        if found:
            return found
    raise _no(body, status)


def _draft(source: Json) -> Draft:
    return Draft(first_text(source, ("title",)), first_text(source, ("lyrics", "text")))


def decode_persona(body: object, status: int = 200) -> str:
    """Return the persona's id (contract §7)."""
    source = _accepted(body, status)
    persona_id = _first([source, *_data_places(source)], ("persona_id",))
    if not persona_id:
        raise _no(body, status)
    return persona_id


def decode_vox(body: object, status: int = 200) -> Vox:
    """Return the reference excerpt of a voice (contract §6.5)."""
    source = _accepted(body, status)
    for place in [*_data_places(source), source]:
        vox_id = first_text(place, ("vox_audio_id",))
        if vox_id:
            return Vox(
                vox_id,
                first_text(place, ("status",)),
                first_text(place, ("source_clip_id",)),
                number(place.get("vocal_start_s")),
                number(place.get("vocal_end_s")),
            )
    raise _no(body, status)


_READERS: Final[Mapping[Answer, Callable[[object, int], object]]] = MappingProxyType(
    {
        Answer.UPLOAD: decode_uploaded,
        Answer.FILES: decode_files,
        Answer.MIDI: decode_midi,
        Answer.TEMPO: decode_tempo,
        Answer.ALIGNMENT: decode_alignment,
        Answer.VOX: decode_vox,
        Answer.TAGS: decode_upsampled_tags,
        Answer.LYRICS: decode_lyrics,
        Answer.PERSONA: decode_persona,
    }
)
_AGAIN: Final = {Answer.ALIGNMENT: 6.0}
"""Seconds until the same POST is due again; one client asks every 6 s for the words (contract §6.6)."""


def _accepted(body: object, status: int) -> Json:
    """Return the body's object, or raise what it refuses with."""
    if status >= 400:
        raise error_of(status, body)
    source = mapping(body)
    if not source and status != 202:
        raise not_understood(shown(body), status=status)
    return source


def _no(body: object, status: int) -> Exception:
    """Return the error of a body without the value asked for: the service's own words where it gives any."""
    source = mapping(body)
    failed_step = bool(mapping(source.get("steps"))) and error_text(source).lower() not in ("", "success")
    if failed_step and status < 400 and not error_type(source):
        return error_of(400, source)
    return error_of(status, source, raw=shown(body))


def _still_working(source: Json, status: int) -> bool:
    return status == 202 or error_type(source) == "not_ready" or number(source.get("code")) == 202


def _data_places(source: Json) -> list[Json]:
    data = source.get("data")
    return [mapping(entry) for entry in items(data)] or [mapping(data)]


def _first(places: list[Json], keys: tuple[str, ...]) -> str:
    return next((found for place in places if (found := first_text(place, keys))), "")
