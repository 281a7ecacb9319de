#!/usr/bin/env python3
"""Set up, run, check, test, measure and package MusicAPI Desktop. Standard library only.

python3 packaging/dev.py run [ARGUMENTS…]   environment, system libraries where it may, then the app;
                                            with no screen: the guided tour, offscreen
python3 packaging/dev.py test               every check and every test
python3 packaging/dev.py check              the fast checks only (format, lint, types, layers)
python3 packaging/dev.py bench NAME         a table of measurements: startup queue engine audition library contract
python3 packaging/dev.py package [PART…]    wheel, source archive, frozen program and packages into dist/
python3 packaging/dev.py lock               work the lock file out anew from pyproject.toml
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import system_libraries

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "lock.txt"
PACKAGE_LOCK = ROOT / "packaging" / "lock-package.txt"
VENV = ROOT / ".venv"
STAMP = VENV / "ready"
BENCHES = ("startup", "queue", "engine", "audition", "library", "contract")
OLDEST, NEWEST = (3, 11), (3, 13)


def say(text: str) -> None:
    """Tell the person what is being done."""
    print(f"» {text}", flush=True)


def call(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder; return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False).returncode


def must(*command: str | Path) -> None:
    """Run a command; end with its code where it fails."""
    code = call(*command)
    if code:
        sys.exit(f"This failed with code {code}: {' '.join(map(str, command))}")


def python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ensure_environment() -> None:
    """Make .venv from the lock file, or find that it is there already."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; this is {platform.python_version()}.")
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and python().exists():
        return
    say(f"Making the environment in {VENV} from {LOCK.name} (about 600 MB, once)")
    must(sys.executable, "-m", "venv", "--clear", VENV)
    must(python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK)
    _point_at_sources()
    STAMP.write_text(wanted)


def _point_at_sources() -> None:
    found = subprocess.run(
        [python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(found.stdout.strip()) / "source-tree.pth").write_text(f"{ROOT}\n", "utf-8")


def has_display() -> bool:
    """True where a window can be shown."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: Sequence[str]) -> int:
    """The app; with no screen, the tour."""
    begun = time.monotonic()
    system_libraries.ensure("run", say)
    ensure_environment()
    say(f"Ready after {time.monotonic() - begun:.2f} s; starting MusicAPI Desktop")
    headless = not has_display() and not any(
        a.startswith(("serve", "--tour", "--help", "--version")) for a in arguments
    )
    if not headless:
        if not has_display():
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return call(python(), "-m", "musicapi_desktop", *arguments)
    folder = ROOT / "tour"
    say(f"There is no screen here, so the guided tour runs offscreen; pictures and sound go to {folder}")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return call(python(), "-m", "musicapi_desktop", "--tour", folder, *arguments, env=env)


CHECKS: dict[str, tuple[str, ...]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("basedpyright", "--warnings"),
    "layers": ("lint-imports", "--config", "pyproject.toml"),
}


def check(_arguments: Sequence[str] = ()) -> int:
    """Everything fast; says which check failed."""
    ensure_environment()
    failed: list[str] = []
    for name, (tool, *options) in CHECKS.items():
        say(f"{name}: {tool}")
        if call(python().parent / tool, *options):
            failed.append(name)
    if failed:
        say(f"These checks failed: {', '.join(failed)}")
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """Every check, then every test: the core with Qt made unimportable, then the rest."""
    system_libraries.ensure("test", say)
    failed = check()
    pytest = [python(), "-m", "pytest", "-q", "-n", str(min(4, os.cpu_count() or 1))]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT / "tests")}
    say("Tests of the core, with Qt made unimportable")
    failed |= call(*pytest, "-p", "no:pytest-qt", "-p", "support.without_qt", "tests/unit", *arguments, env=env)
    say("All other tests")
    failed |= call(*pytest, "tests", "--ignore=tests/unit", *arguments, env=env)
    return 1 if failed else 0


def bench(arguments: Sequence[str]) -> int:
    """One suite of measurements."""
    if not arguments or arguments[0] not in BENCHES:
        sys.exit(f"Name one of: {' '.join(BENCHES)}")
    system_libraries.ensure("bench", say)
    ensure_environment()
    # a file called queue.py would stand in the way of the standard library's own module
    script = {"queue": "jobs"}.get(arguments[0], arguments[0])
    return call(python(), ROOT / "tests" / "benchmarks" / f"{script}.py", *arguments[1:])


def package(arguments: Sequence[str]) -> int:
    """Wheel, source archive, the frozen program and this system's packages (packaging/package.py)."""
    ensure_environment()
    return call(python(), ROOT / "packaging" / "package.py", *arguments)


def lock(_arguments: Sequence[str]) -> int:
    """Work out the lock file anew."""
    ensure_environment()
    must(python(), "-m", "pip", "install", "--quiet", "uv")
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet", "pyproject.toml"]
    compiler = [python(), "-m", "uv", "pip", "compile", *options]
    code = call(*compiler, "--extra", "dev", "-o", LOCK.relative_to(ROOT))
    # what is shipped has the versions that were tested
    tested = ["-c", LOCK.relative_to(ROOT)]
    return code or call(*compiler, "--extra", "package", *tested, "-o", PACKAGE_LOCK.relative_to(ROOT))


VERBS = {"run": run, "test": test, "check": check, "bench": bench, "package": package, "lock": lock}


def main() -> int:
    """Do what the first argument names."""
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        print(__doc__)
        return 0 if sys.argv[1:] in (["--help"], ["-h"]) else 2
    try:
        return VERBS[sys.argv[1]](sys.argv[2:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
