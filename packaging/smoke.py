"""Try a frozen program: its version, its licence texts, its engine making a song over HTTP, and the guided tour.

python packaging/smoke.py PROGRAM [FOLDER]      FOLDER keeps the tour's pictures and sound
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "pyinstaller"))

import licences  # found by the line above

_TOKEN = "smoke-test"  # noqa: S105  # the engine's own, for this run
_PATIENCE = 900.0
_LOOK = threading.Event()


def version(program: Path) -> None:
    """It starts at all."""
    # a program without a console has no output of its own on Windows: its code has to do
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=120)
    print(done.stdout.strip() or "no console")


def terms(program: Path) -> None:
    """Everything that is shipped has its terms with it."""
    internal = program.resolve().parent / "_internal"
    if not internal.is_dir():
        return  # a bundle of macOS spreads its files
    missing = licences.uncovered(internal)
    if missing:
        raise RuntimeError("\n".join(missing))
    print("every file has its terms")


def engine(program: Path, folder: Path) -> None:
    """The engine and its workers run from the same program, and end with their parent."""
    command = [program, "serve", "--port", "0", "--token", _TOKEN, "--parent-pipe", "--data", folder]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the engine has no pipes")
    line = child.stdout.readline()
    if not line.startswith("ready "):
        raise RuntimeError(f"the engine said {line!r}")
    address = line.split()[1]
    begun = time.monotonic()
    words = "a short quiet piano piece"
    body = {"task_type": "create_music", "mv": "sonic-v5", "custom_mode": False, "gpt_description_prompt": words}
    task = _asked(f"{address}/api/v1/sonic/create", body)["task_id"]
    clips = _clips(f"{address}/api/v1/sonic/task/{task}")
    for clip in clips:
        audio = urllib.request.urlopen(str(clip["audio_url"]), timeout=60).read()  # noqa: S310  # loopback
        if len(audio) < 10_000:  # a second of MP3
            raise RuntimeError("the song is empty")
    print(f"{len(clips)} takes after {time.monotonic() - begun:.0f} s")
    child.stdin.close()
    child.wait(30)
    print(f"the engine ended with {child.returncode}")


def _clips(url: str) -> list[dict[str, object]]:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        clips = _asked(url).get("data")
        if isinstance(clips, list) and clips and all(clip.get("state") == "succeeded" for clip in clips):
            return clips
        if isinstance(clips, list) and any(clip.get("state") in {"failed", "error"} for clip in clips):
            raise RuntimeError(f"the song failed: {clips}")
        _LOOK.wait(1.0)
    raise TimeoutError("no song came")


def _asked(url: str, body: dict[str, object] | None = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers)  # noqa: S310  # loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # loopback
        return json.load(answer)


def tour(program: Path, folder: Path) -> None:
    """The window, the player, stems, the mixer and export."""
    env = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    subprocess.run([program, "--tour", folder], check=True, env=env, timeout=_PATIENCE)


def main() -> int:
    """Try everything; a failure ends with its traceback."""
    program = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        version(program)
        terms(program)
        engine(program, Path(scratch) / "engine")
        tour(program, Path(sys.argv[2] if len(sys.argv) > 2 else scratch).absolute() / "tour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
