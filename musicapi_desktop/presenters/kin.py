"""The family of a song as rows of a tree, worded: what it came from and what came from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import Link, Song
from musicapi_desktop.models import words

from .operations import name_of

if TYPE_CHECKING:
    from musicapi_desktop.services.family import Branch

translate = QCoreApplication.translate
_WHOLE = 2
"""Takes a song usually has: only another number is worth saying."""


@dataclass(frozen=True, slots=True)
class Kin:
    """One song of the family. ``depth`` is 0 for the first ancestor; a song that was deleted has no id."""

    song_id: str
    take_id: str
    title: str
    line: str
    depth: int
    current: bool = False


def family_rows(root: Branch, current: str) -> tuple[Kin, ...]:
    """The tree from its first ancestor down; empty where the song has no relatives."""
    rows = tuple(_rows(root, current, 0))
    return rows if len(rows) > 1 else ()


def _rows(branch: Branch, current: str, depth: int) -> Iterator[Kin]:
    song = branch.song
    if song is None:
        gone = translate("Inspector", "A song that was deleted")
        yield Kin("", "", gone, how(branch.link), depth)
    else:
        take_id = song.takes[0].id if song.takes else ""
        title = song.title or translate("Inspector", "Untitled")
        yield Kin(song.id, take_id, title, _line(song, branch.link), depth, song.id == current)
    for child in branch.children:
        yield from _rows(child, current, depth + 1)


def how(link: Link | None) -> str:
    """How a song was made from its parent: ``Cover``, ``Replace a section 0:52–1:26``."""
    if link is None:
        return ""
    operation = next((each for each in Operation if each == link.operation), None)
    name = name_of(operation) if operation is not None else link.operation
    if link.start is None:
        return name
    span = words.clock(link.start) if link.end is None else f"{words.clock(link.start)}–{words.clock(link.end)}"
    return f"{name} {span}"


def _line(song: Song, link: Link | None) -> str:
    takes = len(song.takes)
    lengths = [take.facts.seconds if take.facts else take.seconds for take in song.takes]
    parts = (
        how(link),
        words.plural("Inspector", "{0} take(s)", takes) if takes != _WHOLE and takes else "",
        words.length(max(lengths)) if lengths and max(lengths) > 0 else "",
    )
    return " · ".join(part for part in parts if part)
