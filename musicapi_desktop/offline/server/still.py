"""A still picture as H.264 video (ITU-T H.264), written without an encoder: every sample stands there as it is.

No encoder of a permitted licence comes with what this app ships. A picture whose macroblocks are all I_PCM, and frames
that skip every macroblock, need none, and every player of H.264 reads them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .boxes import Track, box

_BLOCK = 16
_LEVEL = 30  # up to 720 x 576 at 25 frames a second
_I_PCM = 25
_KEY_EVERY = 10  # frames, so that players can seek
_I_SLICE, _P_SLICE = 7, 5
_IDR, _PLAIN, _SPS, _PPS = 0x65, 0x41, 0x67, 0x68
_FRAME_BITS = 4

Plane = npt.NDArray[np.uint8]


@dataclass
class _Bits:
    """A row of bits, written from the left."""

    bits: list[int] = field(default_factory=list[int])

    def fixed(self, value: int, width: int) -> _Bits:
        """Write ``value`` in ``width`` bits."""
        self.bits += [value >> place & 1 for place in reversed(range(width))]
        return self

    def coded(self, *values: int) -> _Bits:
        """Write numbers from 0 on as exponential Golomb codes."""
        for value in values:
            width = (value + 1).bit_length()
            self.fixed(0, width - 1).fixed(value + 1, width)
        return self

    def whole(self) -> bytes:
        """Return whole bytes; missing bits are zeros."""
        padded = [*self.bits, *[0] * (-len(self.bits) % 8)]
        return np.packbits(np.array(padded, np.uint8)).tobytes()

    def ended(self) -> bytes:
        """Return whole bytes with the stop bit."""
        return _Bits([*self.bits, 1]).whole()


def still(luma: Plane, blue: Plane, red: Plane, frames: int) -> tuple[Track, list[bytes]]:
    """Return a track that shows a picture for ``frames`` seconds, and its samples.

    ``luma`` is (height, width), both multiples of 16; ``blue`` and ``red`` have half of each.
    """
    height, width = luma.shape
    across, down = width // _BLOCK, height // _BLOCK
    key = _sample(_IDR, _key_frame(luma, blue, red))
    samples = [
        key if number % _KEY_EVERY == 0 else _sample(_PLAIN, _skipped(number % _KEY_EVERY, across * down))
        for number in range(frames)
    ]
    track = Track(
        b"vide",
        _entry(width, height, _sps(across, down), _pps()),
        scale=1,
        sizes=[len(sample) for sample in samples],
        lengths=[(frames, 1)],
        keys=range(1, frames + 1, _KEY_EVERY),
        width=width,
        height=height,
    )
    return track, samples


def _sps(across: int, down: int) -> bytes:
    bits = _Bits().fixed(66, 8).fixed(0xC0, 8).fixed(_LEVEL, 8)
    # id, frame numbers of 4 bits, order as decoded, one reference
    bits.coded(0, _FRAME_BITS - 4, 2, 1).fixed(0, 1).coded(across - 1, down - 1)
    return bytes([_SPS]) + _guarded(bits.fixed(0b1100, 4).ended())


def _pps() -> bytes:
    # ids, no slice groups, one reference, no weights, usual quantisers; a slice may switch the deblocking off
    bits = _Bits().coded(0, 0).fixed(0, 2).coded(0, 0, 0).fixed(0, 3).coded(0, 0, 0).fixed(0b100, 3)
    return bytes([_PPS]) + _guarded(bits.ended())


def _key_frame(luma: Plane, blue: Plane, red: Plane) -> bytes:
    head = _Bits().coded(0, _I_SLICE, 0).fixed(0, _FRAME_BITS).coded(0).fixed(0, 2).coded(0, 1)
    first = head.coded(_I_PCM).whole()
    # every later one begins at a whole byte: its type, filled up
    later = _Bits().coded(_I_PCM).whole()
    half = _BLOCK // 2
    blocks = [
        luma[top : top + _BLOCK, left : left + _BLOCK].tobytes()
        + blue[top // 2 : top // 2 + half, left // 2 : left // 2 + half].tobytes()
        + red[top // 2 : top // 2 + half, left // 2 : left // 2 + half].tobytes()
        for top in range(0, luma.shape[0], _BLOCK)
        for left in range(0, luma.shape[1], _BLOCK)
    ]
    return first + later.join(blocks) + _Bits().ended()


def _skipped(number: int, blocks: int) -> bytes:
    head = _Bits().coded(0, _P_SLICE, 0).fixed(number, _FRAME_BITS).fixed(0, 3)
    return head.coded(0, 1, blocks).ended()


def _sample(kind: int, body: bytes) -> bytes:
    unit = bytes([kind]) + _guarded(body)
    return struct.pack(">I", len(unit)) + unit


def _guarded(body: bytes) -> bytes:
    """Keep start codes out of a unit: a 3 after two zeros before anything up to 3."""
    out = bytearray()
    zeros = 0
    for byte in body:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _entry(width: int, height: int, sps: bytes, pps: bytes) -> bytes:
    config = box(
        b"avcC",
        bytes([1, *sps[1:4], 0xFF, 0xE1]),
        struct.pack(">H", len(sps)) + sps,
        b"\x01" + struct.pack(">H", len(pps)) + pps,
    )
    return box(
        b"avc1",
        struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1),
        config,
    )
