"""The system's list of recent files: what was played lately, for file managers and start menus to offer again.

https://www.freedesktop.org/wiki/Specifications/desktop-bookmark-spec/ (version 0.9), the file recently-used.xbel that
GLib, GTK and KDE read. Windows keeps its own list (SHAddToRecentDocs); not verified here.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

log = logging.getLogger(__name__)

_BOOKMARK = "http://www.freedesktop.org/standards/desktop-bookmarks"
_MIME = "http://www.freedesktop.org/standards/shared-mime-info"
_OWNER = "http://freedesktop.org"
_NAME = "MusicAPI Desktop"
_EXEC = "'musicapi-desktop %u'"
_MOST_OF_OURS = 20
_BIGGEST = 16 * 1024 * 1024
_TYPES = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/x-wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".aif": "audio/x-aiff",
    ".aiff": "audio/x-aiff",
}


@dataclass(frozen=True, slots=True)
class Played:
    """A file that was played: where it lies, what it is called, when (UTC)."""

    file: Path
    title: str
    at: datetime

    @classmethod
    def now(cls, file: Path, title: str) -> Played:
        """Played at this moment."""
        return cls(file, title, datetime.now(UTC))


def usual_list() -> Path:
    """Where this person's list lies."""
    kept = os.environ.get("XDG_DATA_HOME", "")
    return (Path(kept) if Path(kept).is_absolute() else Path.home() / ".local" / "share") / "recently-used.xbel"


def note(played: Played, listed: Path | None = None) -> None:
    """Put a file on the list; the twenty newest of this app stay, those of others are left as they are.

    ``listed`` is the list's file, the usual one where None. A list that cannot be read or written is left alone.
    """
    try:
        if sys.platform == "win32":
            _tell_windows(played.file)
        elif sys.platform != "darwin":
            _add(listed or usual_list(), played)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        log.info("the list of recent files was left alone: %s", error)


def _add(listed: Path, played: Played) -> None:
    for prefix, namespace in (("bookmark", _BOOKMARK), ("mime", _MIME)):
        ElementTree.register_namespace(prefix, namespace)
    before = listed.stat() if listed.exists() else None
    if before is not None and before.st_size > _BIGGEST:
        raise ValueError("too large")
    root = ElementTree.parse(listed).getroot() if before and before.st_size else _empty()  # noqa: S314  # their own file
    if root.tag != "xbel":
        raise ValueError("not a list of bookmarks")
    address = played.file.absolute().as_uri()
    mark = next((each for each in root.findall("bookmark") if each.get("href") == address), None)
    if mark is None:
        mark = ElementTree.SubElement(root, "bookmark", {"href": address, "added": _stamp(played.at)})
    _fill(mark, played)
    marks = [each for each in root.findall("bookmark") if _is_ours(each)]
    ours = sorted(marks, key=lambda each: each.get("visited", ""))
    for old in ours[:-_MOST_OF_OURS]:
        root.remove(old)
    _write(listed, root, 0o600 if before is None else before.st_mode & 0o777)


def _empty() -> ElementTree.Element:
    return ElementTree.Element("xbel", {"version": "1.0"})


def _fill(mark: ElementTree.Element, played: Played) -> None:
    stamp = _stamp(played.at)
    mark.set("modified", stamp)
    mark.set("visited", stamp)
    _child(mark, "title").text = played.title
    data = _child(_child(mark, "info"), "metadata", {"owner": _OWNER})
    _child(data, f"{{{_MIME}}}mime-type").set("type", _TYPES.get(played.file.suffix.lower(), "audio/x-generic"))
    groups = _child(data, f"{{{_BOOKMARK}}}groups")
    _child(groups, f"{{{_BOOKMARK}}}group").text = "Audio"
    applications = _child(data, f"{{{_BOOKMARK}}}applications")
    ours = _child(applications, f"{{{_BOOKMARK}}}application", {"name": _NAME})
    ours.set("exec", _EXEC)
    ours.set("modified", stamp)
    ours.set("count", str(int(ours.get("count", "0")) + 1))


def _child(parent: ElementTree.Element, tag: str, attributes: dict[str, str] | None = None) -> ElementTree.Element:
    """The child with this tag and these attributes, made where it is missing."""
    wanted = attributes or {}
    for each in parent.findall(tag):
        if all(each.get(name) == value for name, value in wanted.items()):
            return each
    return ElementTree.SubElement(parent, tag, wanted)


def _is_ours(mark: ElementTree.Element) -> bool:
    """True where no other app has the file on the list."""
    names = {each.get("name") for each in mark.iter(f"{{{_BOOKMARK}}}application")}
    return names == {_NAME}


def _write(listed: Path, root: ElementTree.Element, mode: int) -> None:
    listed.parent.mkdir(parents=True, exist_ok=True)
    part = listed.with_name(f"{listed.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            ElementTree.ElementTree(root).write(file, "UTF-8", xml_declaration=True)
        part.chmod(mode)
        part.replace(listed)
    finally:
        part.unlink(missing_ok=True)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _tell_windows(file: Path) -> None:
    if sys.platform == "win32":
        import ctypes

        path_as_text = 3
        ctypes.windll.shell32.SHAddToRecentDocs(path_as_text, str(file))
