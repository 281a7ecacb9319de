"""What can be done to a take, wherever it is shown: the library, the inspector, the player all ask here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID, Profile
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import RowKey

from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.domain.song import Song, Take
    from musicapi_desktop.services.accounts import Accounts
    from musicapi_desktop.services.library import Library
    from musicapi_desktop.services.submit import Submit


SaveAs = Callable[["Take", Path, str], object]
"""Writes a copy of a take in a format (wav, flac, mp3); blocks, raises KnownError (services.export)."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the operations on a take cost, in words that follow the operation's name; empty where nobody knows."""

    stems_basic: str
    stems_full: str
    wav: str


class TakeActions(QObject):
    """Commands on takes and songs. Work runs in ``calls``; ``toast`` carries a Toast for the foot of the window."""

    play_asked = Signal(str, str)
    mixer_asked = Signal(str, str)
    reveal_asked = Signal(str)
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

    def split(self, song: Song, take: Take, *, full: bool) -> None:
        """Ask for a take's stems: two parts, or all of them."""
        self._request(song, take, Operation.STEMS_FULL if full else Operation.STEMS_BASIC)

    def save_wav(self, song: Song, take: Take) -> None:
        """Ask the service for a take as WAV; it lands beside the take."""
        self._request(song, take, Operation.WAV)

    def save_as(self, song: Song, take: Take, target: Path) -> None:
        """Save a copy of a take as ``target``; the ending says in which format."""
        del song
        said = Toast(self.tr("Saved {0}").format(target.name), self.tr("Show"), lambda: self._shown(target))
        self._run(lambda: self._save_as(take, target, target.suffix.lstrip(".").lower()), said)

    def fetch_again(self, song: Song, take: Take) -> None:
        """Fetch a missing file again from where it came."""
        self._run(lambda: self._library.fetch_again(song.id, take.id))

    def forget_take(self, song: Song, take: Take) -> None:
        """Drop a take whose file is missing."""
        self._run(lambda: self._library.forget_take(song.id, take.id))

    def prices(self, song: Song, take: Take) -> Prices:
        """What splitting and WAV cost where this song was made."""
        basic, full, wav = (
            self._price(song, take, operation)
            for operation in (Operation.STEMS_BASIC, Operation.STEMS_FULL, Operation.WAV)
        )
        return Prices(basic, full, wav)

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
        return self._accounts.profile(song.profile_id)

    def _price(self, song: Song, take: Take, operation: Operation) -> str:
        if song.profile_id == LOCAL_PROFILE_ID:
            return self.tr("free")
        profile = self._profile(song)
        if profile is None:
            return ""
        amount = int(self._submit.estimate(request_for(song, take, operation), profile))
        return words.plural("Library", "{0} credit(s)", amount)

    def _request(self, song: Song, take: Take, operation: Operation) -> None:
        profile = self._profile(song)
        if profile is None:
            # a clip belongs to the account that made it: no other key can work on it
            self.toast.emit(Toast(self.tr("This song's profile is no longer here. Add its key again in Settings.")))
            return
        request = request_for(song, take, operation)
        self._run(lambda: self._submit.create(request, profile))

    def _run(self, work: Callable[[], object], said: Toast | None = None) -> None:
        def done(_result: object) -> None:
            if said is not None:
                self.toast.emit(said)

        self._calls.run(work, done, self.tell_failure)


def request_for(song: Song, take: Take, operation: Operation) -> Request:
    """A request that works on a take."""
    return Request(operation=operation, source=Source(song.id, take.id, take.clip_id, song.title))
