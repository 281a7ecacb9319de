"""Bodies of what is sent."""

from __future__ import annotations

import json
import math

import pytest
from fakes.every_operation import ROWS
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, Voice
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.wire.capabilities import rules_of
from musicapi_desktop.wire.codec import batch_body, body_of, encode
from musicapi_desktop.wire.limits import DEFAULT_MODEL
from musicapi_desktop.wire.operations import SPECS
from musicapi_desktop.wire.reading import request_of_body

LYRICS = "[Verse]\nLanterns on the water\n[Chorus]\nשלום 🌊"


def test_a_description_goes_out_as_a_description():
    request = Request(
        mode=Mode.DESCRIBE, description="a sea song", lyrics="kept, not sent", title="Tide", model="sonic-v5"
    )
    assert body_of(request) == {
        "task_type": "create_music", "mv": "sonic-v5", "custom_mode": False, "make_instrumental": False,
        "gpt_description_prompt": "a sea song", "title": "Tide",
    }  # fmt: skip


def test_lyrics_go_out_as_they_were_written():
    request = Request(
        mode=Mode.LYRICS, lyrics=LYRICS, style="folk, warm", leave_out="drums", voice=Voice.FEMALE, model="sonic-v6",
        weirdness=0.25, style_weight=1.0, duration=90.4, description="kept, not sent",
    )  # fmt: skip
    assert body_of(request) == {
        "task_type": "create_music", "mv": "sonic-v6", "custom_mode": True, "make_instrumental": False,
        "prompt": LYRICS, "tags": "folk, warm", "negative_tags": "drums", "vocal_gender": "f",
        "weirdness_constraint": 0.25, "style_weight": 1.0, "duration": 90,
    }  # fmt: skip
    assert json.loads(encode(body_of(request)))["prompt"] == LYRICS


def test_an_instrumental_has_no_voice_and_no_words():
    styled = body_of(Request(mode=Mode.INSTRUMENTAL, style="piano", lyrics="kept", voice=Voice.MALE))
    assert styled["custom_mode"] is True
    assert styled["make_instrumental"] is True
    assert not styled.keys() & {"prompt", "vocal_gender", "gpt_description_prompt"}
    described = body_of(Request(mode=Mode.INSTRUMENTAL, description="rain on a roof"))
    assert (described["custom_mode"], described["gpt_description_prompt"]) == (False, "rain on a roof")
    assert described["make_instrumental"] is True


def test_what_a_model_lacks_is_not_sent():
    old = body_of(Request(mode=Mode.LYRICS, lyrics="la", model="chirp-v4", voice=Voice.MALE, duration=60.0))
    assert old["mv"] == "chirp-v4"
    assert not old.keys() & {"vocal_gender", "duration"}
    new = body_of(Request(mode=Mode.LYRICS, lyrics="la", model="sonic-v9-beta", voice=Voice.MALE, duration=60.0))
    assert (new["mv"], new["vocal_gender"], new["duration"]) == ("sonic-v9-beta", "m", 60)
    assert body_of(Request(mode=Mode.LYRICS, lyrics="la"))["mv"] == DEFAULT_MODEL


def test_extra_fields_have_the_last_word():
    body = body_of(Request(mode=Mode.LYRICS, lyrics="la", extra={"auto_lyrics": True, "task_type": "extend_music"}))
    assert body["auto_lyrics"] is True
    assert body["task_type"] == "extend_music"


@pytest.mark.parametrize("operation", [Operation.STEMS_BASIC, Operation.STEMS_FULL, Operation.WAV])
def test_what_works_on_a_take_sends_its_clip(operation):
    assert body_of(Request(operation=operation, source=Source("s", "t", "c1"))) == {"clip_id": "c1"}
    for source in (None, Source("s", "t", " ")):
        with pytest.raises(InvalidRequest) as told:
            body_of(Request(operation=operation, source=source))
        assert list(told.value.problems) == ["source"]


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_weight_outside_its_range_is_refused(value):
    with pytest.raises(InvalidRequest) as told:
        body_of(Request(mode=Mode.LYRICS, lyrics="la", weirdness=value))
    assert list(told.value.problems) == ["weirdness"]


def test_half_a_character_does_not_stop_a_song():
    assert json.loads(encode({"prompt": "a\ud83cb"})) == {"prompt": "a?b"}


@pytest.mark.parametrize("value", [math.nan, object(), {1, 2}, b"bytes"])
def test_a_value_without_a_json_form_is_refused(value):
    with pytest.raises(InvalidRequest):
        encode({"extra": value})


def test_a_batch_holds_one_to_ten():
    assert batch_body([{"a": 1}] * 10) == {"items": [{"a": 1}] * 10}
    for count in (0, 11):
        with pytest.raises(InvalidRequest):
            batch_body([{}] * count)


def test_a_webhook_of_all_songs_is_one_of_the_batch():
    hooked = {"a": 1, "webhook_url": "https://hook.test"}
    assert batch_body([hooked, hooked]) == {"items": [hooked, hooked], "webhook_url": "https://hook.test"}
    assert "webhook_url" not in batch_body([hooked, {"a": 1}])
    assert "webhook_url" not in batch_body([hooked, {**hooked, "webhook_url": "https://other.test"}])


@pytest.mark.parametrize(("request_", "_path", "sent"), ROWS, ids=[row[0].operation for row in ROWS])
def test_a_body_of_the_contract_is_read_back_to_what_sends_it(request_, _path, sent):
    read = request_of_body(request_.operation, sent)
    assert body_of(read) == sent
    assert problems(read, rules_of(read.operation, read.model)) == {}
    unknown = {"seed": 7, "something": {"new": [1]}, "title": 5}
    if request_.operation is not Operation.CONCAT:
        assert body_of(request_of_body(request_.operation, {**sent, **unknown})) == {**sent, **unknown}


@pytest.mark.parametrize(
    "body",
    [
        {"custom_mode": False, "gpt_description_prompt": "x", "mv": "sonic-v9"},
        {"custom_mode": True, "make_instrumental": True, "tags": "folk", "mv": "sonic-v6"},
        {"custom_mode": False, "make_instrumental": True, "gpt_description_prompt": "x", "mv": "sonic-v6"},
        {"custom_mode": True, "auto_lyrics": True, "prompt": "about the sea", "mv": "sonic-v6"},
    ],
)
def test_every_way_to_ask_for_words_is_read_back(body):
    sent = body_of(request_of_body(Operation.CREATE, body))
    assert {**sent, "make_instrumental": 0} == {"task_type": "create_music", **body, "make_instrumental": 0}


@given(
    operation=st.sampled_from(Operation),
    body=st.dictionaries(
        st.sampled_from(sorted({field.key for spec in SPECS.values() for field in spec.fields} | {"prompt", "x"})),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
        | st.lists(st.text(max_size=3), max_size=3),
        max_size=8,
    ),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_no_field_of_any_body_is_lost_or_changed(operation, body):
    request = request_of_body(operation, body)
    try:
        sent = body_of(request)
    except InvalidRequest:
        return
    for key, value in body.items():
        if key in ("custom_mode", "make_instrumental", "prompt", "gpt_description_prompt", "songs"):
            continue
        empty = value in (False, 0) or (isinstance(value, str) and not value.strip())
        if not empty and key not in ("vocal_gender", "duration", "variation_category", "gender", "mashup_clip_ids"):
            assert sent.get(key) == (value if not isinstance(value, float) else pytest.approx(value, abs=1e-3)), key
