"""What the frozen program contains: which modules, which Qt plugins, and which libraries stay the system's own."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath
from typing import Protocol

LINUX = sys.platform.startswith("linux")

Entry = tuple[str, str, str]
"""(place in the program, file on this computer, kind): PyInstaller's own table of contents."""

EXCLUDED_MODULES = [
    # never used, large, or under a licence the app does not take in (readline and gdbm are GPL)
    "tkinter", "_tkinter", "turtle", "idlelib", "lib2to3", "pydoc_data", "ensurepip", "venv", "test", "curses",
    "_curses", "_curses_panel", "readline", "dbm.gnu", "dbm.ndbm", "_gdbm", "_dbm",
    "pip", "setuptools", "pkg_resources", "wheel", "IPython", "PIL", "matplotlib", "scipy", "gi", "dbus",
    "numpy.f2py", "numpy.distutils", "numpy.testing", "numpy.tests", "mido.backends", "httpx._main", "keyrings",
    # QtQml pulls in half of Qt; the window is made of widgets
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtQuickControls2", "PySide6.QtSql",
    "PySide6.QtPrintSupport", "PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtUiTools", "PySide6.QtConcurrent",
    "PySide6.QtOpenGLWidgets", "PySide6.QtSvgWidgets", "PySide6.QtXml",
]  # fmt: skip

KEYRING_BACKENDS = {
    "linux": ["keyring.backends.SecretService", "keyring.backends.chainer", "keyring.backends.fail"],
    "darwin": ["keyring.backends.macOS", "keyring.backends.fail"],
    "win32": ["keyring.backends.Windows", "keyring.backends.fail", "win32ctypes.pywin32"],
}

_WANTED_PLUGINS = {
    "platforms": {"qxcb", "qoffscreen", "qwayland", "qwindows", "qcocoa"},
    "imageformats": {"qsvg", "qjpeg", "qwebp", "qico"},
    "iconengines": {"qsvgicon"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platformthemes": {"qxdgdesktopportal"},
    "styles": {"qmacstyle", "qmodernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    "wayland-shell-integration": {"xdg-shell", "qt-shell"},
}
"""Of Qt's plugin folders only these, and of each only these; HTTP is not Qt's business, so it needs no TLS."""

_UNWANTED_QT = ("Qml", "Quick", "Pdf", "VirtualKeyboard", "EglFS", "EglFs", "Sql", "PrintSupport", "Designer")

_DECODER = {
    "linux": ("Qt/lib", "lib{0}.so.[0-9][0-9]", "libswresample.so.[0-9]", "libQt6FFmpegStub-*.so.[0-9]"),
    "darwin": ("Qt/lib", "lib{0}.[0-9][0-9].dylib", "libswresample.[0-9].dylib", "libQt6FFmpegStub-*.[0-9].dylib"),
    "win32": ("", "{0}-[0-9][0-9].dll", "swresample-[0-9].dll"),
}
"""Where the FFmpeg libraries of PySide6-Addons lie, and how they are called."""

_SHIPPED_FROM_THE_SYSTEM = (
    # what Python's own modules are linked to; their versions differ between systems
    "libpython3", "libssl.", "libcrypto.", "libsqlite3.", "libffi.", "libbz2.", "liblzma.", "libz.", "libexpat.",
    "libmpdec.", "libuuid.",
)  # fmt: skip


_REPLACED_HOOKS = {
    "pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_cryptography_openssl", "pyi_rth_pyside6", "pyi_rth_multiprocessing",
}  # fmt: skip


class Analysis(Protocol):
    """The part of PyInstaller's analysis that is worked on here."""

    scripts: list[Entry]
    pure: list[Entry]


def replace_run_hooks(analysis: Analysis) -> None:
    """Take out the hooks that run_hook.py stands in for; the one for multiprocessing becomes a module it may import.

    Raises RuntimeError where PyInstaller brought a hook that is not known here: whether it is needed must be looked at.
    """
    hooks = [entry for entry in analysis.scripts if entry[0].startswith("pyi_rth_")]
    unknown = {name for name, _source, _kind in hooks} - _REPLACED_HOOKS
    if unknown:
        raise RuntimeError(f"these hooks of PyInstaller are new: {sorted(unknown)}")
    analysis.pure += [(n, s, "PYMODULE") for n, s, _kind in hooks if n == "pyi_rth_multiprocessing"]
    analysis.scripts = [entry for entry in analysis.scripts if entry not in hooks]


def decoder(pyside: PurePath) -> list[tuple[str, str]]:
    """What decodes AAC (musicapi_desktop.dsp.aac), which nothing imports: (file, folder in the program).

    Raises FileNotFoundError where PySide6-Addons is not installed.
    """
    folder, *patterns = _DECODER[sys.platform]
    named = [pattern.format(name) for pattern in patterns for name in ("avutil", "avcodec", "avformat")]
    found = {path for pattern in named for path in Path(pyside, folder).glob(pattern)}
    if len(found) < len(patterns) + 2:
        raise FileNotFoundError(f"PySide6-Addons is not whole: {sorted(path.name for path in found)}")
    return [(str(path), str(PurePath("PySide6", folder))) for path in sorted(found)]


def wanted(entry: Entry) -> bool:
    """Tell whether a collected file belongs into the program."""
    place, source, _kind = entry
    parts = PurePath(place.replace("\\", "/")).parts
    name = parts[-1]
    if "plugins" in parts and "PySide6" in parts:
        return _wanted_plugin(parts)
    if {"translations", "qml", "metatypes"} & set(parts) and "PySide6" in parts:
        return False
    if name.startswith(("libQt6", "Qt6")) and any(word in name for word in _UNWANTED_QT):
        return False
    return not (LINUX and _systems_own(name, source))


def _wanted_plugin(parts: tuple[str, ...]) -> bool:
    folder = parts[parts.index("plugins") + 1]
    bare = parts[-1].split(".")[0].removeprefix("lib")
    return bare in _WANTED_PLUGINS.get(folder, set())


def of_system(source: str) -> bool:
    """Tell whether a file belongs to this computer's system rather than to the environment."""
    return source.startswith(("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")) and "/lib-dynload/" not in source


def _systems_own(name: str, source: str) -> bool:
    """Graphics, sound, bus and C libraries must be those of the computer it runs on; the packages depend on them."""
    return of_system(source) and not name.startswith(_SHIPPED_FROM_THE_SYSTEM)
