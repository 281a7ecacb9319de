"""What was made from what: parents, children, and the whole tree a song belongs to. Any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import Link, Song, Take

from .context import Records

_EXTENSIONS: Final = frozenset({Operation.EXTEND, Operation.EXTEND_UPLOAD, Operation.UPLOAD_EXTEND})
_DEEPEST: Final = 64
"""Generations shown; more than anybody makes, and a bound on damaged links that go round in circles."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A song and what was made from it. ``link`` tells how it was made from the one above, None for the root.

    ``song`` is None where the root was deleted.
    """

    song: Song | None
    link: Link | None
    children: tuple[Branch, ...] = ()


class Family:
    """Reads links. Every method may raise StoreError."""

    def __init__(self, records: Records) -> None:
        self._library = records.library

    def parents_of(self, song_id: str) -> tuple[tuple[Link, Song | None], ...]:
        """Return what a song was made from; the song is None where it was deleted, or never was in the library."""
        song = self._library.get(song_id)
        if song is None:
            return ()
        return tuple((link, self._library.get(link.song_id) if link.song_id else None) for link in song.parents)

    def children_of(self, song_id: str) -> tuple[tuple[Link, Song], ...]:
        """Return the songs made from a song, oldest first, with how each was made."""
        return tuple(
            (link, song) for song in self._library.children(song_id) for link in song.parents if link.song_id == song_id
        )

    def tree(self, song_id: str) -> Branch:
        """Return the whole family of a song from its first ancestor down."""
        root = song_id
        seen = {root}
        while parents := [song for _link, song in self.parents_of(root) if song is not None and song.id not in seen]:
            root = parents[0].id
            seen.add(root)
        return self._branch(root, None, frozenset())

    def joinable(self, song: Song, take: Take) -> bool:
        """True where the service can join a take to what it extends: it came of an extend that was not joined yet."""
        joined = "parts" in take.extra
        return bool(take.clip_id) and not joined and any(link.operation in _EXTENSIONS for link in song.parents)

    def _branch(self, song_id: str, link: Link | None, above: frozenset[str]) -> Branch:
        inside = above | {song_id}
        children = () if len(inside) >= _DEEPEST else self.children_of(song_id)
        return Branch(
            self._library.get(song_id),
            link,
            tuple(self._branch(song.id, how, inside) for how, song in children if song.id not in inside),
        )
