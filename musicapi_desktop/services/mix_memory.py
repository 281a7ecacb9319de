"""The mixer's state of each take, in one small file a take."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from musicapi_desktop.domain.kept_mix import KeptMix, kept_from, plain_of

from .song_folder import write_whole

log = logging.getLogger(__name__)


class MixMemory:
    """Keeps a KeptMix per take below ``folder``. Quick: a file is about 1 kB."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, take_id: str) -> KeptMix | None:
        """What was kept for a take; None where nothing was, or it cannot be read."""
        try:
            return kept_from(json.loads(self._file(take_id).read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def put(self, take_id: str, kept: KeptMix) -> None:
        """Keep the state of a take. A disk that refuses is logged: the mix sounds, and the next change is kept."""
        try:
            write_whole(self._file(take_id), json.dumps(plain_of(kept)).encode())
        except OSError as error:
            log.warning("the mix of %s was not kept: %s", take_id, error)

    def _file(self, take_id: str) -> Path:
        return self._folder / f"{take_id}.json"
