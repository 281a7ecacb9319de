"""One server per folder: a lock that the system releases however the process ends."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_AGAIN = 0.05


class FolderTaken(Exception):
    """Another server uses the folder."""


@contextmanager
def hold(folder: Path, patience: float) -> Generator[None, None, None]:
    """Keep ``folder`` to this process. Waits up to ``patience`` seconds for one that is just ending.

    Raises FolderTaken, or OSError where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("ab") as file:
        until = time.monotonic() + patience
        pause = threading.Event()
        while not _locked(file):
            if time.monotonic() >= until:
                raise FolderTaken
            pause.wait(_AGAIN)
        yield


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
