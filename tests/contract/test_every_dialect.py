"""The client against the local server in every dialect: each operation by its topic, or with the whole table by all.

``MUSICAPI_CONTRACT_ALL=1`` (``bench contract`` sets it) tries every operation in every dialect; without it each
dialect that is not the usual one is tried by the operations it changes.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from fakes.every_operation import REQUESTS
from fakes.spoken_server import TOKEN, SpokenServers, linked

from musicapi_desktop.client.client import Client
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation, Source
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.dialects import DIALECTS, TOPICS
from musicapi_desktop.wire.operations import SPECS, Answer
from musicapi_desktop.wire.schema import TaskPhase

O = Operation  # noqa: E741  # reads better in tables
PATIENCE = 60.0
SONGS = (O.CREATE, O.CREATE_VOICE)
PRODUCER = tuple(each for each in Operation if each.startswith("producer/"))
TOUCHED = {
    "batch query key": ("batch",),
    "batch element": ("batch",),
    "batch webhook": ("batch",),
    "duration": ("credits", *SONGS, *PRODUCER[:1]),
    "state location": ("batch", *SONGS),
    "data type": ("batch", *SONGS),
    "task state words": ("batch", *SONGS, *PRODUCER[:1]),
    "code type": ("batch", "credits", O.BPM, O.UPLOAD, O.LYRICS, *SONGS),
    "namespace": ("batch", "credits", O.BPM, O.CREATE),
    "unknown task": ("unknown",),
    "no credits": ("broke",),
    "error text key": ("unknown", "broke", "refused"),
    "use_suno_cdn": (O.CREATE, O.EXTEND, "batch"),
    "custom_mode on extend and cover": (O.EXTEND, O.COVER, "batch"),
    "upload-clip task_type": (O.EXTEND, O.EXTEND_UPLOAD, O.COVER_UPLOAD),
    "continue_at": (O.EXTEND, O.UPLOAD_EXTEND, O.EXTEND_UPLOAD),
    "stems basic count": (O.STEMS_BASIC,),
    "stems full count": (O.STEMS_FULL,),
    "stem label": (O.STEMS_BASIC, O.STEMS_FULL),
    "silent stems": (O.STEMS_FULL,),
    "persona body": (O.PERSONA,),
    "persona availability": (O.PERSONA, O.WITH_PERSONA),
    "wav": (O.WAV, O.DOWNLOAD),
    "download": (O.WAV, O.DOWNLOAD),
    "wav cost": (O.WAV,),
    "midi": (O.MIDI,),
    "aligned lyrics": (O.ALIGNED_LYRICS,),
    "lyrics": (O.LYRICS,),
    "upload": (O.UPLOAD,),
    "one-shot upload": (O.UPLOAD_EXTEND, O.UPLOAD_COVER),
    "upload length": (O.UPLOAD,),
    "nuro": (O.NURO_VOCAL, O.NURO_BGM),
    "producer backend": PRODUCER,
    "producer seed": (O.PRODUCER_CREATE,),
    "prices": ("credits", O.CREATE),
}
"""What a topic changes; a topic that is not named is tried by a song."""
EXTRAS = ("batch", "credits", "unknown", "broke", "refused")
SOLD = {
    "producer-create-only": {O.PRODUCER_EXTEND, O.PRODUCER_REPLACE, O.PRODUCER_COVER},
    "nuro-retired": {O.NURO_VOCAL, O.NURO_BGM},
    "persona-gone": {O.PERSONA, O.WITH_PERSONA},
}
"""What a dialect no longer sells."""
ALL = os.environ.get("MUSICAPI_CONTRACT_ALL") == "1"


def cases():
    for dialect in DIALECTS:
        if dialect.topic == "pace":
            continue  # tried on its own below: every request but the first waits
        usual = TOPICS[dialect.topic][0]
        tried = (
            (*EXTRAS, *Operation) if ALL else () if dialect.name == usual else TOUCHED.get(dialect.topic, (O.CREATE,))
        )
        for operation in tried:
            yield pytest.param(dialect.name, operation, id=f"{dialect.name}-{operation}")


@pytest.fixture(scope="module")
def process():
    running = SpokenServers()
    yield running
    running.close()


@pytest.fixture(scope="module")
def world(process, tmp_path_factory):
    """A server's folder with two songs, an extension, a recording and a voice, and their ids."""
    folder = tmp_path_factory.mktemp("spoken")
    tape = folder / "tape.flac"
    soundfile.write(tape, np.random.default_rng(1).normal(0, 0.1, 12 * 8000), 8000)
    with Client(process.serve(folder / "data"), TOKEN) as client:
        ids = {"url": tape.as_uri()}
        song = done(client, O.CREATE, asked(O.CREATE, ids))
        ids["song"], ids["second"] = (clip.clip_id for clip in song.clips)
        ids["extension"] = done(client, O.EXTEND, asked(O.EXTEND, ids)).clips[0].clip_id
        ids["tape"] = codec.decode_uploaded(client.perform(O.UPLOAD, asked(O.UPLOAD, ids)).answer).clip_id
        ids["vox"] = codec.decode_vox(client.perform(O.VOX, asked(O.VOX, ids)).answer).vox_audio_id
        ids["persona"] = codec.decode_persona(client.perform(O.PERSONA, asked(O.PERSONA, ids)).answer)
    return folder, ids


@pytest.fixture(scope="module")
def servers(process, world):
    """The server of one dialect after the other: an address by name."""
    folder, _ids = world
    running = {}

    def of(dialect, opening=None):
        if (dialect, opening) not in running:
            data = linked(folder / "data", folder / f"{len(list(folder.iterdir()))}")
            running.clear()
            running[dialect, opening] = process.serve(data, [dialect], opening)
        return running[dialect, opening]

    return of


