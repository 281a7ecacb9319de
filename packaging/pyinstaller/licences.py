"""The licence texts of everything a frozen program contains, gathered from what it was made of.

``CONTENTS.txt`` beside them tells where the terms of every part of the program are; ``uncovered`` looks whether that
holds.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from contents import Entry, of_system

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CONTENTS = "CONTENTS.txt"
_TEXTS = ("licen", "copying", "notice", "authors")
_OURS = "musicapi-desktop"
_QT = "LGPL-3.0.txt, GPL-3.0.txt, qt-third-party"
_FFMPEG = ("avutil", "avcodec", "avformat", "swresample")
_PYTHON = "python"
_BOOT_LOADER = "pyinstaller"
_WRITTEN_HERE = {
    # wheels without a text: licences/ has it
    "pyside6-essentials": _QT,
    "pyside6-addons": _QT,
    "shiboken6": _QT,
}
_RESOURCES = {
    "bank": "../resources/bank/LICENCES.txt",
    "voices": "../resources/voices/LICENCES.txt",
    "pronunciation": "../resources/pronunciation/LICENSE-cmudict.txt",
    "fonts": "../resources/fonts/OFL.txt",
    "icons": "../resources/icons/LICENSE.txt",
}
"""Resources of others, each with its terms beside it; what is not named is the app's own."""


def gather(entries: Iterable[Entry], target: Path) -> Path:
    """Write into ``target`` the terms of everything in PyInstaller's tables of contents; return it.

    Raises RuntimeError for a part whose terms are not found: it must not be shipped.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(HERE / "licences", target)
    shutil.copyfile(ROOT / "LICENSE", target / f"{_OURS}.txt")
    # a namespace of packages has no file of its own, nor has a link
    told = {_place(entry): _terms(entry) for entry in entries if entry[1] != "-" and entry[2] != "SYMLINK"}
    told["base_library.zip"] = _PYTHON
    for name in sorted({part for terms in told.values() for part in terms.split(", ")} | {_PYTHON, _BOOT_LOADER}):
        _write(name, target)
    lines = [f"{place}\t{terms}" for place, terms in sorted(told.items())]
    (target / CONTENTS).write_text("\n".join(lines) + "\n", "utf-8")
    return target


def uncovered(internal: Path) -> list[str]:
    """What lies in a frozen program's folder ``internal`` without terms, or with terms that are missing or empty."""
    folder = internal / "licences"
    lines = (folder / CONTENTS).read_text("utf-8").splitlines()
    told = dict(line.split("\t") for line in lines)
    found: list[str] = []
    for file in sorted(internal.rglob("*")):
        place = file.relative_to(internal)
        if file.is_file() and not file.is_symlink() and place.parts[0] != "licences" and place.as_posix() not in told:
            found.append(f"{place}: no terms are told")
    for terms in sorted({part for told_here in told.values() for part in told_here.split(", ")}):
        texts = [folder / terms] if terms.endswith(".txt") else list((folder / terms).glob("*"))
        if not any(text.is_file() and text.stat().st_size > 100 for text in texts):
            found.append(f"{terms}: there is no text")
    return found


def _place(entry: Entry) -> str:
    place = entry[0].replace("\\", "/")
    return f"module {place}" if entry[2] in {"PYMODULE", "PYSOURCE"} else place


def _terms(entry: Entry) -> str:
    """The name of the folder, or the names of the texts, with the terms of one part."""
    place, source, _kind = entry
    parts = place.replace("\\", "/").split("/")
    if parts[0] == "resources":
        return _RESOURCES.get(parts[1], f"{_OURS}.txt")
    if Path(source).name.startswith("libicu"):
        return "icu"
    owner = _owner_of_file(Path(source))
    if owner:
        return _terms_of_wheel(owner, Path(source).name)
    if parts[0] == "shiboken6":
        return _QT
    top = parts[0].split(".")[0]
    if top == "musicapi_desktop" or Path(source).is_relative_to(ROOT):
        return f"{_OURS}.txt"
    if top in sys.stdlib_module_names or _of_python(Path(source)):
        return _PYTHON
    if sys.platform.startswith("linux") and of_system(source):
        return _system_package(source)
    raise RuntimeError(f"it is not known where {place} comes from ({source}), so neither are its terms")


def _terms_of_wheel(owner: str, name: str) -> str:
    if owner == "pyside6-addons" and name.removeprefix("lib").startswith(_FFMPEG):
        return "LGPL-2.1.txt, ffmpeg"
    return _WRITTEN_HERE.get(owner, owner)


@cache
def _owners() -> dict[Path, str]:
    owned: dict[Path, str] = {}
    for distribution in metadata.distributions():
        name = distribution.name.lower().replace("_", "-")
        for file in distribution.files or []:
            owned[Path(str(file.locate())).resolve()] = name
    return owned


def _owner_of_file(source: Path) -> str:
    return "" if not source.name else _owners().get(source.resolve(), "")


def _of_python(source: Path) -> bool:
    places = [
        Path(sysconfig.get_path("stdlib")),
        Path(sysconfig.get_path("platstdlib")),
        Path(sys.base_prefix) / "DLLs",
    ]
    if any(source.is_relative_to(place) for place in places):
        return True
    # elsewhere than on Linux the libraries beside the interpreter are handed out with it
    return not sys.platform.startswith("linux") and source.is_relative_to(sys.base_prefix)


@cache
def _system_package(source: str) -> str:
    """The system's package that owns a library which is shipped from this computer."""
    real = Path(source).resolve()
    for spelling in (real, Path("/usr") / real.relative_to("/"), Path("/") / str(real).removeprefix("/usr/")):
        answer = subprocess.run(["dpkg", "-S", spelling], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout.split(":")[0]
    raise RuntimeError(f"it is not known where {source} comes from, so neither are its terms")


def _write(terms: str, target: Path) -> None:
    if terms.endswith(".txt") or (target / terms).exists():
        return
    copyright_file = Path(f"/usr/share/doc/{terms}/copyright")
    if terms == _PYTHON:
        _copy(_texts_of_python(), target / terms)
    elif terms in _owners().values():
        _copy(_texts_of_distribution(terms), target / terms)
    elif copyright_file.exists():
        _copy([copyright_file], target / terms)
    else:
        raise RuntimeError(f"no licence text was found for {terms}")


def _texts_of_distribution(name: str) -> list[Path]:
    # a text may also lie beside the code, as that of libsndfile does
    files = metadata.distribution(name).files or []
    named = [f for f in files if f.name.lower().startswith(_TEXTS) and f.suffix != ".py"]
    texts = [Path(str(f.locate())) for f in [*named, *(f for f in files if f.parts[0] == "licensing")]]
    if not texts:
        raise RuntimeError(f"no licence text came with {name}")
    return texts


def _texts_of_python() -> list[Path]:
    stdlib, prefix = Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    places = [stdlib / "LICENSE.txt", prefix / "LICENSE.txt", Path(f"/usr/share/doc/python{version}/copyright")]
    texts = [path for path in places if path.exists()]
    if not texts:
        raise RuntimeError("the licence of this Python was not found")
    return texts[:1]


def _copy(texts: Iterable[Path], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for text in texts:
        place = target / text.name
        if place.exists():
            place = target / f"{text.parent.name} {text.name}"
        shutil.copyfile(text, place)
