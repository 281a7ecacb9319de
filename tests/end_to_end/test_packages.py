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
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from musicapi_desktop import __version__
from musicapi_desktop.app.command_line import parse
from musicapi_desktop.app.links import is_link

ROOT = Path(__file__).parent.parent.parent
LINUX = ROOT / "packaging" / "linux"
DESKTOP = LINUX / "musicapi-desktop.desktop"
FROZEN = ROOT / "dist" / "musicapi-desktop" / "_internal"
RESOURCES = [f for f in (ROOT / "resources").rglob("*") if f.is_file()]


@pytest.fixture(scope="module")
def packaging():
    """The modules that build packages."""
    sys.path.insert(0, str(ROOT / "packaging"))
    from linux import packages

    yield packages
    sys.path.remove(str(ROOT / "packaging"))


@pytest.fixture(scope="module")
def freezing():
    """The modules that freeze the program: its licences, and what Qt is given with it."""
    folder = str(ROOT / "packaging" / "pyinstaller")
    sys.path.insert(0, folder)
    import licences
    import qt_support

    yield SimpleNamespace(licences=licences, qt_support=qt_support)
    sys.path.remove(folder)


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


def test_a_part_without_terms_is_found(freezing, tmp_path):
    texts = tmp_path / "licences"
    (texts / "numpy").mkdir(parents=True)
    (texts / "numpy" / "LICENSE.txt").write_text("terms " * 50)
    (texts / "ours.txt").write_text("")
    (texts / "CONTENTS.txt").write_text("resources/a.svg\tours.txt\nnumpy/core.so\tnumpy\nlibx.so\tlibx1\n")
    for name in ("resources/a.svg", "numpy/core.so", "numpy/stranger.so"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.touch()
    found = freezing.licences.uncovered(tmp_path)
    assert [line.split(":")[0] for line in found] == ["numpy/stranger.so", "libx1", "ours.txt"]


def test_the_resources_of_others_have_their_terms_beside_them(freezing):
    for folder, terms in freezing.licences._RESOURCES.items():
        assert (ROOT / "resources" / folder).is_dir()
        assert len((ROOT / terms.removeprefix("../")).read_text("utf-8")) > 500, terms
    notices = (ROOT / "resources" / "voices" / "LICENCES.txt").read_text("utf-8")
    assert "Alan W Black" in notices
    assert "festvox.org/cmu_arctic" in notices


@pytest.mark.skipif(not (FROZEN / "licences" / "CONTENTS.txt").exists(), reason="there is no frozen program")
def test_everything_in_the_frozen_program_has_its_terms(freezing):
    assert freezing.licences.uncovered(FROZEN) == []


def test_qts_support_files_are_laid_out_compiled(freezing, tmp_path):
    entries = freezing.qt_support.lay_out(tmp_path)
    places = {place for place, _source, _kind in entries}
    loader = "shiboken6/files.dir/shibokensupport/signature/loader.py"
    assert loader in places
    compiled = {place for place in places if place.endswith(".pyc")}
    assert len(compiled) == len(places) - len(compiled)
    assert all(Path(source).stat().st_size for _place, source, _kind in entries)


def test_the_msix_folder_holds_every_picture_its_manifest_names(packaging, tmp_path):
    from windows import msix

    program = tmp_path / "program"
    program.mkdir()
    (program / "musicapi-desktop.exe").touch()
    folder = msix.stage(program, tmp_path / "msix", "1.2.3", Path(sys.executable))
    manifest = ElementTree.parse(folder / "AppxManifest.xml").getroot()  # noqa: S314  # our own file
    space = "{http://schemas.microsoft.com/appx/manifest/foundation/windows10}"
    assert manifest.find(f"{space}Identity").get("Version") == "1.2.3.0"
    named = [value for each in manifest.iter() for value in (each.text, *each.attrib.values()) if value]
    pictures = [value.replace("\\", "/") for value in named if value.endswith(".png")]
    assert len(pictures) == 3
    for name in pictures:
        size = int(name.rpartition("-")[2].removesuffix(".png"))
        drawn = QImage(str(folder / name))
        assert (drawn.width(), drawn.height()) == (size, size)
    assert (folder / manifest.find(f".//{space}Application").get("Executable")).is_file()


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