def asked(operation, ids):
    """The body the app sends for an operation, about what is in the folder."""
    request = REQUESTS[operation]
    if request.source is not None:
        kind = {O.CONCAT: "extension", O.EXTEND_UPLOAD: "tape", O.COVER_UPLOAD: "tape"}.get(operation, "song")
        request = replace(request, source=Source("s", "t", ids.get(kind, "none")))
    if request.second is not None:
        request = replace(request, second=Source("s", "t", ids["second"]))
    short = replace(request, url=ids["url"] if request.url else "", persona_id=ids.get("persona", ""))
    span = {"start": 1.0, "end": 1.2} if request.start is not None else {}
    if "vox_audio_id" in request.extra:
        extra = {name: value for name, value in request.extra.items() if name != "vox_audio_id" or "vox" in ids}
        short = replace(short, extra={**extra, **({"vox_audio_id": ids["vox"]} if "vox" in ids else {})})
    return codec.body_of(replace(short, **span))


def again_and_again(ask):
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = ask()
        if found is not None:
            return found
        pause.wait(0.02)
    raise AssertionError("not in time")


def done(client, operation, body):
    """Do an operation to its end: the result of its task, or the answer itself."""

    def post():
        try:
            return client.perform(operation, body)
        except errors.NotReady:
            return None

    def poll():
        result = client.task(posted.task_id, operation.system)
        return None if result.phase is TaskPhase.RUNNING else result

    posted = again_and_again(post)
    return again_and_again(poll) if posted.task_id else posted.answer


READERS = {
    Answer.FILES: codec.decode_files,
    Answer.MIDI: codec.decode_midi,
    Answer.TEMPO: codec.decode_tempo,
    Answer.ALIGNMENT: codec.decode_alignment,
    Answer.VOX: codec.decode_vox,
    Answer.TAGS: codec.decode_upsampled_tags,
    Answer.LYRICS: codec.decode_lyrics,
    Answer.PERSONA: codec.decode_persona,
}


def whole(operation, result):
    """Whether what came is all there."""
    answer = SPECS[operation].answer
    if answer in READERS:
        return bool(READERS[answer](result))
    if answer is Answer.UPLOAD and isinstance(result, dict):
        return bool(codec.decode_uploaded(result).clip_id)
    if operation in (O.PRODUCER_DOWNLOAD, O.PRODUCER_LYRICS, O.PRODUCER_VIDEO, O.CREATE_VOICE):
        return result.phase is TaskPhase.SUCCEEDED and bool(result.clips or result.data)
    counts = {O.STEMS_BASIC: (2, 4), O.STEMS_FULL: (4, 12, 24)}.get(operation, (SPECS[operation].takes,))
    urls = [clip.audio_url for clip in result.clips]
    return result.phase is TaskPhase.SUCCEEDED and len(urls) in counts and all(urls)


@pytest.mark.parametrize(("dialect", "operation"), [*cases()])
def test_every_operation_is_understood_in_every_dialect(servers, world, dialect, operation):
    if operation == "broke":
        with Client(servers(dialect, 3), TOKEN) as client, pytest.raises(errors.NoCredits):
            client.perform(O.CREATE, asked(O.CREATE, world[1]))
        return
    with Client(servers(dialect), TOKEN) as client:
        if operation in EXTRAS:
            TRIES[operation](client, world[1])
        elif operation in SOLD.get(dialect, ()):
            with pytest.raises(errors.Retired):
                client.perform(operation, asked(operation, world[1]))
        else:
            assert whole(operation, done(client, operation, asked(operation, world[1])))


def try_batch(client, ids):
    body = asked(O.CREATE, ids)
    submitted = client.batch([body, {**body, "mv": "no-such-model"}])
    assert [bool(entry.task_id) for entry in submitted.entries] == [True, False]
    assert submitted.entries[1].error

    def poll():
        try:
            found = client.batch_status(submitted.batch_id)
        except errors.NotFound:
            # no aggregate here: each task is asked after by itself
            result = client.task(submitted.entries[0].task_id)
            return None if result.phase is TaskPhase.RUNNING else result
        return None if found.phase is TaskPhase.RUNNING else found

    assert again_and_again(poll).phase in (TaskPhase.PARTIAL, TaskPhase.SUCCEEDED)


def try_credits(client, _ids):
    assert client.credits().total == 1_000_000


def try_unknown(client, _ids):
    with pytest.raises(errors.NotFound):
        client.task("00000000-0000-4000-8000-00000000dead")


def try_refused(client, ids):
    with pytest.raises(errors.Refused) as caught:
        client.perform(O.CREATE, {**asked(O.CREATE, ids), "mv": "no-such-model"})
    assert "sonic-v6-mini" in caught.value.detail


TRIES = {"batch": try_batch, "credits": try_credits, "unknown": try_unknown, "refused": try_refused}


def test_a_limited_pace_is_told(servers, world):
    with Client(servers("pace-limited"), TOKEN) as client:
        client.credits()
        with pytest.raises(errors.TooFast):
            client.credits()


def test_many_dialects_at_once_are_as_good_as_one(process, world, tmp_path):
    folder, ids = world
    for place in (1, -1):
        names = [topic[place] for topic in TOPICS.values() if topic[place] not in SOLD and topic[0] != "pace-free"]
        data = linked(folder / "data", tmp_path / str(place))
        with Client(process.serve(data, names), TOKEN) as client:
            for operation in (O.CREATE, O.REPLACE_SECTION, O.STEMS_FULL, O.WAV, O.MIDI, O.LYRICS, O.UPLOAD):
                assert whole(operation, done(client, operation, asked(operation, ids))), operation
