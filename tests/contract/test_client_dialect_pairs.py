"""The whole queue against the local server in combinations of dialects: every two of different topics meet.

By default one combination is tried; ``MUSICAPI_CONTRACT_ALL=1`` (``bench contract`` sets it) tries all of them.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from fakes.every_operation import REQUESTS
from fakes.pairs import covering
from fakes.pump import Pump
from fakes.service import fake_service
from fakes.spoken_server import TOKEN, SpokenServers, linked

from musicapi_desktop.domain.job import ENDED, JobState
from musicapi_desktop.domain.request import Operation, Outcome, Source
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.services.readings import Readings
from musicapi_desktop.wire.capabilities import takes_of
from musicapi_desktop.wire.dialects import TOPICS

S = JobState
O = Operation  # noqa: E741  # reads better in tables
PATIENCE = 100.0
RETIRED = {
    "producer-create-only": {O.PRODUCER_EXTEND, O.PRODUCER_REPLACE, O.PRODUCER_COVER},
    "nuro-retired": {O.NURO_VOCAL, O.NURO_BGM},
    "persona-gone": {O.PERSONA, O.WITH_PERSONA},
}
# the limited pace would make each request wait for three real seconds; it has tests of its own
COMBINATIONS = covering({topic: names for topic, names in TOPICS.items() if topic != "pace"})
ALL = os.environ.get("MUSICAPI_CONTRACT_ALL") == "1"
WIDE = 4
"""Every so many combinations are tried with all operations, the others with those that dialects change most."""
CHANGED = {
    O.CREATE, O.EXTEND, O.EXTEND_UPLOAD, O.COVER, O.REPLACE_SECTION, O.UPLOAD, O.UPLOAD_EXTEND, O.STEMS_BASIC, O.WAV,
    O.DOWNLOAD, O.MIDI, O.ALIGNED_LYRICS, O.LYRICS, O.PERSONA, O.PRODUCER_CREATE, O.PRODUCER_COVER, O.NURO_VOCAL,
}  # fmt: skip
TRIED = COMBINATIONS if ALL else COMBINATIONS[:1]


def test_every_two_dialects_of_different_topics_meet():
    met = {frozenset((a, b)) for row in COMBINATIONS for a in row for b in row if a != b}
    names = [names for topic, names in TOPICS.items() if topic != "pace"]
    wanted = {frozenset((a, b)) for i, one in enumerate(names) for other in names[i + 1 :] for a in one for b in other}
    assert wanted <= met
    assert len(COMBINATIONS) < 60


def tried_in(number):
    """The operations of a combination."""
    return [each for each in Operation if number % WIDE == 0 or each in CHANGED]


def opened(folder, address):
    pump = Pump(folder, address, key=TOKEN)
    pump.profile = replace(pump.profile, interval=0.0)
    return pump


def ran(pump, *requests):
    """Let the pump run until the jobs have ended; its clock is a hundred times as fast as the real one."""
    jobs = [job for request in requests for job in pump.submit.create(request, pump.profile)]
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while True:
        known = [pump.job(job.id) for job in jobs]
        if all(job.state in ENDED | {S.PERHAPS_SENT} for job in known):
            return known
        assert time.monotonic() < end, [(job.request.operation, job.state) for job in known]
        due = pump.runner.step(pump.now)
        if due is None or due > pump.now:
            pause.wait(0.01)
            pump.now += 1.0


def source(song, place=0):
    take = song.takes[place]
    return Source(song.id, take.id, take.clip_id, song.title)


@pytest.fixture(scope="module")
def server():
    running = SpokenServers()
    yield running
    running.close()


@pytest.fixture(scope="module")
def tape(tmp_path_factory):
    """The public address of a recording of twelve seconds."""
    file = tmp_path_factory.mktemp("tape") / "tape.flac"
    soundfile.write(file, np.random.default_rng(1).normal(0, 0.1, 12 * 8000), 8000)
    with fake_service() as elsewhere:
        elsewhere.files["/files/tape.flac"] = file.read_bytes()
        yield f"{elsewhere.base_url}/files/tape.flac"


@pytest.fixture(scope="module")
def world(tmp_path_factory, server, tape):
    """A server's folder and a library of its songs: a song, an extension of it, an uploaded tape, and a persona."""
    folder = tmp_path_factory.mktemp("pairs")
    pump = opened(folder / "app", server.serve(folder / "server"))
    (job,) = ran(pump, replace(REQUESTS[O.CREATE], duration=None))
    assert job.state is S.READY, job.failure
    song = pump.song(job)
    jobs = ran(
        pump,
        replace(REQUESTS[O.EXTEND], source=source(song), start=Seconds(1.0), duration=None),
        replace(REQUESTS[O.UPLOAD], url=tape),
        replace(REQUESTS[O.PERSONA], source=source(song), start=None, end=None, extra={}),
    )
    assert [job.state for job in jobs] == [S.READY] * 3, [job.failure for job in jobs]
    songs = {"song": song, "extension": pump.song(jobs[0]), "tape": pump.song(jobs[1])}
    persona = pump.voices.all()[0].id
    pump.close()
    return folder, songs, persona, tape


