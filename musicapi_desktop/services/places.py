"""The place for source files: configured once, tested, and cleaned of whatever was put there.

What lies there is remembered in the preferences before the first byte goes up, so that a crash leaves nothing behind:
the next start deletes it. Everything here but ``place`` blocks: not on the GUI thread.
"""

from __future__ import annotations

import logging
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from musicapi_desktop.client.places_upload import Cancelled, Progress, Upload, cannot_read
from musicapi_desktop.domain.errors import InvalidRequest, KnownError, Offline, PlaceError
from musicapi_desktop.domain.place import Place, PlaceKind, problems_of, tidy
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields

from .context import Clock, new_id
from .outside import no_place
from .places_memory import Lying, PlaceMemory, place_of, plain_place

if TYPE_CHECKING:
    from musicapi_desktop.client.places import Look, Storage

log = logging.getLogger(__name__)
T = TypeVar("T")

SECRET: Final = "place"  # noqa: S105  # the name it is kept under, not the secret
PLACE_KEY = "sources.place"

_ATTEMPTS = 3
_PAUSE = 2.0
_KEEP_TRYING = 30 * 24 * 3600.0
"""Seconds after which a file that cannot be deleted is forgotten: the person was told, and the place may be gone."""
_TYPES: Final = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}


class Opener(Protocol):
    """Opens places (client.places.PlaceOpener)."""

    def open(self, place: Place, secret: str) -> Storage:
        """Return the place, ready for files."""
        ...

    def look(self, link: str) -> Look:
        """Look at a public link as a stranger."""
        ...


