"""Keys in a real Secret Service: gnome-keyring in a private D-Bus session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.skipif(shutil.which("gnome-keyring-daemon") is None, reason="gnome-keyring is not installed")

PREPARE = """
from musicapi_desktop.bridge.deadline import within
from musicapi_desktop.domain.errors import KeyringError
from musicapi_desktop.secrets.keys import Keys
keys = Keys(within=within)
"""


@pytest.fixture
def session(tmp_path):
    """Run Python code in a private session whose keyring is unlocked with ``password``; '' runs ``first`` instead."""

    def run(code: str, password: str = "ci", first: str = "") -> subprocess.CompletedProcess[str]:
        unlock = (
            f"printf %s {password} | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
            if password
            else first
        )
        runtime = tmp_path / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        env = {
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(runtime),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
        }
        program = f"{unlock} exec {sys.executable} -c '{PREPARE}{code}'"
        command = ["dbus-run-session", "--", "bash", "-c", program]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_a_key_is_stored_read_replaced_and_deleted_across_sessions(session, tmp_path):
    assert session('keys.set("cloud", "sk_first"); print(keys.where("cloud"))').stdout.startswith(
        "in the system keyring"
    )
    assert session('print(keys.get("cloud")); keys.set("cloud", "sk_second")').stdout == "sk_first\n"
    assert session('print(keys.get("cloud")); keys.delete("cloud"); keys.delete("cloud")').stdout == "sk_second\n"
    assert session('print(keys.get("cloud"))').stdout == "None\n"


def test_the_key_is_readable_in_no_file(session, tmp_path):
    assert session('keys.set("cloud", "sk_planted_987654321")').returncode == 0
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert files
    assert not [f for f in files if b"sk_planted" in f.read_bytes()]


def test_a_locked_keyring_is_told_in_words(session):
    assert session('keys.set("cloud", "sk_first")').returncode == 0
    told = session('\ntry:\n keys.get("cloud")\nexcept KeyringError as e:\n print(e.message, e.hint)', password="wrong")
    assert "locked" in told.stdout or "not opened" in told.stdout, told.stdout + told.stderr


def test_without_any_keyring_the_way_out_is_named(session):
    told = session(
        '\ntry:\n keys.set("cloud", "sk_x")\nexcept KeyringError as e:\n print(e.message, e.hint)', password=""
    )
    assert "MUSICAPI_KEY" in told.stdout, told.stdout + told.stderr


def test_each_profile_has_a_key_of_its_own_and_is_told_where_it_is(session):
    told = session(
        'keys.set("p1", "sk_one"); keys.set("p2", "sk_two"); keys.delete("p1")\n'
        'print(keys.get("p1"), keys.get("p2"), keys.get("p3"))\n'
        'print(keys.where("p1")); print(keys.where("p2"))'
    )
    lines = told.stdout.splitlines()
    assert lines[0] == "None sk_two None", told.stderr
    assert lines[1] == "nowhere: no key is kept for this profile"
    assert lines[2] == "in the system keyring (Secret Service), under “MusicAPI Desktop”"


def test_a_prompt_that_nobody_answers_is_told_as_not_opened(session):
    # a daemon with no keyring yet asks for a new password, and there is no screen to ask on
    start = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1;"
    told = session(
        '\ntry:\n keys.set("cloud", "sk_x")\nexcept KeyringError as e:\n print(e.message, e.hint)', "", start
    )
    assert told.stdout.startswith("The system keyring was not opened. Allow it when it asks"), told.stdout + told.stderr
    assert "MUSICAPI_KEY" in told.stdout
    assert "sk_x" not in told.stdout + told.stderr


def test_a_keyring_that_answers_slowly_is_given_up_on_and_answers_later(session):
    told = session(
        """
import os, signal, subprocess, time
from musicapi_desktop.secrets import keys as module
keys.set("cloud", "sk_first")
daemon = int(subprocess.run(["pgrep", "-n", "gnome-keyring-d"], capture_output=True, text=True).stdout)
module.PATIENCE = 0.5
os.kill(daemon, signal.SIGSTOP)
begun = time.monotonic()
try:
 keys.get("cloud")
except KeyringError as e:
 print(e.message, e.hint)
print(time.monotonic() - begun < 5.0)
os.kill(daemon, signal.SIGCONT)
module.PATIENCE = 20.0
print(keys.get("cloud"))
"""
    )
    lines = told.stdout.splitlines()
    assert lines[0].startswith("The system keyring did not answer. It may be waiting for its password."), told.stderr
    assert lines[1:] == ["True", "sk_first"], told.stderr


def test_beside_a_plain_text_backend_only_the_real_keyring_is_used(session, tmp_path):
    """With two backends keyring chains them; reads and writes must not fall through to the weaker one."""
    told = session(
        """
import keyring
from keyring.backend import KeyringBackend
from keyring.backends import chainer
class PlainText(KeyringBackend):
 priority = 1
 def get_password(self, service, username): return "sk_plain"
 def set_password(self, service, username, password): open("leaked", "w").write(password)
 def delete_password(self, service, username): pass
from keyring.backends.SecretService import Keyring as Real
class Chain(chainer.ChainerBackend):
 backends = [PlainText(), Real()]
keyring.set_keyring(Chain())
print(keys.get("cloud"))
keys.set("cloud", "sk_kept")
print(keys.get("cloud"), keys.place())
"""
    )
    assert told.stdout.splitlines() == ["None", "sk_kept the system keyring (Secret Service)"], told.stderr
    assert not list(tmp_path.rglob("leaked"))
    assert not (Path.cwd() / "leaked").exists()
