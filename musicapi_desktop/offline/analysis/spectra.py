"""Short-time spectra, a stretch at a time so that a long recording fits into memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RATE = 24_000
"""Rate of the mono sound that is listened to."""
Floats = npt.NDArray[np.float32]
Complexes = npt.NDArray[np.complex64]
_FRAMES_AT_ONCE = 1024


def magnitudes(sound: Floats, window: int, hop: int) -> Iterator[Floats]:
    """Magnitudes ``(frames, window // 2 + 1)`` in stretches; frame i is centred at ``i * hop`` samples."""
    wide = np.concatenate([np.zeros(window // 2, np.float32), sound, np.zeros(window, np.float32)])
    shape = np.hanning(window).astype(np.float32)
    views = np.lib.stride_tricks.sliding_window_view(wide, window)[::hop]
    count = len(sound) // hop + 1
    for start in range(0, count, _FRAMES_AT_ONCE):
        yield np.abs(np.fft.rfft(views[start : min(count, start + _FRAMES_AT_ONCE)] * shape)).astype(np.float32)


def hertz_of(window: int) -> Floats:
    """Frequency of each bin."""
    return np.fft.rfftfreq(window, 1.0 / RATE).astype(np.float32)
