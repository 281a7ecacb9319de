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
    """Run Python code in a private session whose keyring is unlocked with ``password`` ('' leaves it alone)."""

    def run(code: str, password: str = "ci") -> subprocess.CompletedProcess[str]:
        unlock = (
            f"printf %s {password} | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
            if password
            else ""
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
