"""Profiles and keys: kept in their places, tested, never anywhere else."""

from __future__ import annotations

import json

import pytest
from fakes.pump import Keys, Sink
from fakes.service import KEY, fake_service

from musicapi_desktop.client.client import Client
from musicapi_desktop.domain.errors import EngineError, InvalidRequest, KeyRefused, KeyringError, KnownError
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.services.accounts import Accounts, Line
from musicapi_desktop.services.limiter import Limiter
from musicapi_desktop.settings.preferences import Preferences


class World:
    def __init__(self, folder):
        self.path = folder / "preferences.json"
        self.keys = Keys()
        self.sink = Sink()
        self.waits = []
        self.made = []
        self.engine = ("http://127.0.0.1:1", "token")

    def open(self, base_url, key):
        client = Client(base_url, key)
        self.made.append(client)
        return client

    def endpoint(self):
        if isinstance(self.engine, Exception):
            raise self.engine
        return self.engine

    def accounts(self, given=()):
        line = Line(self.open, self.endpoint, Limiter(), lambda: 100.0, self.waits.append)
        return Accounts(self.keys, Preferences(self.path), line, self.sink, given)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    for client in made.made:
        client.close()


def test_this_computer_is_always_there(world):
    accounts = world.accounts()
    assert accounts.profiles() == (LOCAL_PROFILE,)
    assert accounts.active() == LOCAL_PROFILE
    assert accounts.where_is_my_key("local") == "This computer needs no key."
    assert accounts.choose("nobody") == LOCAL_PROFILE


def test_a_profile_is_kept_and_its_key_is_not_in_the_file(world):
    profile = world.accounts().add(" Mine ", "https://api.musicapi.ai/api/v1/", f" {KEY} ")
    again = world.accounts()
    assert again.profile(profile.id) == Profile(profile.id, "Mine", "https://api.musicapi.ai")
    assert again.choose(profile.id) == world.accounts().active()
    assert again.key_for(profile.id) == KEY
    assert KEY not in world.path.read_text()
    assert KEY not in repr(again.profile(profile.id))
    again.remove(profile.id)
    assert world.keys.kept == {}
    assert world.accounts().active() == LOCAL_PROFILE


@pytest.mark.parametrize(
    ("name", "url", "key", "field"),
    [
        ("", "https://x.test", KEY, "name"),
        ("a", "http://x.test", KEY, "base_url"),
        ("a", "nonsense", KEY, "base_url"),
        ("a", "https://x.test", " ", "key"),
        ("a", "https://x.test", "two\nlines", "key"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(world, name, url, key, field):
    accounts = world.accounts()
    with pytest.raises(InvalidRequest) as caught:
        accounts.add(name, url, key)
    assert list(caught.value.problems) == [field]
    assert accounts.profiles() == (LOCAL_PROFILE,)
    assert world.keys.kept == {}


def test_a_keyring_that_refuses_leaves_no_half_profile(world):
    def refuse(*_args, **_more):
        raise KeyringError("The system keyring is locked.", "Unlock it.")

    world.keys.set = refuse
    accounts = world.accounts()
    with pytest.raises(KeyringError):
        accounts.add("a", "https://x.test", KEY)
    assert accounts.profiles() == (LOCAL_PROFILE,)


def test_a_key_is_tested_by_asking_for_the_balance(world):
    with fake_service() as service:
        accounts = world.accounts()
        profile = Profile("new", "New", service.base_url)
        assert accounts.test(profile, KEY).total == 1000
        assert accounts.test(profile, KEY).total == 1000
        assert world.waits == [3.0]
        service.on("GET", "/api", lambda *_: (401, {"type": "unauthorized", "error": "no"}))
        with pytest.raises(KeyRefused):
            accounts.test(profile, KEY)


def test_a_balance_is_published(world):
    with fake_service() as service:
        accounts = world.accounts((Profile("environment", "Env", service.base_url),))
        world.keys.kept["environment"] = KEY
        assert accounts.balance("environment") == 1000
        assert world.sink.balances() == [1000]
        with pytest.raises(KnownError):
            accounts.balance("removed")


def test_given_profiles_are_chosen_and_not_kept(world):
    given = Profile("environment", "Env", "https://x.test")
    accounts = world.accounts((given,))
    assert accounts.active() == given
    accounts.add("Mine", "https://y.test", KEY)
    assert "x.test" not in world.path.read_text()


def test_a_connection_is_kept_until_its_key_changes(world):
    accounts = world.accounts()
    profile = accounts.add("Mine", "https://x.test", KEY)
    first = accounts.connect(profile)
    assert accounts.connect(profile) is first
    accounts.set_key(profile.id, "sk_another_key_123")
    assert accounts.connect(profile) is not first
    accounts.remove(profile.id)
    with pytest.raises(KeyRefused, match="no key"):
        accounts.connect(profile)


def test_the_engine_of_this_computer_is_followed_to_its_new_address(world):
    accounts = world.accounts()
    first = accounts.connect(LOCAL_PROFILE)
    assert accounts.connect(LOCAL_PROFILE) is first
    world.engine = ("http://127.0.0.1:2", "other")
    assert accounts.connect(LOCAL_PROFILE) is not first
    world.engine = EngineError("It did not start.")
    with pytest.raises(EngineError):
        accounts.connect(LOCAL_PROFILE)


def test_a_profile_can_be_changed(world):
    accounts = world.accounts()
    profile = accounts.add("Mine", "https://x.test", KEY)
    changed = accounts.change(Profile(profile.id, "Other", "https://y.test/", 0.0))
    assert changed == Profile(profile.id, "Other", "https://y.test", 0.2) == world.accounts().profile(profile.id)
    with pytest.raises(InvalidRequest):
        accounts.change(Profile(profile.id, "Other", "http://y.test"))


def test_damaged_preferences_are_passed_over(world):
    evil = {"id": "local", "base_url": "https://evil.test"}
    fine = {"id": "ok", "base_url": "https://x.test", "interval": "fast"}
    world.path.write_text(json.dumps({"profiles": [7, {"id": "x"}, evil, fine], "profiles.active": "ok"}))
    accounts = world.accounts()
    assert accounts.profiles() == (LOCAL_PROFILE, Profile("ok", "https://x.test", "https://x.test"))
    assert accounts.active().id == "ok"
