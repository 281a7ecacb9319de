"""What PySide carries as a zipped text and compiles anew at every start, laid out as files that are compiled already.

Its loader looks for ``files.dir`` beside the shiboken6 package before it takes the zip; the files are the same.
"""

from __future__ import annotations

import py_compile
import shutil
from pathlib import Path, PurePosixPath

PLACE = "shiboken6/files.dir"


def lay_out(target: Path) -> list[tuple[str, str, str]]:
    """Write the files into ``target``; return them as entries of PyInstaller's table of contents.

    Raises RuntimeError where this PySide does not carry them as it did: the look at its loader must be repeated.
    """
    import shiboken6  # noqa: F401  # makes the next one importable
    import shibokensupport

    archive = getattr(shibokensupport.__loader__, "zfile", None)
    if archive is None:
        raise RuntimeError("PySide's support files are not where they were")
    shutil.rmtree(target, ignore_errors=True)
    entries: list[tuple[str, str, str]] = []
    for name in archive.namelist():
        if not name.startswith("shibokensupport/") or not name.endswith(".py"):
            continue
        source = target / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(archive.read(name))
        # never compared with its source: the files of a package have the package's times, not the build's
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compiled = Path(py_compile.compile(str(source), doraise=True, dfile=name, invalidation_mode=mode))
        for file in (source, compiled):
            entries.append((str(PurePosixPath(PLACE) / file.relative_to(target).as_posix()), str(file), "DATA"))
    if not any(place.endswith("signature/loader.py") for place, _, _ in entries):
        raise RuntimeError("PySide's support files lack their loader")
    return entries
