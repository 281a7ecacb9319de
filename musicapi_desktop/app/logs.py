"""The log file, with keys removed whatever is logged."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

_SHORTEST = 4
"""Characters; what is shorter would take ordinary words out of the log."""
_SECRETS = re.compile(r"(?i)(bearer\s+|sk[_-]|(?:key|token|secret|authorization)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;}]{4,}")

_known: set[str] = set()
"""Secrets that passed through the app in this run."""


def hide(secret: str) -> None:
    """Keep a secret out of the log from now on, whatever quotes it. Any thread."""
    if len(secret) >= _SHORTEST:
        _known.add(secret)


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def redacted(text: str) -> str:
    """``text`` with every secret of this run, and everything that looks like a key, replaced."""
    for secret in tuple(_known):
        text = text.replace(secret, "•••")
    return _SECRETS.sub(lambda found: found.group(1) + "•••", text)


def start_log(folder: Path) -> Path:
    """Log to ``folder``/app.log (three files of 1 MB); return the file. Raises OSError where the disk refuses."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "app.log"
    handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    for chatty in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return file
