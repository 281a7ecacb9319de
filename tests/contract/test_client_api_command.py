"""``musicapi-desktop api``: any operation from a script, through the same client and queue, with no window."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from fakes.every_operation import ROWS, answers
from fakes.service import KEY, fake_service

from musicapi_desktop.app import api_command
from musicapi_desktop.app.command_line import run
from musicapi_desktop.app.instance import Instance
from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.job import Job, JobState, JobTask
from musicapi_desktop.domain.request import Operation, Request
from musicapi_desktop.secrets.keys import ENVIRONMENT_PROFILE_ID
from musicapi_desktop.settings.locations import under
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.wire.operations import SPECS, Answer

O = Operation  # noqa: E741  # reads better in tables
# one of each outcome and system: the queue itself is tried with all of them elsewhere
CHOSEN = [
    row for row in ROWS if row[0].operation in (
        O.CREATE, O.CONCAT, O.MASHUP, O.UPLOAD, O.STEMS_BASIC, O.WAV, O.MIDI, O.BPM, O.UPSAMPLE_TAGS, O.PERSONA,
        O.CREATE_VOICE, O.PRODUCER_LYRICS, O.PRODUCER_VIDEO, O.NURO_VOCAL,
    )
]  # fmt: skip
DESCRIBED = {"custom_mode": False, "mv": "sonic-v6", "gpt_description_prompt": "a quiet tune"}


@pytest.fixture
def service():
    with fake_service() as running:
        running.answers = {
            SPECS[each].path.removeprefix("/api/v1"): answers(running.base_url)[SPECS[each].answer]
            for each in Operation
            if SPECS[each].answer is not Answer.TASK
        }
        running.files["/files/c1.mid"] = b"MThd" + b"\0" * 40
        yield running


@pytest.fixture
def api(tmp_path, service, monkeypatch, capsys):
    # the profile of a script asks at the pace of the plan: 3 s apart; here the clock is not waited for
    monkeypatch.setattr("musicapi_desktop.services.limiter.Limiter.take", lambda *_args: True)
    monkeypatch.setattr("musicapi_desktop.services.limiter.Limiter.free_at", lambda *_args: float("-inf"))

    def call(operation, body=None, *more, url=service.base_url):
        monkeypatch.setenv("MUSICAPI_KEY", KEY)
        said = body if isinstance(body, str) else json.dumps(body or {})
        code = run(["api", operation, "--json", said, "--profile-url", url, "--data", str(tmp_path), "--quiet", *more])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize(("request_", "_path", "sent"), CHOSEN, ids=[row[0].operation for row in CHOSEN])
def test_any_operation_goes_through_the_same_queue(api, service, request_, _path, sent):
    words = {"title": "Tide", "lyrics": "la"}
    link = f"{service.base_url}/files/c1"
    service.shapes["producer"] = {
        Operation.PRODUCER_LYRICS: lambda _shown: {"status": "SUCCESS", "data": [words]},
        Operation.PRODUCER_DOWNLOAD: lambda _shown: {"status": "SUCCESS", "data": [{"format": "mp3", "url": link}]},
        Operation.PRODUCER_VIDEO: lambda _shown: {"status": "SUCCESS", "data": [{"video_url": f"{link}.mp4"}]},
    }.get(request_.operation, lambda shown: shown)
    service.files["/files/c1.mp4"] = b"\0\0\0\x18ftypisom" + b"\0" * 40
    if request_.operation is Operation.CREATE_VOICE:
        service.shapes["sonic"] = lambda _shown: {"code": 200, "data": {"persona_id": "p7", "name": "Ann"}}
    body = {key: f"{service.base_url}/files/hum.mp3" if key in ("url", "audio_url") else v for key, v in sent.items()}
    code, told = api(request_.operation, body)
    assert (code, told["state"], told["operation"]) == (api_command.DONE, "ready", request_.operation)
    assert [posted for _path, posted in service.posts] == [body]
    if request_.operation.makes_songs:
        assert all(os.path.isfile(take["file"]) for take in told["songs"][0]["takes"])  # noqa: PTH113  # as printed
    assert ("drafts" in told) is (request_.operation.outcome == "words")
    assert ("voice" in told) is (request_.operation.outcome == "voice")


def test_several_songs_and_a_failure_are_told(api, service):
    code, told = api("create_music", {**DESCRIBED, "songs": 2})
    assert code == api_command.DONE
    assert [song["title"] for song in told["songs"]] == ["Harbour Lights"] * 2
    assert told["estimate"] == 30
    no = {"type": "forbidden", "error": "not enough credits"}
    service.on("POST", "/api/v1/sonic/create", lambda *_: (403, no))
    code, told = api("create_music", DESCRIBED)
    assert code == api_command.FAILED
    assert "credits" in told["failure"]["message"]
    assert told["failure"]["detail"] == "not enough credits"


def test_an_answer_that_was_lost_has_a_code_of_its_own(api, service):
    service.on("POST", "/api/v1/sonic/create", lambda handler, _body: handler.hang_up())
    code, told = api("create_music", DESCRIBED)
    assert (code, told["state"]) == (api_command.PERHAPS_SENT, "perhaps_sent")


@pytest.mark.parametrize(
    ("operation", "body", "field"),
    [("create_music", {}, "description"), ("bpm", {}, "source"), ("create_music", "[1]", "json"), ("bpm", "{", "json"),
     ("task", {"task_id": 7}, "task_id"), ("sample", {"url": "u", "prompt": "x"}, "start")],
)  # fmt: skip
def test_what_is_wrong_is_told_by_field_and_never_sent(api, service, operation, body, field):
    code, told = api(operation, body)
    assert code == api_command.WRONG
    assert field in told["problems"]
    assert service.posts == []


def test_a_clip_the_library_never_had_leaves_no_song_where_nothing_came_of_it(api, service):
    service.on("POST", "/api/v1/sonic/bpm", lambda *_: (404, {"type": "not_found", "error": "clip gone"}))
    code, told = api("bpm", {"clip_id": "nope"})
    assert (code, told["songs"]) == (api_command.FAILED, [])
    service.usual("POST", "/api/v1/sonic/bpm")
    code, told = api("bpm", {"clip_id": "nope"})
    assert told["songs"][0]["takes"][0]["bpm"] == 118.4
    # the next one finds the same take
    assert api("midi", {"clip_id": "nope"})[1]["songs"][0]["takes"][0]["bpm"] == 118.4


def test_balance_and_tasks_are_read(api, service):
    assert api("get-credits") == (api_command.DONE, {"credits": 1000, "extra_credits": 0})
    task = service.task()
    code, told = api("task", {"task_id": task})
    assert (code, told["phase"], len(told["clips"])) == (api_command.DONE, "succeeded", 2)
    songs = {"songs": [{"id": "r1", "song_path": "https://c.test/r.mp3"}]}
    old = {"code": "success", "data": {"status": "SUCCESS", "data": songs}}
    service.on("GET", "/api/v1/riffusion/task", lambda *_: (200, old))
    told = api("task", {"task_id": "t", "system": "riffusion"})[1]
    assert told["clips"][0]["clip_id"] == "r1"
    assert "retired" in told["note"]
    code, told = api("studio", {"prompt": "x"})
    assert code == api_command.FAILED
    assert "retired" in told["failure"]["message"]
    assert service.posts == []


def test_a_key_that_is_refused_ends_with_a_sentence(api, service):
    service.on("POST", "/api/v1/sonic/create", lambda *_: (401, {"type": "unauthorized", "error": "who?"}))
    code, told = api("create_music", DESCRIBED)
    assert code == api_command.FAILED
    assert "key" in told["failure"]["message"]


def test_a_queue_that_was_paused_is_told_and_not_waited_for(api, tmp_path, service):
    places = under(tmp_path)
    places.create()
    database = Database(places.library)
    JobStore(database).pause(paused=True)
    database.close()
    code, told = api("create_music", DESCRIBED)
    assert (code, told["state"], service.posts) == (api_command.FAILED, "waiting", [])
    assert "paused" in told["failure"]["message"]
    assert "do not ask again" in told["failure"]["hint"]


def test_what_an_earlier_run_was_sending_is_not_sent_again(api, tmp_path, service):
    places = under(tmp_path)
    places.create()
    database = Database(places.library)
    left = Job("j1", Request(description="x"), ENVIRONMENT_PROFILE_ID, JobState.SENDING, (JobTask(0, "s1"),))
    JobStore(database).add([left])
    database.close()
    assert api("bpm", {"clip_id": "c1"})[0] == api_command.DONE
    assert [path for path, _body in service.posts] == ["/api/v1/sonic/bpm"]
    database = Database(places.library)
    assert JobStore(database).get("j1").state is JobState.PERHAPS_SENT
    database.close()


def test_a_library_in_use_is_left_alone(api, tmp_path, service):
    places = under(tmp_path)
    places.create()
    window = Instance(places.data)
    assert window.first()
    assert api("get-credits")[0] == api_command.IN_USE
    window.release()


def test_a_process_of_its_own_uses_this_computer_by_default(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "MUSICAPI_KEY"}
    command = [sys.executable, "-m", "musicapi_desktop", "api", "upsample-tags", "--data", str(tmp_path), "--json", "-"]
    done = subprocess.run(
        command, input='{"tags": "folk"}', capture_output=True, text=True, timeout=100, env=environment, check=False
    )
    assert done.returncode == api_command.DONE, done.stderr
    assert json.loads(done.stdout)["drafts"][0]["text"]
    assert "the local engine is ready" in done.stderr
    helped = subprocess.run([*command[:4], "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "Exit codes:" in helped.stdout


def test_a_disk_that_refuses_an_accepted_answer_does_not_look_as_if_nothing_was_sent(api, service, monkeypatch):
    really = JobStore.change

    def change(store, *args, **more):
        if service.posts:
            raise DiskError("The disk is full.", "Make some room.")
        return really(store, *args, **more)

    monkeypatch.setattr(JobStore, "change", change)
    code, told = api("create_music", DESCRIBED)
    assert (code, told["failure"]["message"]) == (api_command.PERHAPS_SENT, "The disk is full.")
    assert len(service.posts) == 1
