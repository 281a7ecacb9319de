"""Any JSON in: never an exception but the documented ones, never a lost field that is known."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.errors import InvalidRequest, ServiceError
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.errors import error_of, error_text, refunded
from musicapi_desktop.wire.operations import Answer
from musicapi_desktop.wire.schema import ClipPhase, TaskPhase

KNOWN_KEYS = [
    "code", "message", "data", "type", "error", "detail", "status", "state", "task_id", "clip_id", "id", "clips",
    "songs", "full", "extended", "replaced", "steps", "upload", "tasks", "items", "results", "batch_id", "index",
    "audio_url", "duration", "title", "stem_type", "credits", "extra_credits", "files", "format", "url", "wav_url",
    "alignment",
    "word", "start_s", "end_s", "instruments", "notes", "start", "end", "pitch", "velocity", "progress", "midi_url",
    "refund_processed", "avg_bpm", "persona_id", "vox_audio_id", "upsampled_tags", "lyrics", "output", "fail_reason",
]  # fmt: skip
WORDS = [
    "success",
    "failed",
    "FAILED",
    "running",
    "not_ready",
    "SUCCESS",
    "api_error",
    "timeout",
    "rate_limit",
    "",
    "0",
    "nan",
]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS)
    | st.sampled_from([200, 202, 400, 404, 500, 10**400])
)  # fmt: skip
KEYS = st.sampled_from(KNOWN_KEYS) | st.text(max_size=3)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)
STATUS = st.sampled_from(
    [200, 201, 202, 204, 400, 401, 402, 403, 404, 405, 410, 418, 422, 429, 500, 502, 503, 504, 599]
)
DECODERS = {
    name: getattr(codec, name)
    for name in codec.__all__
    if name.startswith("decode_") and name not in ("decode_clip", "decode_posted")
}


def refusal_of(decode, body, status):
    """The documented error of a decoder, or None; every other exception fails the test."""
    try:
        decode(body, status)
    except ServiceError as error:
        return error
    return None


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS)
@given(body=ANYTHING, status=STATUS)
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused_in_the_apps_own_words(decode, body, status):
    error = refusal_of(decode, body, status)
    if error is not None:
        assert error.message.endswith(".")
        assert error.hint
        assert len(error.detail) <= 2000


@given(kind=st.sampled_from(Answer), body=ANYTHING, status=STATUS)
@settings(max_examples=300, deadline=None)
def test_any_json_in_answer_to_a_post_is_read_refused_or_asked_for_again(kind, body, status):
    try:
        posted = codec.decode_posted(kind, body, status)
    except ServiceError:
        return
    # whatever passes names a task, or is kept word for word
    assert posted.task_id or posted.answer == body


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS)
@pytest.mark.parametrize("key", ["data", "error", "tasks", None])
def test_nesting_just_short_of_the_parsers_limit_is_no_trouble(decode, key):
    body: object = "deep"
    for _level in range(900):
        body = [body] if key is None else {key: body}
    for status in (200, 403, 500):
        refusal_of(decode, body, status)


@given(body=ANYTHING, status=STATUS)
@settings(max_examples=200, deadline=None)
def test_any_refusal_is_one_of_the_documented_errors(body, status):
    error = error_of(status, body)
    assert isinstance(error, ServiceError)
    assert isinstance(error_text(body), str)
    assert refunded(body) in (True, False, None)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(str.strip)
NUMBER = st.floats(0.1, 600) | st.integers(1, 600)
CLIPS = st.fixed_dictionaries(
    {"clip_id": TEXT, "state": st.sampled_from(["succeeded", "SUCCEEDED", "complete"])},
    optional={
        **dict.fromkeys(
            ["title", "tags", "lyrics", "image_url", "audio_url", "video_url", "created_at", "mv", "stem_type",
             "gpt_description_prompt"], TEXT),
        "duration": NUMBER | NUMBER.map(str),
        "negative_tags": TEXT | st.none(),
        "style_weight": st.floats(0, 1) | st.none(),
        "something_new": st.dictionaries(TEXT, TEXT, max_size=2),
    },
)  # fmt: skip
ENVELOPES = [
    lambda clips: {"code": 200, "message": "success", "data": clips},
    lambda clips: clips,
    lambda clips: {"data": {"clips": clips}},
    lambda clips: {"code": "success", "data": {"status": "SUCCESS", "data": {"songs": clips}}},
    lambda clips: {"status": "SUCCESS", "data": clips},
    lambda clips: {"data": [{"extended": {"clip_id": "e"}, "full": clip} for clip in clips]},
]
FIELDS = {"gpt_description_prompt": "description"}


@given(clips=st.lists(CLIPS, min_size=1, max_size=24), wrap=st.sampled_from(ENVELOPES))
@settings(max_examples=200, deadline=None)
def test_no_known_field_of_a_clip_is_lost_in_any_envelope(clips, wrap):
    result = codec.decode_task(json.loads(json.dumps(wrap(clips))))
    assert result.phase is TaskPhase.SUCCEEDED
    assert len(result.clips) == len(clips)
    for sent, read in zip(clips, result.clips, strict=True):
        assert read.phase is ClipPhase.SUCCEEDED
        for key, value in sent.items():
            if key == "duration":
                assert math.isclose(read.duration, float(value))
            elif hasattr(read, FIELDS.get(key, key)):
                assert getattr(read, FIELDS.get(key, key)) == value
            elif value is not None:
                assert read.extra[key] == value


@given(st.lists(CLIPS, max_size=30))
@settings(max_examples=100, deadline=None)
def test_stem_names_are_unique_and_kinds_known(clips):
    from musicapi_desktop.wire.stems import KINDS

    labels = codec.stem_labels([codec.decode_clip(clip) for clip in clips])
    assert len(labels) == len(clips)
    assert len({label.name for label in labels}) == len(labels)
    assert all(label.name.strip() for label in labels)
    assert {label.kind for label in labels} <= set(KINDS)


@given(st.dictionaries(KEYS, ANYTHING, max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_is_sent_is_utf8_json_or_refused(body):
    try:
        sent = codec.encode(body)
    except InvalidRequest:
        return
    json.loads(sent.decode("utf-8"))
