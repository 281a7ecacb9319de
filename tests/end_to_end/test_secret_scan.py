"""After a tour with planted secrets no file, log, database, crash report or process listing contains one of them."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from fakes.local_server import LocalServer
from fakes.place_servers import PASSWORD, USER, running

TESTS = Path(__file__).parent.parent
KEY = "sk_planted_7Qz9+Key/0123456789abcdef"
HOOK = "planted~webhook~secret~5f3a9c"
pytestmark = [
    pytest.mark.skipif(shutil.which("gnome-keyring-daemon") is None, reason="gnome-keyring is not installed"),
    pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="dbus-run-session is not installed"),
]


def forms(secret: str) -> list[bytes]:
    """How a secret may be written down."""
    raw = secret.encode()
    found = {raw, raw.hex().encode(), quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode()}
    found |= {base64.b64encode(raw), secret.encode("utf-16-le")}
    for before in (b"", b"x", b"xx", f"{USER}:".encode()):
        # wherever it stands in a longer text, its inner part looks the same
        whole = base64.b64encode(before + raw + b"xxx")
        found.add(whole[4 * ((len(before) + 2) // 3) : -8])
    return sorted(found)


PLANTED = {name: forms(secret) for name, secret in (("key", KEY), ("place", PASSWORD), ("webhook", HOOK))}


def seen_in(data: bytes) -> list[str]:
    return [name for name, spellings in PLANTED.items() if any(each in data for each in spellings)]


def listing(pid: int) -> list[str]:
    """What ``ps`` and ``/proc`` show of a process and its children: arguments and environment."""
    found = []
    process = psutil.Process(pid)
    for each in [process, *process.children(recursive=True)]:
        for part in ("cmdline", "environ"):
            try:
                shown = Path(f"/proc/{each.pid}/{part}").read_bytes()
            except OSError:
                continue
            found += [f"{part} of {each.pid}: {name}" for name in seen_in(shown)]
    return found


@pytest.fixture
def service(tmp_path, monkeypatch):
    """A server of the service with the planted key."""
    with LocalServer(tmp_path / "service", token=KEY) as server:
        yield server


@pytest.fixture
def folder(tmp_path):
    with running("webdav", tmp_path / "webdav") as server:
        yield server.url


def test_the_scan_finds_what_is_planted():
    for text in (KEY, PASSWORD, HOOK):
        assert len(seen_in(f"x{text}y".encode())) == 1
        assert len(seen_in(base64.b64encode(f"somebody:{text} and more".encode()))) == 1
    assert seen_in(b"nothing of it") == []


@pytest.mark.timeout(180)
def test_no_trace_of_a_secret_is_left_anywhere(tmp_path, service, folder):
    home = tmp_path / "home"
    runtime = home / "run"
    runtime.mkdir(parents=True)
    runtime.chmod(0o700)
    (home / "tmp").mkdir()
    environment = {
        "HOME": str(home), "TMPDIR": str(home / "tmp"), "XDG_RUNTIME_DIR": str(runtime), "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)]), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    unlock = "printf ci | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
    program = f"{unlock} exec {sys.executable} -m fakes.secret_tour"
    told = {"data": str(home / "data"), "service": service.url, "key": KEY, "folder": folder, "user": USER,
            "password": PASSWORD, "hook": HOOK}  # fmt: skip
    with (tmp_path / "said.txt").open("wb") as said, subprocess.Popen(
        ["dbus-run-session", "--", "bash", "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, env=environment,
    ) as tour:  # fmt: skip
        tour.stdin.write(json.dumps(told) + "\n")
        tour.stdin.flush()
        looks, found = [], []
        for line in tour.stdout:
            assert not seen_in(line.encode())
            if line.startswith("look "):
                looks.append(line.strip())
                found += listing(tour.pid)
                tour.stdin.write("on\n")
                tour.stdin.flush()
    words = (tmp_path / "said.txt").read_text()
    assert tour.returncode == 0, words[-4000:]
    assert looks == ["look while it runs", "look before the end", "look after the end"]
    assert found == []
    files = [each for each in home.rglob("*") if each.is_file() and not each.is_symlink()]
    kinds = {each.suffix for each in files}
    assert {".db", ".json", ".log", ".png"} <= kinds, kinds
    assert any(each.suffix == ".keyring" for each in files)
    assert [(str(each), seen_in(each.read_bytes())) for each in files if seen_in(each.read_bytes())] == []
    assert seen_in(words.encode()) == []
