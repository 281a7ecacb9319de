"""The folder an MSIX package is made from: the frozen program, the manifest and its icons.

NOT VERIFIED HERE beyond the folder itself: makeappx needs Windows. To build it there:
makeappx pack /d FOLDER /p musicapi-desktop.msix, then signtool with the publisher's certificate.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_ICON_SIZES = (44, 64, 150)
_VERSION = "0.0.0.0"  # noqa: S104  # the manifest's own, not an address


def stage(program: Path, target: Path, version: str, python: Path) -> Path:
    """Lay out ``target`` and return it; ``python`` is an interpreter with Qt, which draws the icons.

    Raises CalledProcessError where the icons cannot be drawn, ValueError where the manifest has no version to fill in.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(program, target)
    manifest = (HERE / "AppxManifest.xml").read_text("utf-8")
    if f'Version="{_VERSION}"' not in manifest:
        raise ValueError("the manifest has no version to fill in")
    # the fourth number belongs to the store
    filled = manifest.replace(f'Version="{_VERSION}"', f'Version="{version}.0"')
    (target / "AppxManifest.xml").write_text(filled, "utf-8")
    drawer, drawing = ROOT / "packaging" / "pyinstaller" / "app_icons.py", ROOT / "resources" / "icons" / "app.svg"
    pattern = target / "icons" / "musicapi-desktop-{size}.png"
    subprocess.run([python, drawer, drawing, pattern, *map(str, _ICON_SIZES)], check=True)
    return target
