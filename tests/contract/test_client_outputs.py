"""Stems, WAV and batches in every documented spelling: rows of the contract's discrepancy table (§17)."""

from __future__ import annotations

import pytest
from fakes.bodies import CLIP, TASK, TWIN, clip, listed
from fakes.fault_server import fault_server, html, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.schema import TaskPhase

KEY = "sk_contract_test"


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(server.url, KEY) as made:
        yield made


@pytest.mark.parametrize("full", [False, True])
def test_stems_are_asked_for_with_nothing_but_the_clip(server, client, full):
    server.answer(reply({"message": "success", "task_id": TASK}))
    assert client.perform(Operation.STEMS_FULL if full else Operation.STEMS_BASIC, {"clip_id": "c1"}).task_id == TASK
    assert server.seen[0].path == f"/api/v1/sonic/stems/{'full' if full else 'basic'}"
    assert server.seen[0].json == {"clip_id": "c1"}


TWELVE = ["Vocals", "Backing Vocals", "Drums", "Bass", "Guitar", "Keyboard", "Percussion", "Strings", "Synth", "FX",
          "Brass", "Woodwinds"]  # fmt: skip
TITLES = {
    "parenthesis": "My Song (Live) ({})",
    "parenthesis alone": " ({})",
    "dash": "My - own Song - {}",
    "long dash": "My Song — {}",
    "name alone": "{}",
}


@pytest.mark.parametrize("titled", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("count", [2, 4, 12, 24])
def test_stems_are_named_in_every_dialect_and_number(server, client, titled, count):
    names = {2: ["Vocals", "Instrumental"], 4: ["Vocals", "Drums", "Bass", "Other"], 12: TWELVE, 24: TWELVE * 2}[count]
    clips = [clip(clip_id=f"s{n}", title=titled.format(name)) for n, name in enumerate(names)]
    server.answer(reply(listed(*clips)))
    labels = codec.stem_labels(client.task(TASK).clips)
    assert [label.name for label in labels][:12] == names[:12]
    assert len({label.name for label in labels}) == count
    assert [label.kind for label in labels] == [name.lower().replace(" ", "_") for name in names]


def test_a_stem_type_is_believed_before_a_title_and_a_place_comes_last(server, client):
    clips = [
        clip(clip_id="s1", title="Song (Drums)", stem_type="backing_vocals"),
        clip(clip_id="s2", title="Song"),
        clip(clip_id="s3", title="Song (Theremin)"),
        clip(clip_id="s4", title=None),
    ]
    server.answer(reply(listed(*clips)))
    labels = codec.stem_labels(client.task(TASK).clips)
    assert [(label.name, label.kind) for label in labels] == [
        ("Backing Vocals", "backing_vocals"), ("Stem 2", "other"), ("Theremin", "other"), ("Stem 4", "other"),
    ]  # fmt: skip


WAV_URL = "https://cdn.test/c1.wav"


def wav_of(client):
    return codec.decode_files(client.perform(Operation.WAV, {"clip_id": "c1"}).answer).urls["wav"]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "success", "data": {"wav_url": WAV_URL}},
        {"code": 200, "message": "success", "data": {"wav_url": WAV_URL}},
        {"code": 200, "wav_url": WAV_URL},
        {"code": 200, "data": {"files": [{"format": "mp3", "url": "m"}, {"format": "WAV", "url": WAV_URL}]}},
    ],
)
def test_a_wav_is_found_in_every_dialect(server, client, body):
    server.answer(reply(body))
    assert wav_of(client) == WAV_URL
    assert (server.seen[0].path, server.seen[0].json) == ("/api/v1/sonic/wav", {"clip_id": "c1"})


@pytest.mark.parametrize(
    "gone", [html(404), html(405), reply({"type": "endpoint_retired", "error": "use download"}, status=410)]
)
def test_where_wav_is_retired_download_is_asked_and_wav_never_again(server, client, gone):
    server.by_path["/api/v1/sonic/wav"] = server.by_path["/api/v1/suno/wav"] = gone
    files = reply({"code": 200, "data": {"files": [{"format": "wav", "url": WAV_URL}]}})
    server.answer(reply(None, status=202), files)
    with pytest.raises(errors.NotReady) as told:
        wav_of(client)
    assert told.value.retry_after == 3.0
    assert wav_of(client) == WAV_URL
    assert [seen.path.rpartition("/")[2] for seen in server.seen if "suno" not in seen.path] == [
        "wav", "download", "download",
    ]  # fmt: skip
    assert server.seen[-1].json == {"clip_id": "c1", "formats": ["wav"]}


