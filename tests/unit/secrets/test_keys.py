from __future__ import annotations

from typing import ClassVar

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from musicapi_desktop.domain.errors import KeyringError
from musicapi_desktop.secrets.keys import ENVIRONMENT_PROFILE_ID, Keys

PLANTED = "sk_planted_0123456789"


class PlainText(keyring.backend.KeyringBackend):
    """Stands for keyrings.alt: works, and must never be used."""

    priority = 9
    kept: ClassVar[dict[str, str]] = {}

    def get_password(self, service, username):
        return self.kept.get(username)

    def set_password(self, service, username, password):
        self.kept[username] = password

    def delete_password(self, service, username):
        del self.kept[username]


class Hanging(PlainText):
    def get_password(self, service, username):
        raise TimeoutError


Hanging.__module__ = "keyring.backends.SecretService"


@pytest.fixture
def backend():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.mark.parametrize("no_keyring", [keyring.backends.fail.Keyring(), PlainText()], ids=["none", "plain text"])
def test_without_a_real_keyring_nothing_is_kept_and_the_way_out_is_named(backend, no_keyring):
    backend(no_keyring)
    keys = Keys()
    with pytest.raises(KeyringError) as told:
        keys.set("cloud", PLANTED)
    assert "MUSICAPI_KEY" in told.value.hint
    assert keys.get("cloud") is None
    assert PlainText.kept == {}
    keys.set("cloud", PLANTED, session_only=True)
    assert keys.get("cloud") == PLANTED
    assert "this session only" in keys.where("cloud")
    keys.delete("cloud")
    assert keys.get("cloud") is None


def test_the_environment_is_the_fall_back(backend):
    backend(keyring.backends.fail.Keyring())
    keys = Keys(environment=f" {PLANTED}\n")
    assert keys.get(ENVIRONMENT_PROFILE_ID) == PLANTED
    assert keys.get("cloud") == PLANTED
    assert "MUSICAPI_KEY" in keys.where("cloud")


def test_a_silent_keyring_is_told_in_words(backend):
    backend(Hanging())
    with pytest.raises(KeyringError, match="did not answer"):
        Keys().get("cloud")


def test_keys_reach_neither_repr_nor_errors(backend):
    backend(keyring.backends.fail.Keyring())
    keys = Keys(environment=PLANTED)
    keys.set("cloud", PLANTED, session_only=True)
    with pytest.raises(KeyringError) as told:
        keys.set("other", PLANTED)
    assert PLANTED not in f"{keys!r} {told.value!r} {told.value.hint} {told.value.detail}"
