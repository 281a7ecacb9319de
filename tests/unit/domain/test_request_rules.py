from __future__ import annotations

from dataclasses import replace

import pytest

from musicapi_desktop.domain.request import MAX_SONGS, Mode, Operation, Request, Source
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.wire.capabilities import rules_of

LIMITS = rules_of(Operation.CREATE, "sonic-v6")
GOOD = Request(mode=Mode.LYRICS, lyrics="[Verse]\nOne line", style="pop", title="A song")


def test_a_whole_request_has_no_problems():
    assert problems(GOOD, LIMITS) == {}


@pytest.mark.parametrize(
    ("mode", "field"), [(Mode.DESCRIBE, "description"), (Mode.LYRICS, "lyrics"), (Mode.INSTRUMENTAL, "style")]
)
def test_each_mode_asks_for_its_own_field(mode, field):
    assert list(problems(Request(mode=mode, style=" \n"), LIMITS)) == [field]


@pytest.mark.parametrize(("field", "most"), [("lyrics", 5000), ("style", 1000), ("leave_out", 1000), ("title", 80)])
def test_lengths_are_allowed_up_to_the_limit(field, most):
    assert problems(replace(GOOD, **{field: "x" * most}), LIMITS) == {}
    told = problems(replace(GOOD, **{field: "x" * (most + 1)}), LIMITS)
    assert told == {field: f"1 character too long for Sonic v6 (at most {most:,})."}


def test_text_of_a_field_that_is_not_sent_is_not_judged():
    assert problems(replace(GOOD, description="x" * 5000), LIMITS) == {}


def test_a_description_that_stands_in_for_the_style_is_judged():
    told = problems(Request(mode=Mode.INSTRUMENTAL, description="x" * 401), LIMITS)
    assert list(told) == ["description"]


def test_a_nul_is_refused_and_other_scripts_are_not():
    assert list(problems(replace(GOOD, lyrics="one\0two"), LIMITS)) == ["lyrics"]
    assert problems(replace(GOOD, lyrics="🎵 שלום عالم\u202e"), LIMITS) == {}


@pytest.mark.parametrize(("songs", "fine"), [(0, False), (1, True), (MAX_SONGS, True), (MAX_SONGS + 1, False)])
def test_the_number_of_songs_has_bounds(songs, fine):
    assert ("songs" not in problems(replace(GOOD, songs=songs), LIMITS)) is fine


@pytest.mark.parametrize(("seconds", "fine"), [(9.0, False), (10.0, True), (360.0, True), (361.0, False)])
def test_the_length_has_bounds_where_the_model_knows_lengths(seconds, fine):
    asked = replace(GOOD, duration=Seconds(seconds))
    assert ("duration" not in problems(asked, LIMITS)) is fine
    assert problems(asked, rules_of(Operation.CREATE, "sonic-v5")) == {}


def test_an_operation_on_a_take_needs_its_clip():
    assert list(problems(Request(operation=Operation.WAV), rules_of(Operation.WAV))) == ["source"]
    assert problems(Request(operation=Operation.WAV, source=Source("s", "t", "clip")), rules_of(Operation.WAV)) == {}
