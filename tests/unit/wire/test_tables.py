"""Paths, limits and prices: data, and the way it is looked up."""

from __future__ import annotations

import pytest

from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.capabilities import operations, rules_of
from musicapi_desktop.wire.hosts import KNOWN_HOSTS, create_defaults, is_loopback
from musicapi_desktop.wire.limits import ALIASES, DEFAULT_MODEL, MODELS, canonical_model, limits_of
from musicapi_desktop.wire.prices import PRICES, price


def test_limits_are_those_of_the_contract():
    assert (limits_of("sonic-v4").lyrics, limits_of("sonic-v4").style, limits_of("sonic-v4").voices) == (
        3000,
        200,
        False,
    )
    assert (limits_of("sonic-v5").lyrics, limits_of("sonic-v5").style, limits_of("sonic-v5").label) == (
        5000,
        1000,
        "Sonic v5",
    )
    assert limits_of("chirp-v3-5") is MODELS["sonic-v3-5"]
    assert limits_of("") is MODELS[DEFAULT_MODEL]
    assert {limits.title for limits in MODELS.values()} == {80}
    assert {limits.description for limits in MODELS.values()} == {400}


def test_a_model_nobody_heard_of_is_used_with_the_newest_limits():
    limits = limits_of("sonic-v9-ultra")
    assert (limits.model, limits.label, limits.lyrics, limits.duration) == (
        "sonic-v9-ultra",
        "sonic-v9-ultra",
        5000,
        (10, 360),
    )
    assert canonical_model("sonic-v9-ultra") == "sonic-v9-ultra"
    assert canonical_model(" CHIRP-V5 ") == "sonic-v5"
    assert set(ALIASES.values()) == set(MODELS)


@pytest.mark.parametrize(("length", "right"), [(80, True), (81, False)])
def test_a_limit_is_the_longest_text_that_passes(length, right):
    request = Request(mode=Mode.DESCRIBE, description="x", title="t" * length)
    assert ("title" not in problems(request, rules_of(Operation.CREATE, "sonic-v5"))) is right


def test_a_host_has_a_price_for_every_operation_it_sells():
    for host in KNOWN_HOSTS:
        assert set(operations(f"https://{host}")) <= set(PRICES[host])


@pytest.mark.parametrize(
    ("url", "operation", "model", "described", "expected"),
    [
        ("https://api.musicapi.ai", Operation.CREATE, "sonic-v5", False, 15),
        ("https://API.MusicAPI.ai:443/", "stems/full", "", False, 75),
        ("https://api.aimusicapi.ai", Operation.CREATE, "sonic-v5", False, 14),
        ("https://api.aimusicapi.ai", Operation.CREATE, "chirp-v4", False, 10),
        ("https://api.aimusicapi.ai", Operation.CREATE, "sonic-v4", True, 14),
        ("https://api.aimusicapi.ai", Operation.STEMS_BASIC, "", False, 20),
        ("", Operation.CREATE, "sonic-v5", False, 0),
        ("http://127.0.0.1:8123", Operation.CREATE, "sonic-v5", False, 15),
        ("http://[::1]:1", "mashup", "", False, 15),
        ("https://music.example", Operation.CREATE, "", False, None),
        ("https://api.musicapi.ai", "unheard-of", "", False, None),
        ("nonsense", Operation.CREATE, "", False, None),
    ],
)
def test_a_price_is_the_hosts(url, operation, model, described, expected):
    assert price(url, operation, model=model, described=described) == expected


def test_prices_are_data_nobody_changes_by_accident():
    with pytest.raises(TypeError):
        PRICES["api.musicapi.ai"]["wav"] = 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://localhost", True), ("http://127.9.9.9", True), ("http://[::1]", True), ("http://LOCALHOST.", True),
     ("http://127.0.0.1.evil.test", False), ("http://localhost.evil.test", False), ("http://10.0.0.1", False),
     ("http://0.0.0.0", False), ("", False), ("http://[", False), ("127.0.0.1", False)],
)  # fmt: skip
def test_loopback_is_this_computer_and_nothing_else(url, expected):
    assert is_loopback(url) is expected


def test_paths():
    assert routes.task("a/b?c") == "/api/v1/sonic/task/a%2Fb%3Fc"
    assert routes.task("t", routes.NURO_TASK) == "/api/v1/nuro/task/t"
    assert routes.with_suno_alias(routes.CREATE) == ("/api/v1/sonic/create", "/api/v1/suno/create")
    assert routes.with_suno_alias(routes.CREDITS) == ("/api/v1/get-credits",)


def test_one_host_wants_to_hear_of_its_cdn():
    assert dict(create_defaults("https://api.aimusicapi.ai")) == {"use_suno_cdn": True}
    assert dict(create_defaults("https://api.musicapi.ai")) == {}
