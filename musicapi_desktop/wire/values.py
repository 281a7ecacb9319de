"""Reading values out of JSON that may be anything: each function takes any value and never raises."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Mapping
from typing import cast

Json = Mapping[str, object]

_EMPTY: dict[str, object] = {}

_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxdict, _SHORT.maxlist, _SHORT.maxstring, _SHORT.maxother = 3, 12, 4, 120, 60


def shown(value: object) -> str:
    """Return a short picture of any JSON, however deep, for the detail of an error."""
    return _SHORT.repr(value)


def mapping(value: object) -> Json:
    """Return ``value`` where it is a JSON object, else an empty one."""
    return cast("Json", value) if isinstance(value, Mapping) else _EMPTY


def items(value: object) -> list[object]:
    """Return ``value`` where it is a JSON array, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a string as it is and a number in digits; anything else is an empty text."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.15g}" if isinstance(value, float) else _digits(value)
    return ""


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of thousands of digits
        return ""


def number(value: object) -> float | None:
    """Return a finite number from an int, a float or a numeric text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        result = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def whole(value: object) -> int | None:
    """Return a number rounded down to a whole one, or None."""
    result = number(value)
    return None if result is None else math.floor(result)


def flag(value: object) -> bool | None:
    """Return a JSON boolean (or its name as a text), or None."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def first_text(source: Json, keys: Iterable[str]) -> str:
    """Return the first non-blank text under one of ``keys``."""
    for key in keys:
        found = text(source.get(key))
        if found.strip():
            return found
    return ""
