#!/usr/bin/env python3
"""Prove a .deb on a Debian root of its own that has neither Python nor build tools. Needs root, mmdebstrap and Xvfb.

sudo python3 packaging/prove.py PACKAGE.deb [--before OLDER.deb] [--keep DIR]

It installs the package with its dependencies, starts it by the desktop file's Exec under Xvfb and waits for its window,
runs the guided tour from the installed program, ends the window as a log-out does, and purges: only the music stays.
With ``--before`` that version is installed and used first, and what it kept must be there after the upgrade. Pictures
go to DIR.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import cast

_SUITE = "bookworm"
_PERSON, _UID = "person", 1000
_HOME = Path("home") / _PERSON
_TITLE = "MusicAPI Desktop"
_SETTLED = 6.0
_KEPT = (".config/musicapi-desktop", ".local/share/musicapi-desktop")
_CHANGING = {"window", "look.shown"}
"""What a start of the window writes anew."""
_MUSIC = "Music/MusicAPI/kept.txt"


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"» {text}", flush=True)


class Root:
    """A Debian of its own in ``folder``, with its kernel file systems mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, person: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside as root or as the person; return what it said. Raises CalledProcessError."""
        return subprocess.run(self.command(command, person), env=self.env(person, env), check=True, text=True,
                              capture_output=True, timeout=900)  # fmt: skip

    def command(self, command: tuple[str, ...], person: bool) -> list[str]:
        """The command as it is run from outside."""
        who = [f"--userspec={_UID}:{_UID}"] if person else []
        return ["chroot", *who, str(self.folder), *command]

    def env(self, person: bool, more: dict[str, str]) -> dict[str, str]:
        """What a log-in gives."""
        home = f"/{_HOME}" if person else "/root"
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8",
                "DEBIAN_FRONTEND": "noninteractive", **more}  # fmt: skip

    def install(self, package: Path) -> None:
        """Install a package with what it depends on and recommends nothing of."""
        shutil.copyfile(package, self.folder / "tmp" / package.name)
        self.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/tmp/{package.name}")  # noqa: S108


@contextmanager
def root() -> Iterator[Root]:
    """Yield a fresh Debian with a person in it."""
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="prove-"))) / "root"
        say(f"making a Debian root of nothing but the least ({_SUITE})")
        subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", _SUITE, folder], check=True)
        # the root has device files of its own: nothing of this computer's is mounted that clearing up could reach
        for kind, place in (("proc", "proc"), ("tmpfs", "dev/shm")):
            target = folder / place
            target.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", kind, kind, target], check=True)
            undo.callback(subprocess.run, ["umount", str(target)], check=False)
        shutil.copyfile("/etc/resolv.conf", folder / "etc" / "resolv.conf")
        made = Root(folder)
        made.run("useradd", "-m", "-u", str(_UID), _PERSON)
        made.run("apt-get", "update", "-qq")
        yield made


def clean(debian: Root) -> None:
    """Neither Python nor a compiler is there that could help the program out."""
    for tool in ("python3", "gcc", "cc"):
        if shutil.which(
            tool, path=os.pathsep.join(str(debian.folder / p) for p in ("usr/bin", "bin", "usr/local/bin"))
        ):
            sys.exit(f"The root is not clean: it has {tool}.")
    say("no Python and no compiler in the root")


def commands(debian: Root) -> list[str]:
    """What the desktop file starts."""
    entry = configparser.RawConfigParser()
    entry.read(debian.folder / "usr/share/applications/musicapi-desktop.desktop")
    return [word for word in entry["Desktop Entry"]["Exec"].split() if not word.startswith("%")]


def window(debian: Root, picture: Path, *arguments: str) -> None:
    """Start it as the desktop does, wait for its window, and end it as a log-out does."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        display = ":" + pipe.readline().strip()
    started = [*commands(debian), *arguments]
    env = debian.env(True, {"DISPLAY": display, "XDG_RUNTIME_DIR": f"/{_HOME}"})
    program = subprocess.Popen(debian.command(tuple(started), True), env=env)
    try:
        look = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{_TITLE}$"]
        subprocess.run(look, env={**os.environ, "DISPLAY": display}, check=True, timeout=60, stdout=subprocess.DEVNULL)
        # the views follow the first frame
        threading.Event().wait(_SETTLED)
        if program.poll() is not None:
            sys.exit(f"The program ended by itself with {program.returncode}.")
        subprocess.run(["import", "-window", "root", "-display", display, picture], check=True)
        program.send_signal(signal.SIGTERM)
        if program.wait(30):
            sys.exit(f"Asked to end, the program ended with {program.returncode}.")
    finally:
        program.kill()
        screen.terminate()
        screen.wait()
    say(f"started by “{' '.join(started)}”, window seen, ended when asked ({picture})")


def tour(debian: Root, kept: Path) -> None:
    """Write, create, play, split, mix and export, from the installed program."""
    done = debian.run("musicapi-desktop", "--tour", f"/{_HOME}/tour", person=True, QT_QPA_PLATFORM="offscreen")
    made = debian.folder / _HOME / "tour"
    for picture in made.glob("*.png"):
        shutil.copyfile(picture, kept / picture.name)
    sounds = [file.name for file in made.glob("*.wav") if file.stat().st_size > 1_000_000]
    if len(sounds) < 2:
        sys.exit(f"The tour left no sound: {sounds}\n{done.stdout}")
    say(f"the tour passed: {done.stdout.strip().splitlines()[-1]}")
    shutil.rmtree(made)


