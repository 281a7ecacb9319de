"""Numbered steps of the library's schema: entry N brings a library from version N to N + 1. Never edit an old one."""

from __future__ import annotations

from . import m0001_first, m0002_everything

MIGRATIONS: tuple[str, ...] = (m0001_first.SQL, m0002_everything.SQL)
