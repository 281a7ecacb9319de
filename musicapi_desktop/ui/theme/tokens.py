"""The design tokens: colours by role, sizes by name, one hue a stem. Read once from resources/themes/tokens.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from musicapi_desktop.settings.locations import resource

ROLES: Final = (
    "bg",
    "panel",
    "raised",
    "sunk",
    "line",
    "line_strong",
    "selection",
    "text",
    "text_dim",
    "text_faint",
    "accent",
    "on_accent",
    "accent_soft",
    "play",
    "ok",
    "warn",
    "bad",
    "focus",
)
"""Every colour role; both schemes name all of them."""

TEXT_ROLES: Final = ("text", "text_dim", "text_faint", "accent", "play", "ok", "warn", "bad")
"""Roles that text is set in; each stands 4.5:1 against every surface."""

SURFACES: Final = ("bg", "panel", "raised", "sunk", "selection")
"""Roles that text stands on."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens. Colours are ``#rrggbb``; sizes are logical pixels, but for ``font_base_pt``."""

    dark: Mapping[str, str]
    light: Mapping[str, str]
    stems: Mapping[str, str]
    size: Mapping[str, int]

    def scheme(self, name: str) -> Mapping[str, str]:
        """The colours of ``dark`` or ``light``."""
        return self.light if name == "light" else self.dark


@cache
def tokens() -> Tokens:
    """The tokens of this installation. Raises OSError, ValueError or KeyError where the file is not whole."""
    found = json.loads(resource("themes/tokens.json").read_text("utf-8"))
    return Tokens(
        dark=cast("dict[str, str]", found["dark"]),
        light=cast("dict[str, str]", found["light"]),
        stems=cast("dict[str, str]", found["stems"]),
        size=cast("dict[str, int]", found["size"]),
    )