def test_a_clip_that_is_gone_does_not_retire_wav(server, client):
    server.answer(reply({"type": "not_found", "error": "clip gone"}, status=404))
    for _time in range(2):
        with pytest.raises(errors.NotFound):
            wav_of(client)
    assert [seen.path for seen in server.seen] == ["/api/v1/sonic/wav"] * 2


BATCHES = {
    "texts": {"message": "success", "batch_id": "b1", "submitted": 2, "tasks": ["t0", "t1"]},
    "objects": {"batch_id": "b1", "tasks": [{"index": 0, "task_id": "t0"}, {"index": 1, "task_id": "t1"}]},
    "out of order": {"batch_id": "b1", "tasks": [{"index": 1, "task_id": "t1"}, {"index": 0, "task_id": "t0"}]},
    "id": {"batch_id": "b1", "items": [{"id": "t0", "state": "pending"}, {"id": "t1"}]},
    "under data": {"code": 200, "data": {"batch_id": "b1", "tasks": [{"task_id": "t0"}, {"task_id": "t1"}]}},
    "index as text": {"batch_id": "b1", "results": [{"index": "0", "task_id": "t0"}, {"index": "1", "task_id": "t1"}]},
}


@pytest.mark.parametrize("body", BATCHES.values(), ids=BATCHES)
def test_a_batch_gives_each_song_its_task_in_every_dialect(server, client, body):
    server.answer(reply(body))
    batch = client.batch([{"prompt": "a"}, {"prompt": "b"}])
    assert batch.batch_id == "b1"
    assert {entry.index: entry.task_id for entry in batch.entries} == {0: "t0", 1: "t1"}
    assert server.seen[0].json == {"items": [{"prompt": "a"}, {"prompt": "b"}]}


@pytest.mark.parametrize(
    "refusal",
    [{"error": {"type": "validation_error", "error": "title too long"}}, {"error": "title too long"},
     {"status": "failed", "message": "title too long"}],
)  # fmt: skip
def test_a_refused_item_of_a_batch_is_told_by_index_and_stops_no_other(server, client, refusal):
    server.answer(reply({"batch_id": "b1", "tasks": [{"index": 0, **refusal}, {"index": 1, "task_id": "t1"}]}))
    batch = client.batch([{}, {}])
    assert [(e.index, e.task_id, e.error) for e in batch.entries] == [(0, "", "title too long"), (1, "t1", "")]


@pytest.mark.parametrize("count", [0, 11])
def test_a_batch_of_a_wrong_size_is_never_sent(server, client, count):
    with pytest.raises(errors.InvalidRequest):
        client.batch([{}] * count)
    assert server.seen == []


AGGREGATE = {"code": 200, "message": "success", "batch_id": "b1", "status": "running", "tasks": [
    {"index": 0, "task_id": "t0", "status": "succeeded", "data": [CLIP, TWIN], "error": None},
    {"index": 1, "task_id": "t1", "status": "running", "data": None, "error": None},
    {"index": 2, "error": {"type": "validation_error", "error": "bad"}},
]}  # fmt: skip


def test_the_aggregate_of_a_batch_tells_of_each_song(server, client):
    server.answer(reply(AGGREGATE))
    result = client.batch_status("b1")
    assert result.phase is TaskPhase.RUNNING
    first, second, third = result.tasks
    assert first.result.phase is TaskPhase.SUCCEEDED
    assert len(first.result.clips) == 2
    assert (second.result, second.state) == (None, "running")
    assert (third.result.phase, third.error) == (TaskPhase.FAILED, "bad")
    assert server.seen[0].target == "/api/v1/sonic/batch?batch_id=b1"


@pytest.mark.parametrize("status", [400, 404])
def test_the_other_query_key_of_a_batch_is_tried_once_and_remembered(server, client, status):
    refused = reply({"type": "validation_error", "error": "id is required"}, status=status)
    server.answer(refused, reply(AGGREGATE))
    client.batch_status("b1")
    client.batch_status("b1")
    both = "/api/v1/sonic/batch?batch_id=b1&id=b1"
    assert [seen.target for seen in server.seen] == ["/api/v1/sonic/batch?batch_id=b1", both, both]


def test_one_strange_item_does_not_hide_the_others(server, client):
    tasks = [{"task_id": "t0", "data": {"error": "hm"}}, {"task_id": "t1", "status": "succeeded", "data": [CLIP]}]
    server.answer(reply({"batch_id": "b1", "tasks": tasks}))
    result = client.batch_status("b1")
    assert [task.result is None for task in result.tasks] == [True, False]
    assert result.phase is TaskPhase.RUNNING
