"""Typed reading of TOML tables: a wrong or unknown entry is named with its file, so that a musician can mend it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import cast


class StyleError(ValueError):
    """A data file breaks the format; the message names file and entry."""


class Table:
    """One table of a file. Reading an entry marks it known; ``done`` refuses what nobody read."""

    def __init__(self, where: str, entries: dict[str, object]) -> None:
        self.where = where
        self._entries = entries
        self._known: set[str] = set()

    @classmethod
    def of_file(cls, path: Path) -> Table:
        """Read a file. Raises StyleError where it is not TOML."""
        try:
            return cls(path.name, tomllib.loads(path.read_text("utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise StyleError(f"{path.name}: {error}") from error

    def _take(self, name: str) -> object:
        self._known.add(name)
        return self._entries.get(name)

    def _wrong(self, name: str, wanted: str) -> StyleError:
        return StyleError(f"{self.where}: {name} must be {wanted}")

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required where there is no default."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number; required where there is no default."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(name, "a number")
        return float(value)

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings (one string counts as a list of one)."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in cast("list[object]", value)):
            raise self._wrong(name, "a list of texts")
        return tuple(cast("list[str]", value))

    def pair(self, name: str, default: tuple[int, int] | None = None) -> tuple[int, int]:
        """Two whole numbers, the lower first."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        items = cast("list[object]", value) if isinstance(value, list) else []
        if len(items) != 2 or not all(isinstance(v, int) for v in items):
            raise self._wrong(name, "two whole numbers")
        low, high = cast("list[int]", items)
        return min(low, high), max(low, high)

    def table(self, name: str) -> Table:
        """A sub-table; empty where it is missing."""
        value = self._take(name)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self._wrong(name, "a table")
        return Table(f"{self.where} [{name}]", cast("dict[str, object]", value))

    def tables(self, name: str) -> list[Table]:
        """A list of tables; empty where it is missing."""
        value = self._take(name)
        items = cast("list[object]", value) if isinstance(value, list) else []
        if value is not None and not all(isinstance(v, dict) for v in items):
            raise self._wrong(name, "a list of tables")
        return [
            Table(f"{self.where} [[{name}]] {place + 1}", cast("dict[str, object]", v)) for place, v in enumerate(items)
        ]

    def names(self) -> list[str]:
        """The entries' names, in the file's order."""
        return list(self._entries)

    def done(self) -> None:
        """Refuse entries that nobody read."""
        unknown = sorted(set(self._entries) - self._known)
        if unknown:
            raise StyleError(f"{self.where}: unknown entry {', '.join(unknown)}")
