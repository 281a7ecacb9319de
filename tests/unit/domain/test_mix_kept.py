import json

import pytest

from musicapi_desktop.domain.kept_mix import KeptMix, kept_from, plain_of
from musicapi_desktop.domain.mix import OFF, MixState, Strip


def test_what_is_kept_comes_back_through_json():
    mix = MixState(
        {"a": Strip(-3.5, 0.25, mute=True), "b": Strip(OFF)},
        master=OFF,
        mono=True,
        solo_dim=-18.0,
        ranges={"a": ((1.0, 2.5), (4.0, 5.0))},
    )
    kept = KeptMix(mix.toggle_solo("a"), {"B": MixState({"a": Strip(2.0)})}, (1.5, 9.25), True, 4.0)
    assert kept_from(json.loads(json.dumps(plain_of(kept), allow_nan=False))) == kept


@pytest.mark.parametrize(
    "plain",
    [None, 3, [], "x", {}, {"mix": 1, "scenes": [], "loop": [3, 1], "position": "x"}, {"loop": [1]},
     {"mix": {"ranges": {"a": [[2, 1], 3, "x"], "b": 4}}},
     {"mix": {"strips": {}, "solo_dim": 4, "master": float("nan")}, "scenes": {"Q": {}}, "position": -3}],
)  # fmt: skip
def test_damage_falls_back_to_the_default(plain):
    assert kept_from(plain) == KeptMix()


def test_wild_values_are_brought_into_range():
    kept = kept_from({"mix": {"strips": {"a": {"level": 99, "balance": -7, "mute": 1, "solo": "yes"}, "b": 4}}})
    assert kept.mix.strips == {"a": Strip(6.0, -1.0), "b": Strip()}
