"""Secrets that are no key of the service: kept as keys are, under names of their own, and never the environment's."""

from __future__ import annotations

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from musicapi_desktop.domain.errors import KeyringError
from musicapi_desktop.secrets.keys import Keys


class Real(keyring.backend.KeyringBackend):
    """Works as a real keyring does, in memory."""

    priority = 9

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


Real.__module__ = "keyring.backends.SecretService"


@pytest.fixture
def backend():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_secret_is_kept_found_placed_and_forgotten_beside_the_keys(backend):
    real = Real()
    backend(real)
    hidden = []
    keys = Keys("sk_environment", hide=hidden.append)
    keys.set("cloud", "sk_cloud")
    keys.set_secret("place", "p4ss")
    assert sorted(name for _, name in real.kept) == ["cloud", "place"]
    again = Keys("sk_environment", hide=hidden.append)
    assert again.secret("place") == "p4ss"
    assert again.where_secret("place").startswith("in the system keyring")
    again.delete("place")
    assert again.secret("place") is None
    assert again.where_secret("place") == ""
    assert again.get("cloud") == "sk_cloud"
    assert {"sk_environment", "sk_cloud", "p4ss"} <= set(hidden)


def test_the_environment_never_stands_in_for_another_secret(backend):
    backend(Real())
    keys = Keys("sk_environment")
    assert keys.get("cloud") == "sk_environment"
    assert keys.secret("place") is None


def test_without_a_keyring_the_session_is_the_way_out_and_the_environment_is_not_named(backend):
    backend(keyring.backends.fail.Keyring())
    keys = Keys()
    with pytest.raises(KeyringError) as told:
        keys.set_secret("place", "p4ss")
    assert "MUSICAPI_KEY" not in f"{told.value} {told.value.hint}"
    assert "session" in told.value.hint
    keys.set_secret("place", "p4ss", session_only=True)
    assert keys.secret("place") == "p4ss"
    assert keys.where_secret("place") == "in memory, for this session only"
