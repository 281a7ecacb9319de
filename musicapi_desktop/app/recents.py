"""What was played is told to the system's list of recent files; chosen there, it plays and is not brought in anew."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from musicapi_desktop.bridge.desktop import recent_files
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.services.song_folder import SONG_JSON

if TYPE_CHECKING:
    from musicapi_desktop.services.library import Library

    from .desk import Desk

_BIGGEST = 2_000_000


class Recents(QObject):
    """Notes each take that begins to play, once until another one does."""

    def __init__(self, desk: Desk, listed: Path | None = None) -> None:
        super().__init__(desk)
        self._desk = desk
        self._listed = listed
        self._last = ""
        desk.presenters.player.state_changed.connect(self._changed)

    @Slot(object)
    def _changed(self, state: PlayerState) -> None:
        if not state.playing or state.take_id == self._last:
            return
        self._last = state.take_id
        player = self._desk.presenters.player
        take = player.current_take
        if take is not None and take.path:
            played = recent_files.Played.now(Path(player.file_path(take.path)), state.title)
            self._desk.core.calls.run(partial(recent_files.note, played, self._listed))


def at_home(library: Library, file: Path) -> tuple[str, str] | None:
    """The ids of the song and take that a file of the music folder belongs to; None for any other file."""
    music = library.path("")
    try:
        relative = file.resolve().relative_to(music.resolve())
        described = music / relative.parts[0] / SONG_JSON
        if described.stat().st_size > _BIGGEST:
            return None
        song_id = json.loads(described.read_bytes()).get("id")
    except (OSError, ValueError, AttributeError, IndexError, RecursionError):
        return None
    song = library.song(song_id) if isinstance(song_id, str) else None
    if song is None:
        return None
    take = next((take for take in song.takes if take.path == relative.as_posix()), None)
    return song.id, take.id if take is not None else ""