def decode(debian: Root) -> None:
    """M4A, whose decoder nothing links to; the file is made outside, where there is a maker of such files."""
    maker = shutil.which("ffmpeg")
    if maker is None:
        say("no ffmpeg here to make an M4A file with: its decoder was not tried")
        return
    file = debian.folder / _HOME / "tone.m4a"
    made = [
        maker,
        "-loglevel",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=440:duration=2",
        "-c:a",
        "aac",
        file,
    ]
    subprocess.run(made, check=True)
    order = json.dumps({"do": "unpack", "path": f"/{_HOME}/{file.name}"}) + "\n"
    command = debian.command(("musicapi-desktop", "sound", f"/{_HOME}"), person=True)
    done = subprocess.run(command, env=debian.env(person=True, more={}), input=order, check=True, text=True,
                          stdout=subprocess.PIPE, timeout=120)  # fmt: skip
    path = json.loads(done.stdout).get("done", {}).get("path")
    if not path or (debian.folder / path.lstrip("/")).stat().st_size < 300_000:
        sys.exit(f"M4A was not decoded: {done.stdout}")
    (debian.folder / path.lstrip("/")).unlink()
    file.unlink()
    say("M4A is decoded")


def terms(debian: Root) -> None:
    """Everything that is shipped has its licence text with it."""
    sys.path.insert(0, str(Path(__file__).parent / "pyinstaller"))
    import licences

    missing = licences.uncovered(debian.folder / "usr/lib/musicapi-desktop/_internal")
    if missing:
        sys.exit("\n".join(missing))
    say("every file has its terms")


def purge(debian: Root) -> None:
    """Remove it for good; only the person's music may be left."""
    home = debian.folder / _HOME
    missing = [name for name in _KEPT if not (home / name).is_dir()]
    if missing:
        sys.exit(f"Nothing was kept in {missing}: the purge would prove nothing.")
    music = home / _MUSIC
    music.parent.mkdir(parents=True, exist_ok=True)
    music.write_text("the person's own\n")
    debian.run("apt-get", "purge", "-y", "-qq", "musicapi-desktop")
    walked = (p for top in ("usr", "etc", "var/lib", "opt", "home", "root") for p in (debian.folder / top).rglob("*"))
    left = [str(p.relative_to(debian.folder)) for p in walked if "musicapi" in p.name.lower()]
    if left != [str(_HOME / "Music/MusicAPI")] or not music.exists():
        sys.exit(f"The purge left: {left}")
    say("after the purge nothing is left but the music folder")


def kept_by(folder: Path) -> dict[str, object]:
    """What a ``--data`` folder keeps: rows of each table, and every answer of the person's."""
    database = sqlite3.connect(f"file:{folder / 'data' / 'library.db'}?mode=ro", uri=True)
    with closing(database):
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        tables = [name for (name,) in named if not name.startswith("sqlite_") and "_fts" not in name]
        # the names are the database's own
        rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    answers = json.loads((folder / "config" / "preferences.json").read_text("utf-8"))
    files = sorted(str(p.relative_to(folder)) for p in (folder / "Music").rglob("*") if p.is_file())
    return {"rows": rows, "answers": answers, "files": files}


def upgrade(debian: Root, before: Path, after: Path, picture: Path) -> None:
    """Use the older package, install the newer one over it, and compare what is kept once that has run."""
    debian.install(before)
    debian.run("musicapi-desktop", "--tour", f"/{_HOME}/tour", person=True, QT_QPA_PLATFORM="offscreen")
    data = debian.folder / _HOME / "tour" / "data"
    old = kept_by(data)
    debian.install(after)
    window(debian, picture, "--data", f"/{data.relative_to(debian.folder)}")
    new = kept_by(data)
    for what in ("rows", "answers"):
        was, now = cast("dict[str, object]", old[what]), cast("dict[str, object]", new[what])
        lost = {name: (value, now.get(name)) for name, value in was.items() if now.get(name) != value}
        for name in _CHANGING:
            lost.pop(name, None)
        if lost:
            sys.exit(f"The upgrade changed {what}: {lost}")
    if set(cast("list[str]", old["files"])) - set(cast("list[str]", new["files"])):
        sys.exit("The upgrade lost files of music.")
    say(f"upgraded from {before.name}: {old['rows']}, {len(cast('list[str]', old['files']))} files of music")
    shutil.rmtree(data.parent)


def main() -> int:
    """Prove it; whatever fails ends with what was said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--before", type=Path, help="an older package, used first and upgraded")
    parser.add_argument("--keep", type=Path, default=Path("proof"), help="where pictures go")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    with root() as debian:
        clean(debian)
        if given.before is not None:
            upgrade(debian, given.before.absolute(), given.package.absolute(), given.keep.absolute() / "upgraded.png")
        debian.install(given.package.absolute())
        clean(debian)
        say("installed with its dependencies")
        terms(debian)
        decode(debian)
        window(debian, given.keep.absolute() / "window.png")
        tour(debian, given.keep)
        purge(debian)
    return 0


if __name__ == "__main__":
    sys.exit(main())
