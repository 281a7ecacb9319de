"""The app's icon for each system, drawn from resources/icons/app.svg: PNG files, Windows' .ico and macOS' .icns.

Both containers take PNG images as they are, so they are packed here rather than by another library.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

PNG_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_TYPES = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10"}


def png(source: Path, size: int) -> bytes:
    """``source`` (SVG) as a square PNG of ``size`` pixels with transparent corners."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(source: Path) -> bytes:
    """``source`` as a Windows icon: a directory of PNG images."""
    images = [(size, png(source, size)) for size in _ICO_SIZES]
    offset = 6 + 16 * len(images)
    entries = b""
    for size, data in images:
        edge = size % 256  # 0 says 256
        entries += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return struct.pack("<HHH", 0, 1, len(images)) + entries + b"".join(data for _, data in images)


def icns(source: Path) -> bytes:
    """``source`` as a macOS icon: typed chunks of PNG images."""
    chunks = b""
    for size, kind in _ICNS_TYPES.items():
        data = png(source, size)
        chunks += kind + struct.pack(">I", len(data) + 8) + data
    return b"icns" + struct.pack(">I", len(chunks) + 8) + chunks


def main() -> int:
    """Draw ``app_icons.py DRAWING PATTERN SIZE…``: PATTERN names the files, with {size} in it."""
    drawing, pattern, *sizes = sys.argv[1:]
    for size in sizes:
        place = Path(pattern.format(size=size))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(png(Path(drawing), int(size)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
