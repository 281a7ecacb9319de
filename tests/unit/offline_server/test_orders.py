"""Bodies of any kind: an order that keeps the rules, or a refusal with a sentence. Nothing else comes out."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.request import Mode, Request, Voice
from musicapi_desktop.offline.server import orders
from musicapi_desktop.offline.server.bodies import parse
from musicapi_desktop.offline.server.fields import Rejected
from musicapi_desktop.offline.server.forms import PRODUCER_TYPES, SEEDS, TASK_TYPES, forms
from musicapi_desktop.offline.server.manner import Manner
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.limits import MODELS
from musicapi_desktop.wire.requests import body_of
from musicapi_desktop.wire.values import Json

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
USUAL = Manner()
FORMS = forms(USUAL)
GOOD = {"custom_mode": True, "mv": "sonic-v6", "prompt": "words"}
CLIP = {**GOOD, "continue_clip_id": "c"}
WISHES = {
    routes.CREATE: lambda said: orders.create_wish(said, USUAL),
    routes.REPLACE_SECTION: orders.section_wish,
    routes.SAMPLE: lambda said: orders.remix_wish("sample", said, ("c",)),
    routes.MASHUP: lambda said: orders.remix_wish("mashup", said, ("c", "d")),
    routes.UPLOAD_EXTEND: lambda said: orders.remix_wish("upload-extend", said, ("c",)),
    routes.UPLOAD_COVER: lambda said: orders.remix_wish("upload-cover", said, ("c",)),
    routes.PRODUCER_CREATE: lambda said: orders.producer_wish(said, USUAL),
    routes.NURO_CREATE: orders.nuro_wish,
}


def wish_of(path: str, body: Json, manner: Manner = USUAL):
    said = forms(manner)[path].read(body)
    return orders.create_wish(said, manner) if path == routes.CREATE else WISHES[path](said)


@pytest.mark.parametrize("path", FORMS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_fields_make_an_order_or_a_refusal(path, data):
    fields = data.draw(st.dictionaries(st.sampled_from(sorted(FORMS[path].fields)), ANY))
    good = {**GOOD, "type": "bgm", "description": "rain", "url": "https://x", "clip_id": "c", "sound": "piano"}
    known = {name: value for name, value in good.items() if name in FORMS[path].fields}
    try:
        said = FORMS[path].read({**known, **fields} if data.draw(st.booleans()) else fields)
        wish = WISHES[path](said) if path in WISHES else None
    except Rejected as refusal:
        wish, told = None, (refusal.kind, bool(refusal.said))
    else:
        told = ("validation_error", True)
    assert told in [(kind, True) for kind in ("validation_error", "bad_request", "endpoint_retired")]
    if wish is not None:
        json.dumps(asdict(wish.order), allow_nan=False)
        assert "\0" not in wish.order.lyrics + wish.order.description
        assert wish.order.start is None or wish.order.end is None or wish.order.start < wish.order.end


@given(st.binary(max_size=200) | ANY.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_object_that_can_be_written_or_a_refusal(raw):
    try:
        body = parse(raw)
    except Rejected:
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
    order = wish_of(routes.CREATE, body_of(replace(request_, model=model))).order
    assert order.mv == model
    assert order.instrumental == request_.instrumental
    assert order.tags == (request_.style if request_.mode is not Mode.DESCRIBE else "")


def test_a_seed_is_drawn_where_none_is_named():
    seeds = {wish_of(routes.CREATE, GOOD).order.seed for _ in range(8)}
    assert len(seeds) == 8
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert wish_of(routes.CREATE, {**GOOD, "seed": 5}).order.seed == 5


@pytest.mark.parametrize("task_type", [kind for kind in TASK_TYPES if kind not in ("create_music", "persona_music")])
def test_what_works_on_a_clip_names_it(task_type):
    body = {**CLIP, "task_type": task_type, "tags": "folk", "continue_at": 12.5}
    wish = wish_of(routes.CREATE, body)
    assert (wish.order.operation, wish.order.sources) == (task_type, ("c",))
    assert wish.takes == (1 if task_type == "concat_music" else 2)
    with pytest.raises(Rejected, match="continue_clip_id"):
        wish_of(routes.CREATE, {name: value for name, value in body.items() if name != "continue_clip_id"})


@pytest.mark.parametrize(
    ("dialect", "body", "said"),
    [
        (
            "custom-mode-required",
            {"task_type": "extend_music", "continue_clip_id": "c", "mv": "sonic-v6"},
            "custom_mode",
        ),
        ("cdn-required", GOOD, "use_suno_cdn"),
        ("description-200", {"custom_mode": False, "mv": "sonic-v6", "gpt_description_prompt": "x" * 201}, "200"),
        ("continue-at-whole", {**CLIP, "task_type": "extend_music", "continue_at": 1.5}, "integer"),
        ("upload-types-plain", {**CLIP, "task_type": "extend_upload_music"}, "task_type"),
        ("persona-gone", {**GOOD, "task_type": "persona_music", "persona_id": "p"}, "no longer"),
    ],
)
def test_a_dialect_refuses_what_the_usual_one_takes(dialect, body, said):
    wish_of(routes.CREATE, body)
    with pytest.raises(Rejected, match=said):
        wish_of(routes.CREATE, body, Manner([dialect]))


def test_a_longer_title_is_a_dialect():
    body = {**GOOD, "title": "t" * 120}
    assert len(wish_of(routes.CREATE, body, Manner(["title-120"])).order.title) == 120
    with pytest.raises(Rejected, match="at most 80"):
        wish_of(routes.CREATE, body)


@pytest.mark.parametrize(
    ("backend", "offered"), [("producer-fuzz", 7), ("producer-lyria", 4), ("producer-create-only", 1)]
)
def test_each_generation_of_producer_offers_its_own(backend, offered):
    manner = Manner([backend])

    def taken(task_type):
        said = forms(manner)[routes.PRODUCER_CREATE].read({"task_type": task_type, "sound": "piano", "clip_id": "c"})
        try:
            return bool(orders.producer_wish(said, manner))
        except Rejected as refusal:
            return refusal.kind != "endpoint_retired"

    assert [taken(task_type) for task_type in PRODUCER_TYPES].count(True) == offered


def test_the_older_names_of_producer_are_read():
    body = {"task_type": "replace_music", "clip_id": "c", "starts": 5, "ends": 9, "lyrics_text": "la", "seed": "77"}
    order = wish_of(routes.PRODUCER_CREATE, body).order
    assert (order.start, order.end, order.lyrics, order.seed) == (5.0, 9.0, "la", 77)
    later = wish_of(routes.PRODUCER_CREATE, {"task_type": "extend_music", "clip_id": "c"}).order
    assert (later.start, later.operation) == (30.0, "extend_music")


VOCAL = {"type": "vocal", "lyrics": "la " * 100, "duration": 60, "genre": "Pop", "gender": "Female"}


def test_nuro_songs_and_background_music():
    order = wish_of(routes.NURO_CREATE, {**VOCAL, "timbre": "Cute_AUDIO_TIMBRE"}).order
    assert (order.tags, order.vocal_gender, order.duration) == ("Pop, Cute", "f", 60.0)
    segments = [{"name": "intro", "duration": 10}, {"name": "chorus", "duration": 30}]
    bgm = {"type": "bgm", "version": "v2.0", "description": "calm", "segments": segments}
    order = wish_of(routes.NURO_CREATE, bgm).order
    assert (order.duration, order.lyrics, order.instrumental) == (40.0, "[Intro]\n[Chorus]\n", True)
    older = wish_of(routes.NURO_CREATE, {"type": "bgm", "description": "calm", "mood": ["calm"], "theme": ["love"]})
    assert (older.order.duration, older.order.tags) == (60.0, "calm, love")
    assert older.echo["mood"] == "calm"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lyrics": "short"},
        {"duration": 20},
        {"lyrics": "слова " * 60},
        {"genre": "Polka"},
        {"genre": ["pop"]},
        {"type": "opera"},
        {"type": "bgm"},
        {"type": "bgm", "description": "x", "duration": 61, "genre": None},
        {"type": "bgm", "description": "x" * 200, "version": "v2.0", "genre": None},
        {"type": "bgm", "description": "x", "version": "v2.0", "segments": [{"name": "intro", "duration": 5}]},
        {"type": "bgm", "description": "x", "version": "v2.0", "segments": ["intro"], "genre": None},
    ],
)
def test_what_nuro_does_not_take(wrong):
    with pytest.raises(Rejected):
        wish_of(routes.NURO_CREATE, {**VOCAL, **wrong})