def requests_of(world, number):
    """One request of every operation of a combination, about what is in the folder."""
    _folder, songs, persona, url = world
    kinds = {O.CONCAT: "extension", O.EXTEND_UPLOAD: "tape", O.COVER_UPLOAD: "tape"}
    for operation in tried_in(number):
        request = REQUESTS[operation]
        song = songs[kinds.get(operation, "song")]
        changed = {
            "source": source(song) if request.source else None,
            "second": source(song, 1) if request.second else None,
            "url": url if request.url else "",
            "persona_id": persona,
            "start": Seconds(1.0) if request.start is not None else None,
            "end": Seconds(9.0 if operation is O.SAMPLE else 1.8) if request.end is not None else None,
            "extra": {key: value for key, value in request.extra.items() if key != "vox_audio_id"},
        }
        if operation is O.PERSONA:
            changed |= {"start": None, "end": None}
        if operation is O.SAMPLE:
            changed |= {"source": source(songs["tape"])}
        yield replace(request, **changed)


def kept(pump, job):
    """Whether what an operation promises is there."""
    operation = job.request.operation
    song = pump.records.library.get(job.tasks[0].song_id)
    take = song.take(job.request.source.take_id) if song and job.request.source else None
    match operation.outcome:
        case Outcome.SONG:
            return len(song.takes) == takes_of(operation) and all(take.facts.frames for take in song.takes)
        case Outcome.WORDS:
            return bool(Readings(pump.records, pump.folders).drafts(job.id))
        case Outcome.VOICE:
            return bool(pump.voices.all())
    if operation in (O.STEMS_BASIC, O.STEMS_FULL):
        return len([stem for stem in take.stems if stem.split == operation.rpartition("/")[2]]) >= 2
    return {
        O.WAV: bool(take.wav_path),
        O.DOWNLOAD: bool(take.wav_path or take.files),
        O.PRODUCER_DOWNLOAD: bool(take.wav_path or take.files),
        O.MIDI: "midi" in take.files,
        O.BPM: bool(take.bpm),
        O.VOX: "vox" in take.extra,
        O.ALIGNED_LYRICS: "alignment" in take.files,
        O.PRODUCER_VIDEO: "video" in take.files,
    }[operation]


@pytest.fixture(scope="module")
def results(world, server, tmp_path_factory):
    """What became of every operation in a combination, tried once for all its cases."""
    found = {}

    def of(number):
        if number not in found:
            folder = tmp_path_factory.mktemp(f"combination-{number}")
            data = linked(world[0] / "server", folder / "server")
            shutil.copytree(world[0] / "app", folder / "app")
            pump = opened(folder / "app", server.serve(data, COMBINATIONS[number]))
            jobs = ran(pump, *requests_of(world, number), replace(REQUESTS[O.CREATE], songs=3, duration=None))
            found[number] = {
                job.request.operation if job.request.songs == 1 else "batch": (
                    job,
                    job.state is S.READY and kept(pump, job),
                )
                for job in jobs
            }
            pump.close()
        return found[number]

    return of


@pytest.mark.parametrize(
    ("number", "operation"),
    [
        pytest.param(number, operation, id=f"{number}-{operation}")
        for number in range(len(TRIED))
        for operation in (*tried_in(number), "batch")
    ],
)
def test_every_operation_comes_through_in_a_combination(results, number, operation):
    job, there = results(number)[operation]
    retired = {each for name in COMBINATIONS[number] for each in RETIRED.get(name, ())}
    if operation in retired:
        assert job.state is S.FAILED
        assert "no longer offers" in job.failure.message
    else:
        assert (job.state, job.failure) == (S.READY, None)
        assert there
