"""The client with a whole server of the contract: the local engine, or any other named by the environment.

MUSICAPI_CONTRACT_URL and MUSICAPI_CONTRACT_KEY point the suite at another server.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import time

import pytest

from musicapi_desktop.client.client import Client
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Mode, Operation, Request, Source
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.schema import TaskPhase

PATIENCE = 90.0

pytestmark = pytest.mark.skipif(
    "MUSICAPI_CONTRACT_URL" not in os.environ and importlib.util.find_spec("musicapi_desktop.offline.serve") is None,
    reason="no server to run against",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address and key of the server under test."""
    if "MUSICAPI_CONTRACT_URL" in os.environ:
        yield os.environ["MUSICAPI_CONTRACT_URL"], os.environ.get("MUSICAPI_CONTRACT_KEY", "")
        return
    from fakes.local_server import TOKEN, LocalServer

    with LocalServer(tmp_path_factory.mktemp("engine") / "data", "--credits", "2000") as server:
        yield server.url, TOKEN


@pytest.fixture(scope="module")
def client(address):
    with Client(*address) as made:
        yield made


def finished(client, task_id):
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = client.task(task_id)
        if result.phase is not TaskPhase.RUNNING:
            return result
        pause.wait(0.1)
    raise AssertionError(f"not finished in time: {result}")


REQUESTS = {
    "describe": Request(mode=Mode.DESCRIBE, description="a quiet tune", title="Quiet", duration=20.0),
    "lyrics": Request(mode=Mode.LYRICS, lyrics="[Verse]\nLanterns on the 水 🌊\n", style="folk", duration=20.0),
    "instrumental": Request(mode=Mode.INSTRUMENTAL, style="piano", duration=20.0, weirdness=0.2),
}


@pytest.fixture(scope="module")
def song(client):
    return finished(client, client.perform(Operation.CREATE, codec.body_of(REQUESTS["describe"])).task_id)


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_every_mode_makes_two_takes_that_can_be_fetched(client, request_):
    result = finished(client, client.perform(Operation.CREATE, codec.body_of(request_)).task_id)
    assert result.phase is TaskPhase.SUCCEEDED
    assert len(result.clips) == 2
    assert len({clip.clip_id for clip in result.clips}) == 2
    downloader = Downloader()
    for clip in result.clips:
        assert (clip.duration or 0.0) > 0.0
        with downloader.open(clip.audio_url) as download:
            data = b"".join(download.chunks())
        assert len(data) == download.total
        with downloader.open(clip.audio_url, offset=100, etag=download.etag) as rest:
            assert b"".join(rest.chunks()) == data[rest.start :]
    downloader.close()


@pytest.mark.parametrize(("full", "counts"), [(False, (2, 4)), (True, (12, 24))])
def test_stems_have_names_and_kinds(client, song, full, counts):
    result = finished(
        client,
        client.perform(
            Operation.STEMS_FULL if full else Operation.STEMS_BASIC, {"clip_id": song.clips[0].clip_id}
        ).task_id,
    )
    labels = codec.stem_labels(result.clips)
    assert len(labels) in counts
    assert "vocals" in {label.kind for label in labels}
    assert len({label.name for label in labels}) == len(labels)


def test_a_wav_has_an_address(client, song):
    url = codec.decode_files(client.perform(Operation.WAV, {"clip_id": song.clips[0].clip_id}).answer).urls["wav"]
    downloader = Downloader()
    with downloader.open(url) as download:
        assert next(iter(download.chunks()))[:4] == b"RIFF"
    downloader.close()


def test_a_batch_makes_each_of_its_songs(client):
    body = codec.body_of(REQUESTS["instrumental"])
    batch = client.batch([body, {**body, "mv": "no-such-model"}, body])
    by_index = {entry.index: entry for entry in batch.entries}
    assert [bool(by_index[index].task_id) for index in range(3)] == [True, False, True]
    assert by_index[1].error
    for index in (0, 2):
        assert finished(client, by_index[index].task_id).phase is TaskPhase.SUCCEEDED
    aggregate = client.batch_status(batch.batch_id)
    assert {task.task_id for task in aggregate.tasks} >= {by_index[0].task_id, by_index[2].task_id}


def test_a_song_costs_credits_and_a_poll_does_not(client):
    before = client.credits().total
    submitted = client.perform(Operation.CREATE, codec.body_of(REQUESTS["instrumental"]))
    finished(client, submitted.task_id)
    after = client.credits().total
    assert after < before
    client.task(submitted.task_id)
    assert client.credits().total == after


def test_refusals_are_the_documented_ones(client, address):
    with pytest.raises(errors.NotFound):
        client.task("00000000-0000-4000-8000-00000000dead")
    with pytest.raises(errors.Refused):
        client.perform(Operation.CREATE, {"custom_mode": True, "mv": "no-such-model", "prompt": "la"})
    with pytest.raises((errors.NotFound, errors.Refused)):
        client.perform(Operation.WAV, {"clip_id": "00000000-0000-4000-8000-00000000dead"})
    with Client(address[0], "sk_somebody_elses") as stranger, pytest.raises(errors.KeyRefused):
        stranger.credits()


def test_a_request_for_a_take_needs_the_take():
    with pytest.raises(errors.InvalidRequest):
        codec.body_of(Request(operation=Operation.WAV))
    source = Source("s", "t", "c1")
    assert codec.body_of(Request(operation=Operation.STEMS_FULL, source=source)) == {"clip_id": "c1"}
