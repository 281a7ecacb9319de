"""The start delay of MP3 files: removed by the decoder where the file says it, by us where it does not."""

from __future__ import annotations

from pathlib import Path

UNTOLD_DELAY = 1105
"""Frames of silence before an MP3 that carries no Xing, Info or VBRI header (encoder 576 + decoder 529; measured)."""

_LOOK = 65536
_SIDE_INFO = {(True, False): 32, (True, True): 17, (False, False): 17, (False, True): 9}
"""Bytes of side information by (MPEG 1, mono)."""


def untold_delay(path: Path) -> int:
    """Frames that must be dropped from the start of what a decoder returns for ``path``; 0 unless it is such an MP3.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        start = _tag_length(file.read(10))
        file.seek(start)
        data = file.read(_LOOK)
    at = _first_frame(data)
    if at is None:
        return 0
    mpeg1 = bool(data[at + 1] & 0x08)
    mono = data[at + 3] >> 6 == 3
    info = at + 4 + _SIDE_INFO[mpeg1, mono]
    told = data[info : info + 4] in (b"Xing", b"Info") or data[at + 36 : at + 40] == b"VBRI"
    return 0 if told else UNTOLD_DELAY


def _tag_length(head: bytes) -> int:
    """Length of an ID3v2 tag that starts the file, from its first ten bytes (sizes are seven bits per byte)."""
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _first_frame(data: bytes) -> int | None:
    """Where the first plausible layer III frame header is."""
    at = data.find(0xFF)
    while 0 <= at < len(data) - 4:
        second, third = data[at + 1], data[at + 2]
        synced = second & 0xE0 == 0xE0 and second & 0x18 != 0x08
        layer3 = second & 0x06 == 0x02
        if synced and layer3 and third & 0xF0 != 0xF0 and third & 0x0C != 0x0C:
            return at
        at = data.find(0xFF, at + 1)
    return None
