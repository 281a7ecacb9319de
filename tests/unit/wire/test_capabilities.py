"""What exists where: the table of capabilities, and requests held against it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.every_operation import REQUESTS

from musicapi_desktop.domain.request import Mode, Operation, Outcome, Request, Source, System
from musicapi_desktop.domain.rules import OLDEST, problems, warnings
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.wire import nuro
from musicapi_desktop.wire.capabilities import RETIRED_SYSTEMS, models, operations, rules_of, takes_of
from musicapi_desktop.wire.hosts import KNOWN_HOSTS
from musicapi_desktop.wire.limits import MODELS
from musicapi_desktop.wire.operations import SPECS

O = Operation  # noqa: E741  # reads better in tables
HERE = ""
MUSIC, AIM, SUNO = (f"https://{host}" for host in KNOWN_HOSTS)


def told(operation, model="", host=HERE, **changed):
    request = replace(REQUESTS[operation], **changed)
    rules = rules_of(operation, model or request.model, host, version=str(request.extra.get("version", "")))
    return problems(request, rules)


@pytest.mark.parametrize("operation", Operation)
def test_a_whole_request_of_every_operation_breaks_no_rule(operation):
    assert told(operation) == {}


@pytest.mark.parametrize("operation", Operation)
def test_an_empty_request_of_every_operation_is_told_what_is_missing(operation):
    found = problems(Request(operation=operation, mode=Mode.LYRICS), rules_of(operation))
    needed = {name.split("|")[0] for name in SPECS[operation].needed}
    assert set(found) == {"lyrics" if name == "words" else name for name in needed}
    assert found
    assert all(sentence.strip() for sentence in found.values())


def test_each_host_sells_what_the_documents_say():
    everything = set(Operation)
    assert set(operations(HERE)) == set(operations("https://unknown.example")) == everything
    assert everything - set(operations(MUSIC)) == {O.PRODUCER_LYRICS, O.PRODUCER_VIDEO}
    assert everything - set(operations(SUNO)) == {O.PRODUCER_LYRICS, O.PRODUCER_VIDEO}
    gone = {O.PRODUCER_EXTEND, O.PRODUCER_REPLACE, O.PRODUCER_COVER, O.NURO_VOCAL, O.NURO_BGM}
    assert everything - set(operations(AIM)) == gone
    for operation in gone:
        assert list(told(operation, host=AIM)) == ["operation"]
        assert "profile" in told(operation, host=AIM)["operation"] or "Sonic" in told(operation, host=AIM)["operation"]
        assert told(operation, host=MUSIC) == {}


def test_retired_systems_are_told_in_words_and_cannot_be_asked():
    assert set(RETIRED_SYSTEMS) == {"riffusion", "studio"}
    assert not {str(system) for system in System} & set(RETIRED_SYSTEMS)
    assert all("retired" in sentence and sentence.endswith(".") for sentence in RETIRED_SYSTEMS.values())


@pytest.mark.parametrize(
    ("model", "voice", "duration", "variation"),
    [("sonic-v3-5", False, False, False), ("sonic-v4", False, False, False), ("sonic-v4-5", True, False, False),
     ("sonic-v5", True, False, True), ("chirp-v5", True, False, True), ("sonic-v6", True, True, False),
     ("sonic-v9-ultra", True, True, False), ("", True, True, False)],
)  # fmt: skip
def test_a_field_a_model_lacks_is_not_there(model, voice, duration, variation):
    assert ("voice" in rules_of(O.CREATE, model).fields) is voice
    assert ("duration" in rules_of(O.CREATE, model).fields) is duration
    assert ("variation" in rules_of(O.REMASTER, model).fields) is variation


def test_duration_is_a_field_of_the_six_documented_operations_alone():
    sonic = {each for each in Operation if each.system is System.SONIC}
    having = {each for each in sonic if "duration" in rules_of(each, "sonic-v6").fields}
    assert having == {O.CREATE, O.EXTEND, O.COVER, O.WITH_PERSONA, O.EXTEND_UPLOAD, O.COVER_UPLOAD, O.UPLOAD_EXTEND,
                      O.UPLOAD_COVER}  # fmt: skip


def test_a_new_model_name_is_used_as_it_is():
    rules = rules_of(O.CREATE, "sonic-v9-ultra", MUSIC)
    assert (rules.limits.model, rules.limits.lyrics, rules.ranges["duration"]) == ("sonic-v9-ultra", 5000, (10, 360))
    assert rules_of(O.PRODUCER_CREATE, "FUZZ-9").limits.model == "FUZZ-9"
    assert [limits.model for limits in models(O.CREATE)] == list(MODELS)
    assert models(O.MASHUP)[-1].model == "sonic-v4-5-all"
    assert models(O.PRODUCER_COVER)[0].model == "FUZZ-2.0"
    assert models(O.WAV) == ()


def at(start, end):
    return {"start": None if start is None else Seconds(start), "end": None if end is None else Seconds(end)}


WRONG = {
    "mashup lyrics": (O.MASHUP, {"lyrics": "x" * 3001}, "lyrics"),
    "mashup style": (O.MASHUP, {"style": "x" * 201}, "style"),
    "mashup description": (O.MASHUP, {"mode": Mode.DESCRIBE, "description": "x" * 201}, "description"),
    "mashup of one": (O.MASHUP, {"second": Source("s", "t", "c1")}, "second"),
    "sample too short": (O.SAMPLE, at(1.0, 6.9), "end"),
    "sample too long": (O.SAMPLE, at(1.0, 61.1), "end"),
    "vox too long": (O.VOX, at(0.0, 30.5), "end"),
    "backwards": (O.REPLACE_SECTION, at(20.0, 10.0), "end"),
    "before the beginning": (O.EXTEND, at(-1.0, None), "start"),
    "not a number": (O.EXTEND, at(float("nan"), None), "start"),
    "section too long": (O.REPLACE_SECTION, {"section_lyrics": "x" * 5001}, "section_lyrics"),
    "weight": (O.COVER, {"audio_weight": 1.5}, "audio_weight"),
    "variation": (O.REMASTER, {"variation": "wild"}, "variation"),
    "lyrics brief": (O.LYRICS, {"description": "x" * 121}, "description"),
    "persona name": (O.PERSONA, {"title": "x" * 81}, "title"),
    "persona words": (O.PERSONA, {"description": "x" * 201}, "description"),
    "a format": (O.DOWNLOAD, {"extra": {"formats": ["mp3", "ogg"]}}, "formats"),
    "no link": (O.UPLOAD, {"url": "my song.mp3"}, "url"),
    "another scheme": (O.UPLOAD, {"url": "ftp://a.test/x.mp3"}, "url"),
    "nuro lyrics short": (O.NURO_VOCAL, {"lyrics": "x" * 299}, "lyrics"),
    "nuro lyrics long": (O.NURO_VOCAL, {"lyrics": "x" * 2001}, "lyrics"),
    "nuro length": (O.NURO_VOCAL, {"duration": Seconds(241.0)}, "duration"),
    "nuro mood": (O.NURO_VOCAL, {"extra": {"mood": "Grumpy"}}, "mood"),
    "nuro words of a list": (O.NURO_BGM, {"extra": {"genre": list(nuro.BGM["genre"][:6])}}, "genre"),
    "nuro unknown word": (O.NURO_BGM, {"extra": {"theme": ["love", "war"]}}, "theme"),
    "bgm too long": (O.NURO_BGM, {"duration": Seconds(61.0)}, "duration"),
    "bgm 2 too short": (O.NURO_BGM, {"extra": {"version": "v2.0"}, "duration": Seconds(20.0)}, "duration"),
    "bgm 2 words": (O.NURO_BGM, {"extra": {"version": "v2.0"}, "description": "x" * 200}, "description"),
    "producer strength": (O.PRODUCER_CREATE, {"extra": {"sound_strength": 0.1}}, "sound_strength"),
    "several at once": (O.REPLACE_SECTION, {"songs": 2}, "songs"),
    "a NUL": (O.PERSONA, {"title": "a\0b"}, "title"),
}  # fmt: skip


@pytest.mark.parametrize(("operation", "changed", "field"), WRONG.values(), ids=WRONG)
def test_what_breaks_a_rule_is_told_by_its_field(operation, changed, field):
    assert list(told(operation, **changed)) == [field]


RIGHT = {
    "a sample of a link": (O.SAMPLE, {"source": None, "url": "https://a.test/x.mp3"}),
    "the shortest sample": (O.SAMPLE, at(1.0, 7.0)),
    "the longest sample": (O.SAMPLE, at(1.0, 61.0)),
    "a local file": (O.UPLOAD, {"url": "file:///home/ann/hum.wav"}),
    "an extension without words": (O.EXTEND, {"lyrics": ""}),
    "the newest background music": (O.NURO_BGM, {"extra": {"version": "v2.0"}, "duration": Seconds(120.0)}),
    "a style alone for Producer": (O.PRODUCER_CREATE, {"lyrics": ""}),
    "several edits in a batch": (O.EXTEND, {"songs": 12}),
}


@pytest.mark.parametrize(("operation", "changed"), RIGHT.values(), ids=RIGHT)
def test_what_the_documents_allow_passes(operation, changed):
    assert told(operation, **changed) == {}


YOUNG = {O.REMASTER, O.ADD_INSTRUMENTAL, O.ADD_VOCALS, O.REPLACE_SECTION, O.MIDI, O.PERSONA}


@pytest.mark.parametrize("operation", [each for each in Operation if REQUESTS[each].source is not None])
def test_an_old_take_is_told_before_it_is_sent_where_the_service_minds(operation):
    request = REQUESTS[operation]
    old = warnings(request, rules_of(operation, "", MUSIC), OLDEST + 1.0)
    assert set(old) == ({"source"} if operation in YOUNG else set())
    assert warnings(request, rules_of(operation, "", MUSIC), OLDEST - 1.0) == {}
    assert warnings(request, rules_of(operation, "", MUSIC)) == {}
    # the engine of this computer keeps what it made
    assert warnings(request, rules_of(operation, "", HERE), OLDEST * 9) == {}


def test_every_song_has_as_many_takes_as_the_documents_say():
    one = {O.CONCAT, O.UPLOAD, O.PRODUCER_UPLOAD, O.PRODUCER_CREATE, O.PRODUCER_EXTEND, O.PRODUCER_REPLACE,
           O.PRODUCER_COVER, O.NURO_VOCAL, O.NURO_BGM}  # fmt: skip
    for operation in Operation:
        expected = 0 if operation.outcome is not Outcome.SONG else 1 if operation in one else 2
        assert takes_of(operation) == expected
