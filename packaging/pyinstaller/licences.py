"""The licence texts of everything a frozen program contains, gathered from what it was made of."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_TEXTS = ("licen", "copying", "notice", "authors")
_BUILT_IN_TEXTS = {"pyside6-essentials", "shiboken6"}
"""Their wheels bring no text; licences/ has it."""


def gather(modules: Iterable[str], libraries: Iterable[str], target: Path) -> Path:
    """Write into ``target`` one folder per part and return it.

    ``modules`` are the names of the frozen Python modules, ``libraries`` the files of shared libraries as they were
    found on this computer. Raises RuntimeError for a part whose terms are not found: it must not be shipped.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(HERE / "licences", target)
    shutil.copyfile(ROOT / "LICENSE", target / "musicapi-desktop.txt")
    _python(target / "python")
    for name in sorted(_distributions(modules)):
        _of_distribution(name, target)
    if sys.platform.startswith("linux"):
        for package in sorted(_system_packages(libraries)):
            _copy([Path(f"/usr/share/doc/{package}/copyright")], target / package)
    return target


def _distributions(modules: Iterable[str]) -> set[str]:
    owners = metadata.packages_distributions()
    # an extension module is named by its file: _cffi_backend.cpython-311-x86_64-linux-gnu.so
    tops = {name.replace("\\", "/").split("/")[0].split(".")[0] for name in modules}
    return {owner.lower().replace("_", "-") for top in tops for owner in owners.get(top, [])} - {"musicapi-desktop"}


def _of_distribution(name: str, target: Path) -> None:
    if name in _BUILT_IN_TEXTS:
        return
    # a text may also lie beside the code, as that of libsndfile does
    files = metadata.distribution(name).files or []
    texts = [Path(str(f.locate())) for f in files if f.name.lower().startswith(_TEXTS) and f.suffix != ".py"]
    if not texts:
        raise RuntimeError(f"no licence text came with {name}")
    _copy(texts, target / name)


def _python(target: Path) -> None:
    stdlib, prefix = Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)
    candidates = [stdlib / "LICENSE.txt", prefix / "LICENSE.txt", Path("/usr/share/doc/python3.11/copyright")]
    texts = [path for path in candidates if path.exists()]
    if not texts:
        raise RuntimeError("the licence of this Python was not found")
    _copy(texts[:1], target)


def _system_packages(libraries: Iterable[str]) -> set[str]:
    """The system's packages that own ``libraries``: those that are shipped from this computer."""
    found: set[str] = set()
    for library in libraries:
        real = Path(library).resolve()
        for spelling in (real, Path("/usr") / real.relative_to("/"), Path("/") / str(real).removeprefix("/usr/")):
            answer = subprocess.run(["dpkg", "-S", spelling], capture_output=True, text=True, check=False)
            if answer.returncode == 0:
                found.add(answer.stdout.split(":")[0])
                break
        else:
            raise RuntimeError(f"it is not known where {library} comes from, so neither are its terms")
    return found


def _copy(texts: Iterable[Path], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for text in texts:
        place = target / text.name
        if place.exists():
            place = target / f"{text.parent.name} {text.name}"
        shutil.copyfile(text, place)
