"""One answer in every spelling: what each dialect changes of it, and that it changes nothing else."""

from __future__ import annotations

import copy
from itertools import product

import pytest

from musicapi_desktop.offline.server.accent import Kind, Said, spoken
from musicapi_desktop.offline.server.manner import Manner
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.dialects import TOPICS
from musicapi_desktop.wire.schema import TaskPhase

CLIP = {
    "clip_id": "c1", "state": "succeeded", "title": "Tide", "tags": "folk", "lyrics": "la", "image_url": None,
    "audio_url": "http://h/files/c1.mp3", "video_url": None, "created_at": "2026-05-01T10:20:30.123Z",
    "mv": "sonic-v5", "gpt_description_prompt": None, "duration": "104.88", "negative_tags": "drums",
    "style_weight": 0.5, "weirdness_constraint": None, "progress": 100,
}  # fmt: skip
STEM = {**CLIP, "title": "Tide (Drums)", "stem_type": "Drums", "silent": False}
QUIET = {**CLIP, "clip_id": "c2", "title": "Tide (Brass)", "stem_type": "Brass", "silent": True}
RUNNING = {**CLIP, "state": "running", "audio_url": None, "duration": None, "stream_url": "http://h/files/c1.wav"}
FAILED = {**CLIP, "clip_id": "c3", "state": "failed", "audio_url": None, "error_message": "no"}


def task(*clips):
    return {"code": 200, "message": "success", "task_id": "t1", "data": [*clips], "progress": 100}


def said(dialect, body, kind=Kind.TASK, state="succeeded", **more):
    before = copy.deepcopy(body)
    told = spoken(Said(body, kind, state=state, **more), Manner([dialect] if dialect else []))
    assert body == before
    return told


def test_the_usual_dialects_change_nothing():
    assert said("", task(CLIP, STEM)).body == task(CLIP, STEM)


@pytest.mark.parametrize(
    ("dialect", "key", "value"),
    [
        ("duration-whole", "duration", 105),
        ("duration-float", "duration", 104.88),
        ("duration-null", "duration", None),
        ("duration-zero", "duration", 0),
        ("empty-text", "video_url", ""),
        ("extras-null", "negative_tags", None),
        ("echo-chirp", "mv", "chirp-v5"),
        ("echo-fuzz", "mv", "FUZZ-2.0"),
        ("words-upper", "state", "SUCCESS"),
    ],
)
def test_a_value_of_a_clip_is_spelled(dialect, key, value):
    (clip,) = said(dialect, task(CLIP)).body["data"]
    assert clip[key] == value
    same = CLIP.keys() - {key, "gpt_description_prompt", "negative_tags", "style_weight", "weirdness_constraint"}
    assert {name: clip[name] for name in same} == {name: CLIP[name] for name in same}


@pytest.mark.parametrize(
    ("dialect", "gone"),
    [
        ("empty-absent", {"video_url", "gpt_description_prompt"}),
        ("extras-absent", {"negative_tags", "style_weight", "weirdness_constraint"}),
        ("state-on-top", {"state"}),
    ],
)
def test_keys_are_left_out(dialect, gone):
    (clip,) = said(dialect, task(CLIP)).body["data"]
    assert CLIP.keys() - clip.keys() == gone


def test_where_the_state_and_the_clips_are():
    assert said("state-on-top", task(CLIP)).body["status"] == "succeeded"
    inner = said("state-in-data", task(CLIP)).body["data"]
    assert (inner["status"], len(inner["clips"])) == ("succeeded", 1)
    assert said("data-clips", task(CLIP)).body["data"] == {"clips": [CLIP]}
    assert said("data-bare", task(CLIP)).body == [CLIP]
    assert [clip["clip_id"] for clip in said("state-on-top", task(CLIP, FAILED), state="partial").body["data"]] == [
        "c1"
    ]


@pytest.mark.parametrize(("dialect", "status"), [("poll-202", 202), ("poll-200-not-ready", 200)])
def test_a_running_task_is_not_ready(dialect, status):
    told = said(dialect, task(RUNNING), state="running")
    assert (told.status, told.body["type"]) == (status, "not_ready")
    assert said(dialect, task(CLIP)).body["data"] == [CLIP]


def test_a_stream_is_the_running_clips_sound():
    (clip,) = said("words-streaming", task(RUNNING), state="running").body["data"]
    assert (clip["state"], clip["audio_url"]) == ("streaming", "http://h/files/c1.wav")
    assert "stream_url" not in clip


def test_stems_are_labelled_and_silent_ones_left_out():
    assert said("stem-label-dash", task(STEM)).body["data"][0]["title"] == "Tide - Drums"
    assert "stem_type" not in said("stem-label-dash", task(STEM)).body["data"][0]
    assert said("stem-label-type", task(STEM)).body["data"][0]["title"] == "Tide"
    assert [clip["clip_id"] for clip in said("stems-silent-missing", task(STEM, QUIET)).body["data"]] == ["c1"]


def test_codes_and_submits():
    body = {"code": 200, "message": "success", "task_id": "t"}
    assert said("code-absent", body, Kind.SUBMIT).body == {"message": "success", "task_id": "t"}
    assert said("code-text", body, Kind.SUBMIT).body["code"] == "success"
    assert said("submit-data", body, Kind.SUBMIT).body == {"message": "success", "data": {"task_id": "t"}}


REFUSED = {"code": 404, "type": "not_found", "error": "gone", "message": "gone"}


@pytest.mark.parametrize(
    ("dialect", "left"),
    [
        ("error-error", {"error": "gone"}),
        ("error-message", {"message": "gone"}),
        ("error-detail", {"detail": "gone"}),
        ("error-nested", {"error": {"type": "not_found", "message": "gone"}}),
    ],
)
def test_the_text_of_an_error_has_one_key(dialect, left):
    assert said(dialect, REFUSED, Kind.ERROR, status=404).body == {"code": 404, "type": "not_found", **left}


def test_errors_have_the_dialects_status():
    poor = {"code": 402, "type": "insufficient_credits", "error": "no", "message": "no"}
    usual = said("", poor, Kind.ERROR, status=402)
    assert (usual.status, usual.body["type"], usual.body["code"]) == (403, "forbidden", 403)
    assert said("credits-402", poor, Kind.ERROR, status=402).status == 402
    assert said("producer-lyria", poor, Kind.ERROR, status=402, about="producer").status == 402
    assert said("unknown-400", REFUSED, Kind.ERROR, status=404, about="task").status == 400
    assert said("unknown-400", REFUSED, Kind.ERROR, status=404, about="clip").status == 404


def test_every_pair_of_spellings_of_a_task_is_understood():
    """All combinations are legal: what one dialect moves another still finds."""
    shaping = [name for topic in ("in-progress poll", "task state words", "state location", "data type", "duration",
                                  "code type", "empty", "stem label") for name in TOPICS.get(topic, ())]  # fmt: skip
    for one, two in product(shaping, shaping):
        manner = Manner([one, two])
        for body, state, phase in (
            (task(CLIP, STEM), "succeeded", TaskPhase.SUCCEEDED),
            (task(RUNNING, CLIP), "running", TaskPhase.RUNNING),
        ):
            told = spoken(Said(body, Kind.TASK, state=state), manner)
            assert codec.decode_task(told.body, told.status).phase is phase, (one, two, state)
