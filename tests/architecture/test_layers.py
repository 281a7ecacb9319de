"""The layer rules hold, and each of them is shown to catch what it is there to catch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

PLANTED = {
    "layers": ("domain/planted.py", "import musicapi_desktop.settings.locations"),
    "views": ("ui/planted.py", "import musicapi_desktop.services.context"),
    "offline": ("offline/planted.py", "import musicapi_desktop.settings.locations"),
    "offline-starters": ("services/planted.py", "import musicapi_desktop.offline.engine"),
    "no-qt": ("domain/planted.py", "import PySide6.QtCore"),
    "httpx": ("services/planted.py", "import httpx"),
    "sqlite": ("services/planted.py", "import sqlite3"),
    "keyring": ("services/planted.py", "import keyring"),
    "arithmetic": ("services/planted.py", "import numpy"),
    "server": ("services/planted.py", "import starlette"),
}


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    command = [tool, "--config", "pyproject.toml", "--no-cache", "--contract", contract]
    env = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(
        ROOT / "musicapi_desktop", tmp_path / "musicapi_desktop", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_is_caught(copy, contract):
    file, line = PLANTED[contract]
    (copy / "musicapi_desktop" / file).write_text(line + "\n")
    result = lint(copy, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


def test_every_contract_has_a_planted_violation():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {c["id"] for c in contracts} == set(PLANTED)
