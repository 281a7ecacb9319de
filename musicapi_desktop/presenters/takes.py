"""What can be done to a take, wherever it is shown: the library, the inspector, the player all ask here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.domain.errors import DiskError, KnownError
from musicapi_desktop.domain.place import file_url
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.domain.rules import OLDEST
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import RowKey
from musicapi_desktop.wire.capabilities import operations, rules_of

from .operations import OF_A_FILE, SAYINGS, Asked, Offer, name_of, offers
from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.domain.song import Song, Take
    from musicapi_desktop.services.accounts import Accounts
    from musicapi_desktop.services.library import Library
    from musicapi_desktop.services.submit import Submit

    from .money import SpendGuard


SaveAs = Callable[["Take", Path, str], object]
"""Writes a copy of a take in a format (wav, flac, mp3); blocks, raises KnownError (services.export)."""


class TakeActions(QObject):
    """Commands on takes and songs. Work runs in ``calls``; ``toast`` carries a Toast for the foot of the window."""

    play_asked = Signal(str, str)
    mixer_asked = Signal(str, str)
    play_from_asked = Signal(str, str, float)
    """A song, a take and where to start, in seconds."""
    reveal_asked = Signal(str)
    form_asked = Signal(object, object, object, str)
    """An operation that asks for more: the operation, the song, the take and a link to its audio, mostly empty."""
    compare_asked = Signal(object)
    """The ids of songs to put side by side; one alone brings those of the same press with it."""
    second_asked = Signal(object, object)
    """The song and the take that join the one in the form for a mash-up."""
    link_asked = Signal(object, object, object)
    """An operation on a file that no place can hand over: the operation, the song and the take."""
    toast = Signal(object)

    def __init__(
        self,
        library: Library,
        submit: Submit,
        accounts: Accounts,
        save_as: SaveAs,
        calls: Calls,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._submit = submit
        self._accounts = accounts
        self._save_as = save_as
        self._calls = calls
        self.clock: Callable[[], float] = time.time
        self.guard: SpendGuard | None = None
        self.wants_second: Callable[[], bool] = bool
        """Whether the form waits for a second take."""
        self.joinable: Callable[[Song, Take], bool] = _never
        self.can_hand_over: Callable[[Profile], bool] = _is_local
        """Whether a file of this computer can be handed to a profile's service."""

    def play(self, key: RowKey) -> None:
        """Play a take, or pause it where it is the one that plays."""
        if key[1]:
            self.play_asked.emit(*key)

    def open_mixer(self, key: RowKey) -> None:
        """Open a take in the mixer."""
        if key[1]:
            self.mixer_asked.emit(*key)

    def reveal(self, song: Song, take: Take | None) -> None:
        """Show a take's file, or its song's folder, in the system's file manager."""
        relative = take.path if take is not None and take.path else song.folder
        if relative:
            self.reveal_asked.emit(str(self._library.path(relative)))

    def reveal_file(self, relative: str) -> None:
        """Show a file of the music folder in the system's file manager."""
        self.reveal_asked.emit(str(self._library.path(relative)))

    def favourite(self, song_ids: Sequence[str], on: bool) -> None:
        """Mark songs as favourites, or take the mark away."""
        self._run(lambda: [self._library.favourite(song_id, on) for song_id in song_ids])

    def rename(self, song_id: str, title: str) -> None:
        """Give a song a title; an empty one changes nothing."""
        if title.strip():
            self._run(lambda: self._library.rename(song_id, title.strip()))

    def trash(self, song_ids: Sequence[str]) -> None:
        """Move songs to the app's trash, and offer to undo it."""
        ids = list(song_ids)
        if ids:
            said = words.plural("Library", "{0} song(s) moved to the trash", len(ids))
            self._run(lambda: self._library.trash(ids), Toast(said, self.tr("Undo"), lambda: self.restore(ids)))

    def restore(self, song_ids: Sequence[str]) -> None:
        """Bring songs back from the trash."""
        ids = list(song_ids)
        self._run(lambda: self._library.restore(ids))

    def delete_for_good(self, song_ids: Sequence[str]) -> None:
        """Delete songs and their files. Cannot be undone; the view has asked."""
        ids = list(song_ids)
        said = words.plural("Library", "{0} song(s) deleted", len(ids))
        self._run(lambda: self._library.delete_for_good(ids), Toast(said))

    def rate(self, song_ids: Sequence[str], stars: int) -> None:
        """Give songs 0 to 5 stars."""
        self._run(lambda: [self._library.rate(song_id, stars) for song_id in song_ids])

    def offers(self, song: Song, take: Take) -> tuple[Offer, ...]:
        """Everything the service can do with a take, priced; nothing where its profile is gone."""
        profile = self._profile(song)
        if profile is None:
            return ()
        sold = frozenset(operations(profile.base_url))
        old = bool(take.created_at) and self.clock() - take.created_at > OLDEST

        def has(operation: Operation) -> bool:
            if operation is Operation.CONCAT and not self.joinable(song, take):
                return False
            return operation in sold

        def warning(operation: Operation) -> str:
            if not old or not rules_of(operation, base_url=profile.base_url).young:
                return ""
            return self.tr("older than a day, may be refused")

        return offers(song, take, Asked(has, lambda operation: self._price(song, take, operation, profile), warning))

    def ask(self, offer: Offer, song: Song, take: Take) -> None:
        """Ask the service for what was offered: at once, or with the form where it asks for more."""
        if offer.operation in OF_A_FILE and not take.clip_id and not self._may_hand_over(song):
            self.link_asked.emit(offer.operation, song, take)
            return
        if offer.form:
            self.form_asked.emit(offer.operation, song, take, "")
            return
        extra = {Operation.DOWNLOAD: {"formats": [offer.format]}, Operation.PRODUCER_DOWNLOAD: {"format": offer.format}}
        request = replace(self._request_for(song, take, offer.operation), extra=extra.get(offer.operation, {}))
        self._send(request, song)

    def ask_with_link(self, operation: Operation, song: Song, take: Take, url: str) -> None:
        """Ask for an operation on a take whose audio the service finds at ``url``."""
        if operation in SAYINGS and SAYINGS[operation].form:
            self.form_asked.emit(operation, song, take, url)
        else:
            self._send(replace(request_for(song, take, operation), url=url), song)

    def save_as(self, song: Song, take: Take, target: Path) -> None:
        """Save a copy of a take as ``target``; the ending says in which format."""
        del song
        said = Toast(self.tr("Saved {0}").format(target.name), self.tr("Show"), lambda: self._shown(target))
        self._run(lambda: self._save_as(take, target, target.suffix.lstrip(".").lower()), said)

    def write_text(self, target: Path, text: str) -> None:
        """Write a text file the person chose."""
        said = Toast(self.tr("Saved {0}").format(target.name), self.tr("Show"), lambda: self._shown(target))
        self._run(lambda: _write(target, text), said)

    def fetch_again(self, song: Song, take: Take) -> None:
        """Fetch a missing file again from where it came."""
        self._run(lambda: self._library.fetch_again(song.id, take.id))

    def forget_take(self, song: Song, take: Take) -> None:
        """Drop a take whose file is missing."""
        self._run(lambda: self._library.forget_take(song.id, take.id))

    def path(self, relative: str) -> Path:
        """A file of the music folder."""
        return self._library.path(relative)

    def tell_failure(self, error: BaseException) -> None:
        """Say what went wrong at the foot of the window; a mistake of ours goes to the report."""
        if isinstance(error, KnownError):
            self.toast.emit(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        else:
            self._calls.bug.emit(error)

    def _shown(self, target: Path) -> None:
        self.reveal_asked.emit(str(target))

    def _profile(self, song: Song) -> Profile | None:
        # what was brought in belongs to no account: it goes where songs are made now
        return self._accounts.profile(song.profile_id) if song.profile_id else self._accounts.active()

    def _may_hand_over(self, song: Song) -> bool:
        profile = self._profile(song)
        return profile is None or self.can_hand_over(profile)

    def _price(self, song: Song, take: Take, operation: Operation, profile: Profile) -> str:
        if profile.local:
            return self.tr("free")
        amount = int(self._submit.estimate(request_for(song, take, operation), profile))
        return words.plural("Library", "{0} credit(s)", amount)

    def _request_for(self, song: Song, take: Take, operation: Operation) -> Request:
        request = request_for(song, take, operation)
        return replace(request, url=file_url(self._library.path(take.path))) if operation in OF_A_FILE else request

    def _send(self, request: Request, song: Song) -> None:
        profile = self._profile(song)
        if profile is None:
            # a clip belongs to the account that made it: no other key can work on it
            self.toast.emit(Toast(self.tr("This song's profile is no longer here. Add its key again in Settings.")))
            return
        said = Toast(self.tr("In the queue: {0}").format(name_of(request.operation)))
        told = said if not request.operation.makes_songs else None
        keep = partial(self._run, partial(self._submit.create, request, profile), told)
        if self.guard is None:
            keep()
        else:
            self.guard.allow(profile, int(self._submit.estimate(request, profile)), keep)

    def _run(self, work: Callable[[], object], said: Toast | None = None) -> None:
        def done(_result: object) -> None:
            if said is not None:
                self.toast.emit(said)

        self._calls.run(work, done, self.tell_failure)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise DiskError(
            "The file could not be written.", "Choose another folder.", detail=error.strerror or ""
        ) from error


def _never(_song: Song, _take: Take) -> bool:
    return False


def _is_local(profile: Profile) -> bool:
    return profile.local


def request_for(song: Song, take: Take, operation: Operation) -> Request:
    """A request that works on a take."""
    return Request(operation=operation, source=Source(song.id, take.id, take.clip_id, song.title))
