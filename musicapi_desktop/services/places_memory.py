"""What lies in places, or may: remembered in the preferences before the first byte goes up. No secret is in it."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from typing import cast

from musicapi_desktop.domain.place import Place, PlaceKind
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields

LYING_KEY = "sources.lying"


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies in a place, or may: ``owners`` are the jobs that need it, ``source`` the file it is a copy of.

    ``since`` in Unix seconds.
    """

    name: str
    place: Place
    source: str
    owners: tuple[str, ...]
    since: float


class PlaceMemory:
    """All that lies in places. Any thread. Writing raises OSError where the disk refuses."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._lock = threading.RLock()

    def all(self) -> list[Lying]:
        """Everything, the oldest first."""
        plain: list[object] = self._preferences.get(LYING_KEY, cast("list[object]", []))
        return [entry for each in plain if (entry := _entry(Fields(each))) is not None]

    def keep(self, entry: Lying) -> None:
        """Remember a file, in place of what was known under its name."""
        with self._lock:
            self._write([*(each for each in self.all() if each.name != entry.name), entry])

    def forget(self, name: str) -> None:
        """The file is gone."""
        with self._lock:
            self._write([each for each in self.all() if each.name != name])

    def claim(self, place: Place, source: str, owner: str) -> Lying | None:
        """Add an owner to the copy of ``source`` that lies in ``place`` already; None where there is none."""
        with self._lock:
            for entry in self.all():
                if entry.place == place and entry.source == source and entry.owners:
                    claimed = replace(entry, owners=tuple(dict.fromkeys((*entry.owners, owner))))
                    self.keep(claimed)
                    return claimed
        return None

    def disown(self, owner: str) -> list[Lying]:
        """Take an owner away everywhere; return what nobody needs now."""
        left: list[Lying] = []
        with self._lock:
            for entry in self.all():
                if owner in entry.owners:
                    changed = replace(entry, owners=tuple(each for each in entry.owners if each != owner))
                    self.keep(changed)
                    left += [] if changed.owners else [changed]
        return left

    def _write(self, entries: list[Lying]) -> None:
        self._preferences.set(LYING_KEY, [_plain(each) for each in entries])


def plain_place(place: Place) -> dict[str, object]:
    """Return a place as JSON holds it."""
    return {**asdict(place), "kind": str(place.kind)}


def place_of(fields: Fields | None) -> Place | None:
    """Return the place that JSON holds, None where it holds none."""
    if fields is None or not fields.text("address"):
        return None
    return Place(
        fields.word("kind", PlaceKind.S3),
        fields.text("address"),
        fields.text("user"),
        fields.text("bucket"),
        fields.text("region"),
        fields.text("prefix"),
        fields.flag("path_style"),
        fields.text("public"),
        fields.whole("minutes", 60),
    )


def _plain(entry: Lying) -> dict[str, object]:
    return {**asdict(entry), "owners": dict.fromkeys(entry.owners, True), "place": plain_place(entry.place)}


def _entry(fields: Fields) -> Lying | None:
    place, name = place_of(fields.inner("place")), fields.text("name")
    if place is None or not name:
        return None
    owners = tuple(fields.plain("owners"))
    return Lying(name, place, fields.text("source"), owners, fields.number("since") or 0.0)
