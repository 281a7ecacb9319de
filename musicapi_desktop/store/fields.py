"""Reading JSON that another version of the app may have written: unknown keys are ignored, wrong types are defaults."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

E = TypeVar("E", bound=StrEnum)


def storable(text: str) -> str:
    """Return ``text`` as the database and files can hold it: no NUL, half characters replaced."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def json_text(values: Mapping[str, object]) -> str:
    """Return a flat or nested object as JSON text."""
    return storable(json.dumps(dict(values), ensure_ascii=False)) if values else "{}"


def json_map(text: str) -> dict[str, object]:
    """Return the object of a JSON text; empty where it is none."""
    if text == "{}":
        return {}
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return dict(cast("Mapping[str, object]", found)) if isinstance(found, Mapping) else {}


def text_map(text: str) -> dict[str, str]:
    """Return the texts of the object of a JSON text."""
    return {key: value for key, value in json_map(text).items() if isinstance(value, str)}


class Fields:
    """A JSON object, read field by field; never raises."""

    def __init__(self, source: object) -> None:
        self._source: Mapping[str, object] = cast("Mapping[str, object]", source) if isinstance(source, Mapping) else {}

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._source.get(key)
        return storable(value) if isinstance(value, str) else default

    def number(self, key: str) -> float | None:
        """A finite number, or None."""
        value = self._source.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value)

    def whole(self, key: str, default: int = 0) -> int:
        """A whole number."""
        value = self.number(key)
        return default if value is None else int(value)

    def flag(self, key: str) -> bool:
        """A truth value."""
        return self._source.get(key) is True

    def word(self, key: str, default: E) -> E:
        """A word of an enumeration; one that is not known becomes ``default``."""
        value = self._source.get(key)
        try:
            return type(default)(value) if isinstance(value, str) else default
        except ValueError:
            return default

    def inner(self, key: str) -> Fields | None:
        """An object within, or None."""
        value = self._source.get(key)
        return Fields(cast("object", value)) if isinstance(value, Mapping) else None

    def each(self, key: str) -> list[Fields]:
        """The objects of a list."""
        value = self._source.get(key)
        return [Fields(entry) for entry in cast("list[object]", value)] if isinstance(value, list) else []

    def plain(self, key: str) -> dict[str, object]:
        """An object as it is."""
        value = self._source.get(key)
        return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {}
