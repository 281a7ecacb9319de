"""The way from a take to its stems: what it costs, and asking for it."""

from __future__ import annotations

from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.units import Credits

from .accounts import Accounts
from .context import Records
from .submit import Submit


class Splitter:
    """Asks the profile that made a take to split it: a clip is known to its own service only."""

    def __init__(self, submit: Submit, accounts: Accounts, records: Records) -> None:
        self._submit = submit
        self._accounts = accounts
        self._records = records

    def prices(self, take: Take) -> tuple[Credits, Credits] | None:
        """Credits for two parts and for all parts; None where the take cannot be split any more."""
        song = self._records.library.get(take.song_id)
        profile = self._profile(song) if song is not None else None
        if song is None or profile is None or not take.clip_id:
            return None
        basic, full = (
            self._submit.estimate(_request(song, take, operation), profile)
            for operation in (Operation.STEMS_BASIC, Operation.STEMS_FULL)
        )
        return basic, full

    def split(self, song: Song, take: Take, *, full: bool) -> None:
        """Ask for stems. Raises InvalidRequest, StoreError, DiskError."""
        operation = Operation.STEMS_FULL if full else Operation.STEMS_BASIC
        self._submit.create(_request(song, take, operation), self._profile(song) or LOCAL_PROFILE)

    def _profile(self, song: Song) -> Profile | None:
        return self._accounts.profile(song.profile_id)


def _request(song: Song, take: Take, operation: Operation) -> Request:
    return Request(operation=operation, model=take.model, source=Source(song.id, take.id, take.clip_id, song.title))
