"""From the bytes of a request to a JSON object."""

from __future__ import annotations

import json
from typing import NoReturn, cast

from musicapi_desktop.wire.values import Json

from .fields import Rejected


def parse(raw: bytes) -> Json:
    """Return the JSON object of a body. Half characters are replaced, so that every text can be written again.

    Raises Rejected.
    """
    try:
        value: object = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Rejected("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise Rejected("The body must be a JSON object.")
    return cast("Json", _mended(cast("object", value)))


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _mended(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mended(key): _mended(inner) for key, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in cast("list[object]", value)]
    return value
