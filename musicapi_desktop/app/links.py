"""``musicapi://`` links and files that a start is handed: what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from musicapi_desktop.ui.window_state import Area

if TYPE_CHECKING:
    from .desk import Desk

SCHEME = "musicapi"
_AREAS = {"library": Area.LIBRARY, "mixer": Area.MIXER, "queue": Area.QUEUE}


def is_link(given: str) -> bool:
    """Tell a link from the name of a file."""
    return given.lower().startswith(f"{SCHEME}:")


def follow(desk: Desk, given: Sequence[str]) -> list[str]:
    """Do what the links in ``given`` ask for, and return the rest: the names of files.

    Links: musicapi://new, library, mixer, queue, settings, and song/ID. Any page of the web may open one, so none of
    them sends, plays, changes or deletes anything; one that is not known is left alone.
    """
    for link in filter(is_link, given):
        parts = urlsplit(link)
        place, _, rest = f"{parts.netloc}{parts.path}".strip("/").partition("/")
        _go(desk, place.lower(), rest)
    return [name for name in given if not is_link(name)]


def _go(desk: Desk, place: str, rest: str) -> None:
    if place == "new":
        desk.window.show_area(Area.LIBRARY)
        desk.window.open_create()
    elif place in _AREAS:
        desk.window.show_area(_AREAS[place])
    elif place == "settings":
        desk.open_settings()
    elif place == "song" and rest:
        desk.window.show_area(Area.LIBRARY)
        desk.presenters.library.reveal(rest, "")
