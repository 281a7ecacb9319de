"""The two array types that cross rooms."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""Audio as ``(frames, channels) float32``, full scale is ±1.0, C-contiguous unless said otherwise."""

Words: TypeAlias = NDArray[np.int16]
"""Audio as ``(frames, channels) int16``."""
