"""Marking text for translation where it is only kept, not shown yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6 import QtCore

QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)
"""``(context, text) -> text``: the string tools find it by this name; Qt's own stub says object."""
