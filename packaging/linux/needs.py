"""Which libraries of the system a program asks for, read from its files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\x7fELF"
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
_LOADER = "ld-linux"
_PARTS_OF_LIBC = {"libm.so.6", "libdl.so.2", "libpthread.so.0", "libresolv.so.2", "libmvec.so.1", "librt.so.1"}
_PARTS_OF_GLIB = {"libgthread-2.0.so.0", "libgobject-2.0.so.0"}


def binaries(folder: Path) -> Iterator[Path]:
    """Every program and library in ``folder``."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == _MAGIC:
                    yield path


def missing(folder: Path) -> list[str]:
    """The names of the libraries that ``folder`` asks for and does not hold, sorted; parts of libc count as libc."""
    asked: set[str] = set()
    held = {path.name for path in folder.rglob("*.so*")}
    for path in binaries(folder):
        said = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        asked.update(_NEEDED.findall(said))
    outside = {name for name in asked - held if not name.startswith(_LOADER)}
    outside = {"libc.so.6" if name in _PARTS_OF_LIBC else name for name in outside}
    return sorted({"libglib-2.0.so.0" if name in _PARTS_OF_GLIB else name for name in outside})
