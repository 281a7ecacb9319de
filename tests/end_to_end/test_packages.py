"""What the packages are made from: descriptions that validators accept, and archives that hold everything."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from musicapi_desktop import __version__
from musicapi_desktop.app.command_line import parse
from musicapi_desktop.app.links import is_link

ROOT = Path(__file__).parent.parent.parent
LINUX = ROOT / "packaging" / "linux"
DESKTOP = LINUX / "musicapi-desktop.desktop"
RESOURCES = [f for f in (ROOT / "resources").rglob("*") if f.is_file()]


@pytest.fixture(scope="module")
def packaging():
    """The modules that build packages."""
    sys.path.insert(0, str(ROOT / "packaging"))
    from linux import packages

    yield packages
    sys.path.remove(str(ROOT / "packaging"))


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_desktop_entry_is_valid():
    done = subprocess.run(["desktop-file-validate", DESKTOP], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_command_of_the_desktop_entry_is_understood():
    entry = configparser.RawConfigParser()
    entry.read(DESKTOP)
    commands = [entry[section]["Exec"].split() for section in entry.sections()]
    assert len(commands) == 3
    for program, *arguments in commands:
        assert program == "musicapi-desktop"
        given = parse([a for a in arguments if a != "%U"])
        assert all(is_link(name) for name in given.files)


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstream is not installed")
def test_the_metainfo_is_valid(packaging, tmp_path):
    order = packaging.Order(ROOT, tmp_path, tmp_path, tmp_path, __version__, datetime.now(UTC), Path(sys.executable))
    file = tmp_path / "ai.musicapi.Desktop.metainfo.xml"
    file.write_text(packaging._filled(LINUX / file.name, order), "utf-8")
    command = ["appstreamcli", "validate", "--no-net", "--no-color", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "@" not in file.read_text().split("<releases>")[1]


@pytest.mark.skipif(shutil.which("readelf") is None, reason="binutils are not installed")
def test_the_libraries_qt_asks_for_have_a_package(packaging):
    import PySide6

    qt = Path(PySide6.__file__).parent
    asked = set()
    for library in ("libQt6Core.so.6", "libQt6Gui.so.6", "libQt6XcbQpa.so.6", "libQt6Network.so.6"):
        said = subprocess.run(
            ["readelf", "-d", qt / "Qt" / "lib" / library], capture_output=True, text=True, check=True
        ).stdout
        asked |= {
            name for name in packaging.needs._NEEDED.findall(said) if not name.startswith(("libQt6", "libicu", "libz."))
        }
    known = tomllib.loads((LINUX / "description.toml").read_text())["debian"]
    parts = packaging.needs._PARTS_OF_LIBC | packaging.needs._PARTS_OF_GLIB
    assert {name for name in asked if name not in known and name not in parts and "ld-linux" not in name} == set()


@pytest.mark.slow
def test_wheel_and_source_archive_hold_every_resource(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
    (wheel,), (archive,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    wanted = {f"musicapi_desktop/resources/{f.relative_to(ROOT / 'resources').as_posix()}" for f in RESOURCES}
    assert wanted - names == set()
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    assert {"packaging/dev.py", "packaging/lock.txt", "tests/conftest.py", "README.md", "LICENSE"} <= held
    assert {f.relative_to(ROOT).as_posix() for f in RESOURCES} - held == set()
