"""The Debian and the RPM package, from one description and one tree of files."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import cast

from . import needs

HERE = Path(__file__).parent
PICTURES = "https://musicapi.ai/desktop/pictures"
"""Where the pictures of docs/pictures are published for software centres, which take addresses only."""
_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_WIDTH = 78


@dataclass(frozen=True)
class Order:
    """What to pack: ``program`` is the frozen folder, ``python`` an interpreter with Qt that draws the icons."""

    root: Path
    program: Path
    build: Path
    dist: Path
    version: str
    date: datetime
    python: Path

    def description(self) -> dict[str, object]:
        """The words and dependencies of both packages."""
        return tomllib.loads((HERE / "description.toml").read_text("utf-8"))


def deb(order: Order) -> Path:
    """Build the .deb and return it.

    Raises CalledProcessError where dpkg-deb refuses, KeyError where a library is asked for whose package is not told.
    """
    tree = _tree(order, order.build / "deb")
    said = order.description()
    shared = tree / "usr" / "share"
    documents = shared / "doc" / "musicapi-desktop"
    _compress(_debian_changelog(order, said), documents / "changelog.gz")
    shutil.copyfile(HERE / "copyright", documents / "copyright")
    overrides = shared / "lintian" / "overrides"
    overrides.mkdir(parents=True)
    shutil.copyfile(HERE / "lintian-overrides", overrides / "musicapi-desktop")
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(order, said, tree), "utf-8")
    _sums(tree, control / "md5sums")
    _settle(tree, order)
    shutil.copyfile(HERE / "postrm", control / "postrm")
    (control / "postrm").chmod(0o755)
    os.utime(control / "postrm", (order.date.timestamp(),) * 2)
    target = order.dist / f"musicapi-desktop_{order.version}_{_architecture()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, target], check=True)
    return target


def rpm(order: Order, nfpm: Path) -> Path:
    """Build the .rpm with nfpm and return it. Raises CalledProcessError where it refuses."""
    tree = _tree(order, order.build / "rpm")
    said = order.description()
    documents = tree / "usr" / "share" / "doc" / "musicapi-desktop"
    shutil.copyfile(order.root / "CHANGELOG.md", documents / "CHANGELOG.md")
    shutil.copyfile(order.root / "LICENSE", documents / "LICENSE")
    _settle(tree, order)
    recommended = cast("dict[str, list[str]]", said["recommended"])
    running = cast("dict[str, str]", said["opened_while_running"])
    long, summary = cast("list[str]", said["long"]), str(said["summary"]).capitalize()
    plan = {
        "name": said["name"], "arch": "amd64", "platform": "linux", "version": order.version, "release": "1",
        "maintainer": said["maintainer"], "homepage": said["homepage"], "license": "MIT", "section": said["section"],
        "description": "\n\n".join("\n".join(_wrapped(text)).replace("\n ", "\n")[1:] for text in long),
        "mtime": order.date.isoformat(),
        "depends": [f"{name}()(64bit)" for name in [*needs.missing(order.program), *running.values()]],
        "recommends": recommended["rpm"],
        "contents": [{"src": str(tree / "usr"), "dst": "/usr", "type": "tree"}],
        "rpm": {"summary": summary, "compression": "zstd:15", "group": "Applications/Multimedia"},
    }  # fmt: skip
    written = order.build / "nfpm.json"
    written.write_text(json.dumps(plan, indent=1), "utf-8")
    target = order.dist / f"musicapi-desktop-{order.version}-1.x86_64.rpm"
    subprocess.run([nfpm, "package", "--config", written, "--packager", "rpm", "--target", target], check=True)
    return target


def _tree(order: Order, tree: Path) -> Path:
    """The files as they lie on the person's disk, the same for both packages."""
    shutil.rmtree(tree, ignore_errors=True)
    shared = tree / "usr" / "share"
    shutil.copytree(order.program, tree / "usr" / "lib" / "musicapi-desktop", symlinks=True)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "musicapi-desktop").symlink_to("../lib/musicapi-desktop/musicapi-desktop")
    for folder in ("applications", "metainfo", "man/man1", "doc/musicapi-desktop"):
        (shared / folder).mkdir(parents=True)
    shutil.copyfile(HERE / "musicapi-desktop.desktop", shared / "applications" / "musicapi-desktop.desktop")
    metainfo = _filled(HERE / "ai.musicapi.Desktop.metainfo.xml", order)
    (shared / "metainfo" / "ai.musicapi.Desktop.metainfo.xml").write_text(metainfo, "utf-8")
    _compress(_filled(HERE / "musicapi-desktop.1", order), shared / "man" / "man1" / "musicapi-desktop.1.gz")
    _icons(order, shared / "icons" / "hicolor")
    return tree


