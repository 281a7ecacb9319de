"""Build what is handed out: wheel and source archive, the frozen program, and this system's packages.

python3 packaging/dev.py package             everything this system can build, into dist/
python3 packaging/dev.py package PART…       of: wheel app deb rpm installer msix disk-image
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from linux import packages  # noqa: E402  # found beside this file
from windows import msix as msix_folder  # noqa: E402

from musicapi_desktop import __version__  # noqa: E402  # found by the line above

LOCK = ROOT / "packaging" / "lock-package.txt"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
NAME = "musicapi-desktop"


def say(text: str) -> None:
    """Tell the person what is being done."""
    print(f"» {text}", flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command; end with its code where it fails."""
    code = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False).returncode
    if code:
        sys.exit(f"This failed with code {code}: {' '.join(map(str, command))}")


def commit_time() -> datetime:
    """When the last commit was made: the date of everything that is built from it."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told is None:
        asked = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        told = asked.stdout.strip()
    return datetime.fromtimestamp(int(told), UTC) if told else datetime.now(UTC)


def interpreter() -> Path:
    """The Python that is frozen: the distribution's own where it fits, as its libraries carry no paths of a builder."""
    own = Path("/usr/bin/python3")
    test = "import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    fits = own.exists() and subprocess.run([own, "-c", test], capture_output=True, check=False).returncode == 0
    return own if fits else Path(getattr(sys, "_base_executable", sys.executable))


def environment() -> Path:
    """The interpreter of an environment with what is shipped and what freezes it, and nothing else."""
    place = BUILD / "environment"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    base = interpreter()
    stamp = place / "ready"
    wanted = hashlib.sha256(LOCK.read_bytes() + str(base).encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        say(f"Making the environment to freeze, with {base}")
        run(base, "-m", "venv", "--clear", place)
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK)
        stamp.write_text(wanted)
    return python


def wheel() -> None:
    """Wheel and source archive."""
    run(sys.executable, "-m", "hatchling", "build", "-d", DIST)
    with_app = DIST / f"musicapi_desktop-{__version__}-py3-none-any.whl"
    say(f"{with_app.name}: {with_app.stat().st_size / 1e6:.1f} MB")


def app() -> None:
    """The frozen program, in dist/musicapi-desktop (macOS: dist/MusicAPI Desktop.app)."""
    python = environment()
    env = {**os.environ, "MUSICAPI_BUILD": str(BUILD), "SOURCE_DATE_EPOCH": str(int(commit_time().timestamp()))}
    if sys.platform == "win32":
        env["MUSICAPI_VERSION_FILE"] = str(_version_file())
    spec = ROOT / "packaging" / "pyinstaller" / f"{NAME}.spec"
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", DIST, "--workpath", BUILD / "pyinstaller"]
    run(python, "-m", "PyInstaller", *options, spec, env=env)
    size = sum(f.stat().st_size for f in (DIST / NAME).rglob("*") if f.is_file() and not f.is_symlink())
    say(f"dist/{NAME}: {size / 1e6:.0f} MB")


def deb() -> None:
    """The Debian package."""
    say("Packing the .deb")
    made = packages.deb(_order())
    say(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB")


def rpm() -> None:
    """The RPM package."""
    say("Packing the .rpm")
    made = packages.rpm(_order(), environment().parent / "nfpm")
    say(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB")


def installer() -> None:
    """Windows: the installer, where Inno Setup is on this computer."""
    compiler = shutil.which("iscc") or str(
        Path(os.environ.get("PROGRAMFILES(X86)", "C:/")) / "Inno Setup 6" / "ISCC.exe"
    )
    script = ROOT / "packaging" / "windows" / "installer.iss"
    run(compiler, f"/DVersion={__version__}", f"/DProgram={DIST / NAME}", f"/O{DIST}", script)


def msix() -> None:
    """Windows: the folder of the MSIX package, and the package where makeappx is on this computer."""
    folder = msix_folder.stage(DIST / NAME, BUILD / "msix", __version__, environment())
    say(f"{folder} holds what the MSIX package is made from")
    maker = shutil.which("makeappx")
    if maker is not None:
        run(maker, "pack", "/o", "/d", folder, "/p", DIST / f"{NAME}-{__version__}.msix")


def disk_image() -> None:
    """macOS: the disk image; signed and notarised where the identity is given."""
    run("bash", ROOT / "packaging" / "macos" / "disk_image.sh", __version__)


def _version_file() -> Path:
    numbers = ", ".join([*__version__.split("."), "0"])
    text = (ROOT / "packaging" / "windows" / "version_info.txt").read_text("utf-8")
    target = BUILD / "version_info.txt"
    target.write_text(text.replace("@NUMBERS@", numbers).replace("@VERSION@", __version__), "utf-8")
    return target


def _order() -> packages.Order:
    program = DIST / NAME
    if not program.is_dir():
        app()
    return packages.Order(ROOT, program, BUILD, DIST, __version__, commit_time(), environment())


PARTS: dict[str, Callable[[], None]] = {
    "wheel": wheel, "app": app, "deb": deb, "rpm": rpm, "installer": installer, "msix": msix, "disk-image": disk_image,
}  # fmt: skip
_OF_SYSTEM = {"linux": ("wheel", "app", "deb", "rpm"), "win32": ("wheel", "app"), "darwin": ("wheel", "app")}


def main() -> int:
    """Build the parts that are named, or all that this system can."""
    parts = sys.argv[1:] or list(_OF_SYSTEM.get(sys.platform, ("wheel", "app")))
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"Name parts of: {' '.join(PARTS)}")
    BUILD.mkdir(exist_ok=True)
    DIST.mkdir(exist_ok=True)
    for part in parts:
        PARTS[part]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
