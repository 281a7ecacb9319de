"""One folder per song: its name, and what lies in it beside the audio. Names are safe on Linux, macOS and Windows."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import unicodedata
from pathlib import Path

from musicapi_desktop.domain.cover import cover_of
from musicapi_desktop.domain.errors import BugError, DiskError
from musicapi_desktop.domain.song import Song
from musicapi_desktop.store.song_codec import plain_song

log = logging.getLogger(__name__)

SONG_JSON = "song.json"
COVER = "cover.svg"
_LONGEST = 80
_LONGEST_BYTES = 180
_ID_SHOWN = 8
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"


def safe_name(text: str, fallback: str = "Untitled") -> str:
    """Return ``text`` as part of a file name: nothing a system forbids, hides or trims, 80 characters at most."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(c for c in composed if c == _JOINER or unicodedata.category(c) not in _INVISIBLE or c in "\t\n")
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", kept)).strip(" .")[:_LONGEST]
    while len(name.encode()) > _LONGEST_BYTES:
        name = name[:-1]
    name = name.strip(" ." + _JOINER)
    if _RESERVED.fullmatch(name):
        name = f"{name}_"
    return name or fallback


def folder_name(title: str, song_id: str) -> str:
    """Return the name of a song's folder; the beginning of the id keeps two songs of one title apart."""
    return f"{safe_name(title)} [{song_id[:_ID_SHOWN]}]"


def cover_svg(song_id: str) -> str:
    """Return the song's cover as an SVG picture of 512 × 512."""
    cover = cover_of(song_id)
    inner, outer, edge = (_hsl(colour) for colour in (cover.inner, cover.outer, cover.edge))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">\n'
        f'<defs><radialGradient id="g" cx="{cover.x:.3f}" cy="{cover.y:.3f}" r="1">'
        f'<stop offset="0" stop-color="{inner}"/><stop offset="0.55" stop-color="{outer}"/>'
        f'<stop offset="1" stop-color="{edge}"/></radialGradient></defs>\n'
        '<rect width="512" height="512" fill="url(#g)"/>\n</svg>\n'
    )


def _hsl(colour: tuple[int, int, int]) -> str:
    hue, saturation, lightness = colour
    return f"hsl({hue},{saturation * 100 // 255}%,{lightness * 100 // 255}%)"


def disk_error(error: OSError) -> DiskError:
    """Return the sentence for an operating-system error on the music folder."""
    import errno

    detail = str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError("The disk is full.", "Make some room, then press Try again. Nothing is lost.", detail=detail)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DiskError(
            "The music folder cannot be written.", "Allow this app to write there, then press Try again.", detail=detail
        )
    return DiskError("The disk refused a file.", "Check the disk, then press Try again.", detail=detail)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


class SongFolders:
    """The folders below the music folder. Any thread."""

    def __init__(self, music: Path) -> None:
        self.music = music
        self._lock = threading.Lock()

    def path(self, relative: str) -> Path:
        """Return the path of a file that a song names."""
        return self.music / relative

    def target(self, relative: str) -> Path:
        """Return the path of a file that is to be written. Raises BugError where it is not in a folder of its own."""
        found = self.music / relative
        if ".." in found.parts or self.music not in found.parent.parents:
            raise BugError(f"{relative!r} is not inside a song's folder")
        return found

    def keep(self, song: Song) -> None:
        """Write ``song.json`` and the cover of a song that has a folder.

        A disk that refuses is logged, not raised: the database has everything, and the next change writes it again.
        """
        if not song.folder:
            return
        folder = self.music / song.folder
        text = json.dumps(plain_song(song), ensure_ascii=False, indent=1)
        with self._lock:
            try:
                write_whole(folder / SONG_JSON, text.encode())
                if not (folder / COVER).exists():
                    write_whole(folder / COVER, cover_svg(song.id).encode())
            except OSError as error:
                log.warning("song.json of %s was not written: %s", song.id, error)