def _icons(order: Order, target: Path) -> None:
    drawings = order.root / "resources" / "icons"
    for kind, name in (("scalable", "app.svg"), ("symbolic", "app-symbolic.svg")):
        place = target / kind / "apps"
        place.mkdir(parents=True)
        shutil.copyfile(drawings / name, place / name.replace("app", "musicapi-desktop"))
    # drawn by the environment that has Qt
    drawer = order.root / "packaging" / "pyinstaller" / "app_icons.py"
    pattern = target / "{size}x{size}" / "apps" / "musicapi-desktop.png"
    sizes = [str(size) for size in _ICON_SIZES]
    subprocess.run([order.python, drawer, drawings / "app.svg", pattern, *sizes], check=True)


def _filled(template: Path, order: Order) -> str:
    text = template.read_text("utf-8").replace("@VERSION@", order.version).replace("@PICTURES@", PICTURES)
    return text.replace("@DATE@", order.date.date().isoformat())


def _control(order: Order, said: dict[str, object], tree: Path) -> str:
    names = cast("dict[str, str]", said["debian"])
    running = cast("dict[str, str]", said["opened_while_running"])
    depends = sorted({*(names[library] for library in needs.missing(order.program)), *running})
    size = sum(f.lstat().st_size for f in tree.rglob("*") if f.is_file())
    lines = [
        f"Package: {said['name']}",
        f"Version: {order.version}",
        f"Section: {said['section']}",
        "Priority: optional",
        f"Architecture: {_architecture()}",
        f"Installed-Size: {size // 1024}",
        f"Depends: {', '.join(depends)}",
        f"Recommends: {', '.join(cast('dict[str, list[str]]', said['recommended'])['deb'])}",
        f"Maintainer: {said['maintainer']}",
        f"Homepage: {said['homepage']}",
        f"Description: {said['summary']}",
    ]
    for number, paragraph in enumerate(cast("list[str]", said["long"])):
        lines += [" ."] if number else []
        lines += _wrapped(paragraph)
    return "\n".join(lines) + "\n"


def _wrapped(paragraph: str) -> list[str]:
    lines, line = [], ""
    for word in paragraph.split():
        if len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = ""
        line += f" {word}"
    return [*lines, line]


def _debian_changelog(order: Order, said: dict[str, object]) -> str:
    return (
        f"{said['name']} ({order.version}) unstable; urgency=medium\n\n"
        f"  * Release {order.version}. What is new is told in the source's CHANGELOG.md.\n\n"
        f" -- {said['maintainer']}  {format_datetime(order.date)}\n"
    )


def _compress(text: str, target: Path) -> None:
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def _sums(tree: Path, target: Path) -> None:
    import hashlib

    lines = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}"
        for path in sorted((tree / "usr").rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
    target.write_text("\n".join(lines) + "\n", "utf-8")


def _settle(tree: Path, order: Order) -> None:
    """Give every file its mode and one date, whoever builds it and when."""
    programs = set(needs.binaries(tree))
    stamp = order.date.timestamp()
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            libraries = path.name.startswith("lib") or ".so" in path.name
            path.chmod(0o755 if path.is_dir() or (path in programs and not libraries) else 0o644)
        os.utime(path, (stamp, stamp), follow_symlinks=False)


def _architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()
