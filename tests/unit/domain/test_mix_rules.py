import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicapi_desktop.domain.mix import (
    LEAST_DB,
    OFF,
    MixState,
    Strip,
    balance_gains,
    clamped,
    gain_of,
    level_at,
    level_from_words,
    level_words,
    position_of,
)


@pytest.mark.parametrize(("level", "position"), [(6.0, 1.0), (0.0, 0.782), (-10, 0.510), (-20, 0.325), (-40, 0.121)])
def test_fader_law_is_the_one_of_the_design(level, position):
    assert position_of(level) == pytest.approx(position, abs=0.001)
    assert level_at(position_of(level)) == pytest.approx(level, abs=0.01)


@given(st.floats(-100, 6))
def test_level_and_travel_are_inverses(level):
    assert level_at(position_of(level)) == pytest.approx(level, abs=1e-6)


def test_the_foot_of_the_fader_is_off():
    assert level_at(0.0) == OFF
    assert position_of(OFF) == 0.0
    assert gain_of(OFF) == 0.0


@pytest.mark.parametrize(
    ("typed", "level"),
    [("-3.5", -3.5), ("−3,5 dB", -3.5), ("+2", 2.0), ("0", 0.0), ("12", 6.0), ("off", OFF), ("-inf", OFF), ("-∞", OFF),
     ("-140", OFF), (".5", 0.5), (" −6 db ", -6.0)],
)  # fmt: skip
def test_typed_levels(typed, level):
    assert level_from_words(typed) == level


@pytest.mark.parametrize("typed", ["", "loud", "nan", "1e3", "--3", "3 4", "٣", "-"])
def test_what_is_not_a_level_is_refused(typed):
    assert level_from_words(typed) is None


@given(st.floats(-200, 30))
def test_words_read_back_as_the_same_level(level):
    assert level_from_words(level_words(clamped(level))) == clamped(level)


@pytest.mark.parametrize(("level", "words"), [(0.0, "0.0"), (-0.04, "0.0"), (-3.5, "−3.5"), (0.6, "+0.6"), (OFF, "−∞")])
def test_words_of_levels(level, words):
    assert level_words(level) == words


def test_clamped_keeps_to_the_travel():
    assert clamped(9.0) == 6.0
    assert clamped(LEAST_DB) == OFF
    assert math.copysign(1, clamped(-0.01)) == 1.0


def test_balance_keeps_the_near_side():
    assert balance_gains(0.0) == (1.0, 1.0)
    assert balance_gains(-1.0) == (1.0, pytest.approx(0.0))
    assert balance_gains(0.5) == (pytest.approx(math.cos(math.pi / 4)), 1.0)


def muted(*names: str) -> MixState:
    return MixState({name: Strip(mute=name in names) for name in ("vocals", "drums", "bass", "keys")})


def test_solo_silences_the_others_and_joins_a_pool():
    mix = muted().toggle_solo("vocals").toggle_solo("drums")
    assert mix.solo_active == 2
    assert mix.gains("bass") == (0.0, 0.0)
    assert mix.gains("vocals") == (1.0, 1.0)
    assert mix.silenced_by_solo("keys")


def test_others_stay_at_the_chosen_level_but_muted_ones_stay_silent():
    mix = MixState({"keys": Strip(mute=True), "bass": Strip()}, solo_dim=-12.0).toggle_solo("vocals")
    assert mix.gains("bass")[0] == pytest.approx(10 ** (-12 / 20))
    assert mix.gains("keys") == (0.0, 0.0)


def test_leaving_the_last_solo_gives_the_mutes_back_exactly():
    before = muted("drums", "keys")
    during = before.toggle_solo("keys").toggle_solo("vocals")
    assert during.gains("keys") == (1.0, 1.0), "soloing a muted strip lets it be heard"
    assert during.toggle_solo("keys").gains("keys") == (0.0, 0.0)
    assert during.toggle_solo("keys").toggle_solo("vocals") == before
    assert during.clear_solo() == before


def test_a_mute_tried_inside_a_solo_is_gone_afterwards():
    during = muted().toggle_solo("vocals").toggle_solo("bass").toggle_mute("bass")
    assert during.gains("bass") == (0.0, 0.0)
    assert during.clear_solo().muted == frozenset()


def test_a_mute_put_on_a_silenced_strip_stays():
    assert muted().toggle_solo("vocals").toggle_mute("bass").clear_solo().muted == {"bass"}
    assert muted("bass").toggle_solo("vocals").toggle_mute("bass").clear_solo().muted == frozenset()


def test_only_this_one_and_again_leaves():
    mix = muted("drums").toggle_solo("bass").solo_only("vocals")
    assert [key for key, strip in mix.strips.items() if strip.solo] == ["vocals"]
    assert mix.solo_only("vocals") == muted("drums")


@given(st.lists(st.tuples(st.sampled_from(["toggle", "only", "clear"]), st.sampled_from(["vocals", "drums", "new"]))))
def test_any_way_in_and_out_of_solo_restores_the_mutes(presses):
    mix = before = muted("drums")
    for kind, name in presses:
        mix = {"toggle": mix.toggle_solo, "only": mix.solo_only, "clear": lambda _, m=mix: m.clear_solo()}[kind](name)
        assert bool(mix.solo_active) == (mix.mutes_before is not None)
    assert mix.clear_solo().muted == before.muted


def test_muted_ranges_join_and_open_again():
    mix = MixState().toggle_range("bass", (20, 10)).toggle_range("bass", (30, 40)).toggle_range("bass", (15, 30))
    assert mix.ranges == {"bass": ((10, 40),)}
    assert mix.toggle_range("bass", (20, 25)).ranges == {"bass": ((10, 20), (25, 40))}
    assert mix.toggle_range("bass", (10, 40)).ranges == {}
    assert mix.toggle_range("keys", (1, 2)).ranges == {"bass": ((10, 40),), "keys": ((1, 2),)}