class Secrets(Protocol):
    """Where secrets are kept (secrets.keys.Keys)."""

    def secret(self, name: str) -> str | None:
        """The secret kept under a name."""
        ...

    def set_secret(self, name: str, secret: str, *, session_only: bool = False) -> None:
        """Keep a secret."""
        ...

    def delete(self, profile_id: str) -> None:
        """Forget a secret."""
        ...

    def where_secret(self, name: str) -> str:
        """Say in words where a secret is, an empty text where it is nowhere."""
        ...


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a test. ``answers_head`` is False where the link gives the file to GET alone."""

    answers_head: bool
    content_type: str


def _untold(_gone: int, _whole: int) -> None:
    return


def _never() -> bool:
    return False


class Places:
    """The place and what lies there. Any thread. ``pause`` waits so many seconds, less when the app leaves."""

    def __init__(
        self, preferences: Preferences, secrets: Secrets, opener: Opener, clock: Clock, pause: Callable[[float], None]
    ) -> None:
        self._preferences = preferences
        self._secrets = secrets
        self._opener = opener
        self._clock = clock
        self._pause = pause
        self._memory = PlaceMemory(preferences)
        self._uploading = threading.Lock()

    def place(self) -> Place | None:
        """The place as configured, None where there is none."""
        plain: dict[str, object] = self._preferences.get(PLACE_KEY, cast("dict[str, object]", {}))
        return place_of(Fields(plain))

    def configured(self) -> bool:
        """True where files of this computer can be handed to the service."""
        return self.place() is not None

    def where(self) -> str:
        """Say in words where the secret is. Raises KeyringError."""
        return self._secrets.where_secret(SECRET)

    def test(self, place: Place, secret: str = "") -> Tested:
        """Put a small sound there, look at its public link as the service will, and delete it.

        ``secret`` may be empty: the kept one is used. Raises InvalidRequest by field, KeyringError, PlaceError,
        Offline.
        """
        place = _checked(place)
        storage = self._opener.open(place, secret or self._secret_for(place))
        entry = Lying(_name(place, ".wav"), place, "", ("test",), self._clock())
        with TemporaryDirectory() as folder:
            look = self._lay(storage, entry, _upload(_small_sound(Path(folder)), _untold, _never))
        storage.delete(entry.name)
        self._memory.forget(entry.name)
        return Tested(look.answers_head, look.content_type)

    def keep(self, place: Place, secret: str = "", *, session_only: bool = False) -> None:
        """Use this place from now on; ``secret`` replaces the kept one where it is not empty.

        Raises InvalidRequest by field, KeyringError, OSError.
        """
        place = _checked(place)
        if secret:
            self._secrets.set_secret(SECRET, secret, session_only=session_only)
        elif not self._kept_for(place):
            # this one needs none, and another's is not told to it
            self._secrets.delete(SECRET)
        self._preferences.set(PLACE_KEY, plain_place(place))

    def remove(self) -> None:
        """Delete what lies there, then forget the place and its secret. Raises KeyringError, OSError."""
        self.sweep(frozenset())
        self._secrets.delete(SECRET)
        self._preferences.forget(PLACE_KEY)

    def public_url(self, file: Path, owner: str, progress: Progress = _untold, cancelled: Cancelled = _never) -> str:
        """Put a file there for ``owner`` (a job's id) and return an address anybody can read it at.

        One file is put there once, however many need it; asked again, the link is made anew. Raises PlaceError (no
        place, refused, no public link), Offline, KeyringError, DiskError, UploadCancelled.
        """
        place = self.place()
        if place is None:
            raise no_place()
        storage = self._opener.open(place, self._secret())
        with self._uploading:
            source = _identity(file)
            entry = self._memory.claim(place, source, owner)
            if entry is not None:
                return storage.link(entry.name)
            upload = _upload(file, progress, cancelled)
            entry = Lying(_name(place, file.suffix), place, source, (owner,), self._clock())
            self._lay(storage, entry, upload)
            return storage.link(entry.name)

    def release(self, owner: str) -> None:
        """``owner`` needs nothing any more: delete what nobody else needs. Never raises for the world's doing."""
        for entry in self._memory.disown(owner):
            self._drop(entry)

    def owners(self) -> frozenset[str]:
        """Whose files lie there."""
        return frozenset(owner for entry in self._memory.all() for owner in entry.owners)

    def sweep(self, alive: frozenset[str]) -> None:
        """Delete what no owner in ``alive`` needs: the leftovers of a crash, and what could not be deleted before."""
        for entry in self._memory.all():
            if alive.isdisjoint(entry.owners):
                self._drop(entry)

    def _lay(self, storage: Storage, entry: Lying, upload: Upload) -> Look:
        """Remember a file, put it there and look at its link; where that fails nothing is left."""
        self._memory.keep(entry)
        nothing_there = True

        def put() -> None:
            nonlocal nothing_there
            try:
                storage.put(entry.name, upload, _type_of(entry.name))
            except (PlaceError, Offline) as error:
                # refused whole or never begun; a line that broke may have left something
                nothing_there = nothing_there and (isinstance(error, Offline) or not error.retryable)
                raise
            except BaseException:
                nothing_there = False
                raise
            nothing_there = False

        try:
            self._patiently(put)
            return self._patiently(lambda: self._look(storage.link(entry.name), upload.size))
        except BaseException:
            if nothing_there:
                self._memory.forget(entry.name)
            else:
                self._drop(entry, storage)
            raise

    def _secret_for(self, place: Place) -> str:
        """The kept secret, where ``place`` is the one it was kept for: it is told to no other server."""
        secret = self._secret() if self._kept_for(place) else ""
        if not secret and (place.kind is PlaceKind.S3 or place.user):
            raise InvalidRequest({"secret": "Type the secret of this place."})
        return secret

    def _kept_for(self, place: Place) -> bool:
        kept = self.place()
        return kept is not None and _owner_of(kept) == _owner_of(place)

    def _secret(self) -> str:
        return self._secrets.secret(SECRET) or ""

    def _look(self, link: str, size: int) -> Look:
        """Look at a link; raise PlaceError where it does not give the file."""
        try:
            look = self._opener.look(link)
        except Offline as error:
            raise PlaceError(
                "The file was put there, but its public address does not answer.",
                "Check the public address. Look at Settings, Source files.",
                detail=error.detail,
            ) from error
        detail = f"HTTP {look.head}" + ("" if look.get is None else f", {look.get}")
        if not look.found:
            raise PlaceError(
                "The file was put there, but nobody can read it at its public address.",
                "Let everybody read there, or correct the public address. Look at Settings, Source files.",
                detail=detail,
            )
        if look.content_type == "text/html" or (look.size is not None and look.size != size):
            shown = "a page" if look.content_type == "text/html" else f"{look.size} bytes instead of {size}"
            raise PlaceError(
                "The public address shows something else than the file.",
                "It must lead to the file itself, with no page in between. Look at Settings, Source files.",
                detail=f"{detail}: {shown}",
            )
        return look

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do it again after a passing failure. No connection at all is for the queue to wait out."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return work()
            except KnownError as error:
                if not error.retryable or isinstance(error, Offline):
                    raise
            self._pause(_PAUSE * attempt)
        return work()

    def _drop(self, entry: Lying, storage: Storage | None = None) -> None:
        try:
            (storage or self._opener.open(entry.place, self._secret_for(entry.place))).delete(entry.name)
        except KnownError as error:
            log.warning("a source file could not be deleted, it is tried again at the next start: %s", error)
            if self._clock() - entry.since < _KEEP_TRYING:
                self._memory.keep(replace(entry, owners=()))
                return
        self._memory.forget(entry.name)


def _checked(place: Place) -> Place:
    place = tidy(place)
    problems = problems_of(place)
    if problems:
        raise InvalidRequest(problems)
    return place


def _owner_of(place: Place) -> tuple[PlaceKind, str, str]:
    """Return whom a place's secret belongs to."""
    return place.kind, urlsplit(place.address).netloc.lower(), place.user


def _name(place: Place, suffix: str) -> str:
    """Return a name nobody can guess: the link to it may be all that keeps others out."""
    kind = suffix.lower() if suffix.lower() in _TYPES else ".bin"
    return f"{place.prefix}/{new_id()}{kind}".lstrip("/")


def _type_of(name: str) -> str:
    return _TYPES.get(Path(name).suffix, "application/octet-stream")


def _identity(file: Path) -> str:
    """Return what tells this very file from another, or from itself after a change. Raises DiskError."""
    try:
        known = file.stat()
    except OSError as error:
        raise cannot_read(file, error) from error
    return f"{file.absolute()}|{known.st_size}|{known.st_mtime_ns}"


def _small_sound(folder: Path) -> Path:
    """Write a tenth of a second of silence: a sound like the ones that will be put there."""
    path = folder / "test.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return path


def _upload(file: Path, progress: Progress, cancelled: Cancelled) -> Upload:
    try:
        return Upload(file, file.stat().st_size, progress, cancelled)
    except OSError as error:
        raise cannot_read(file, error) from error
