"""The log file, with keys removed whatever is logged."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

_SECRETS = re.compile(r"(?i)(bearer\s+|sk[_-]|(?:key|token|secret|authorization)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;}]{4,}")


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def redacted(text: str) -> str:
    """``text`` with everything that looks like a key replaced."""
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
