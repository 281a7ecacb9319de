"""API keys: in the system's keyring, in the environment, or in memory for this session. Nowhere else.

Other secrets (a place's for source files, a webhook's) are kept the same way under names of their own, which no
profile's id can be; the environment never stands in for them.

Only real keyrings are used (an allow-list): a plain-text or forgetting backend counts as no keyring at all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from musicapi_desktop.domain.errors import KeyringError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)
T = TypeVar("T")
Within = Callable[[Callable[[], T], float], T]

SERVICE = "MusicAPI Desktop"
ENVIRONMENT_VARIABLE = "MUSICAPI_KEY"
ENVIRONMENT_PROFILE_ID = "environment"
PATIENCE = 30.0
"""Seconds to wait for the keyring; a locked one asks the person for a password meanwhile."""

_REAL = {
    "keyring.backends.SecretService": "the system keyring (Secret Service)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.libsecret": "the system keyring (Secret Service)",
    "keyring.backends.macOS": "the macOS Keychain",
    "keyring.backends.Windows": "the Windows Credential Manager",
}

_NO_KEYRING = "This system has no keyring that can hold the key safely."
_SESSION_HINT = "Keep it for this session only."
_NO_KEYRING_HINT = f"Keep it for this session only, or set the environment variable {ENVIRONMENT_VARIABLE}."


def _at_once(work: Callable[[], T], _seconds: float) -> T:
    return work()


def _nowhere(_secret: str) -> None:
    return


class Keys:
    """Reads and keeps the keys of profiles. Every method may block: call it off the GUI thread.

    ``environment`` is the key of MUSICAPI_KEY, taken out of the environment at the start. ``within`` runs a call with a
    time limit and raises TimeoutError (bridge/deadline.py). ``hide`` is told every secret that passes through, so that
    nothing writes it down.
    """

    def __init__(
        self,
        environment: str = "",
        within: Callable[[Callable[[], object], float], object] = _at_once,
        hide: Callable[[str], None] = _nowhere,
    ) -> None:
        self._environment = environment.strip()
        self._hide = hide
        hide(self._environment)
        self._within = within
        self._session: dict[str, str] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        """Name the class alone: keys never reach a repr."""
        return "Keys()"

    @property
    def environment(self) -> bool:
        """True where MUSICAPI_KEY was set at the start."""
        return bool(self._environment)

    def get(self, profile_id: str) -> str | None:
        """The key of a profile, or None. Raises KeyringError where the keyring is locked, slow or dismissed."""
        if profile_id == ENVIRONMENT_PROFILE_ID:
            with self._lock:
                return self._session.get(profile_id) or self._environment or None
        return self.secret(profile_id) or self._environment or None

    def secret(self, name: str) -> str | None:
        """The secret kept under ``name``, or None. Raises KeyringError as ``get`` does."""
        with self._lock:
            kept = self._session.get(name)
        if kept:
            return kept
        if self.place() is None:
            return None
        found = cast("str | None", self._asked(lambda backend: backend.get_password(SERVICE, name)))
        self._hide(found or "")
        return found or None

    def set(self, profile_id: str, key: str, *, session_only: bool = False) -> None:
        """Keep a key. Raises KeyringError (with what to do instead) where no real keyring takes it."""
        self._hide(key)
        if session_only:
            with self._lock:
                self._session[profile_id] = key
            return
        if self.place() is None:
            raise KeyringError(_NO_KEYRING, _NO_KEYRING_HINT)
        self._asked(lambda backend: _kept(backend, profile_id, key))
        with self._lock:
            self._session.pop(profile_id, None)

    def set_secret(self, name: str, secret: str, *, session_only: bool = False) -> None:
        """Keep a secret under ``name``. Raises KeyringError where no real keyring takes it."""
        try:
            self.set(name, secret, session_only=session_only)
        except KeyringError as error:
            # the environment holds the service's key alone
            hint = error.hint.replace(_NO_KEYRING_HINT, _SESSION_HINT)
            raise KeyringError(error.message.replace("the key", "a secret"), hint, detail=error.detail) from error

    def delete(self, profile_id: str) -> None:
        """Forget the key of a profile; a missing one is fine. Raises KeyringError where the keyring is locked."""
        with self._lock:
            self._session.pop(profile_id, None)
        if self.place() is None:
            return
        if self._asked(lambda backend: backend.get_password(SERVICE, profile_id)) is not None:
            self._asked(lambda backend: backend.delete_password(SERVICE, profile_id))

    def where_secret(self, name: str) -> str:
        """Say in words where a secret is, an empty text where it is nowhere."""
        with self._lock:
            if name in self._session:
                return "in memory, for this session only"
        place = self.place()
        return f"in {place}, under “{SERVICE}”" if place is not None and self.secret(name) else ""

    def where(self, profile_id: str) -> str:
        """Say in words where the key of a profile is."""
        # the environment's profile has nothing in the keyring: it is not asked
        found = "" if profile_id == ENVIRONMENT_PROFILE_ID else self.where_secret(profile_id)
        if found:
            return found
        if self._environment:
            return f"in the environment variable {ENVIRONMENT_VARIABLE}"
        return "nowhere: no key is kept for this profile"

    def place(self) -> str | None:
        """The name of the real keyring of this system, or None where there is none."""
        try:
            backend = self._within(_real_backend, PATIENCE)
        except TimeoutError:
            return None
        return None if backend is None else _REAL[type(backend).__module__]

    def _asked(self, question: Callable[[KeyringBackend], object]) -> object:
        def ask() -> object:
            backend = _real_backend()
            if backend is None:
                raise KeyringError(_NO_KEYRING, _NO_KEYRING_HINT)
            return question(backend)

        try:
            return self._within(ask, PATIENCE)
        except KeyringError:
            raise
        except TimeoutError as error:
            raise KeyringError(
                "The system keyring did not answer.",
                "It may be waiting for its password. Unlock it and try again, or keep the key for this session only.",
            ) from error
        except Exception as error:
            raise _told(error) from error


def _told(error: Exception) -> KeyringError:
    # the backends raise their own and their bus library's exceptions: any of them means "the keyring said no"
    name = type(error).__name__
    log.warning("keyring: %s", name)
    if name == "KeyringLocked":
        return KeyringError("The system keyring is locked.", "Unlock it and try again.")
    if name in {"InitError", "PromptDismissedException"}:
        return KeyringError(
            "The system keyring was not opened.",
            "Allow it when it asks, or " + _NO_KEYRING_HINT[0].lower() + _NO_KEYRING_HINT[1:],
        )
    return KeyringError("The system keyring could not be used.", _NO_KEYRING_HINT, detail=name)


def _kept(backend: KeyringBackend, profile_id: str, key: str) -> None:
    backend.set_password(SERVICE, profile_id, key)


def _real_backend() -> KeyringBackend | None:
    import keyring  # about 100 ms with its backend: only when a key is asked for
    from keyring.backends import chainer

    chosen = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, chainer.ChainerBackend) else [chosen]
    return next((b for b in candidates if type(b).__module__ in _REAL), None)
