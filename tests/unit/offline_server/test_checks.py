"""Bodies of any kind: an order that keeps the rules, or a refusal with a sentence. Nothing else comes out."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicapi_desktop.domain.request import Mode, Request, Voice
from musicapi_desktop.offline.server import checks
from musicapi_desktop.wire.limits import MODELS
from musicapi_desktop.wire.requests import body_of

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["task_type", "custom_mode", "mv", "prompt", "gpt_description_prompt", "title", "tags", "negative_tags", "seed",
     "make_instrumental", "auto_lyrics", "vocal_gender", "style_weight", "weirdness_constraint", "duration",
     "use_suno_cdn", "webhook_url", "webhook_secret"]
)  # fmt: skip
GOOD = {"custom_mode": True, "mv": "sonic-v6", "prompt": "words"}


@given(st.dictionaries(FIELDS, ANY), st.booleans())
def test_any_fields_make_an_order_or_a_refusal(fields, on_top):
    try:
        order = checks.order_of({**GOOD, **fields} if on_top else fields)
    except checks.Rejected as refusal:
        told = (refusal.kind, bool(refusal.said))
    else:
        told = ("validation_error", True)
        assert len(order.title) <= 80
        assert "\0" not in order.lyrics + order.description
        json.dumps(asdict(order), allow_nan=False)
    assert told == ("validation_error", True)


@given(st.binary(max_size=200) | ANY.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_object_that_can_be_written_or_a_refusal(raw):
    try:
        body = checks.parse(raw)
    except checks.Rejected:
        return
    json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "request_",
    [
        Request(mode=Mode.DESCRIBE, description="x" * 400, duration=60),
        Request(mode=Mode.LYRICS, lyrics="x" * 3000, style="y" * 200, title="z" * 80, voice=Voice.FEMALE),
        Request(mode=Mode.INSTRUMENTAL, style="piano", leave_out="drums", weirdness=0.3, style_weight=1.0),
        Request(mode=Mode.INSTRUMENTAL, description="rain"),
    ],
    ids=lambda request: str(request.mode),
)
def test_what_the_app_sends_is_accepted(model, request_):
    from dataclasses import replace

    order = checks.order_of(body_of(replace(request_, model=model)))
    assert order.mv == model
    assert order.instrumental == request_.instrumental
    assert order.tags == (request_.style if request_.mode is not Mode.DESCRIBE else "")


def test_a_seed_is_drawn_where_none_is_named():
    seeds = {checks.order_of(GOOD).seed for _ in range(8)}
    assert len(seeds) == 8
    assert all(0 <= seed < checks.SEEDS for seed in seeds)
    assert checks.order_of({**GOOD, "seed": 5}).seed == 5


def test_the_items_of_the_guide_are_briefs():
    order = checks.batch_order({"prompt": "upbeat pop about summer"})
    assert (order.description, order.lyrics, order.mv) == ("upbeat pop about summer", "", "sonic-v6")
