"""Sound outputs: PulseAudio and PipeWire, PortAudio, and none. One open stream, owned by the feeder."""

from __future__ import annotations

import sys
from enum import Enum

from musicapi_desktop.domain.errors import SoundError

from .null import NullOutput
from .protocol import DeviceLost, Output

__all__ = ["DeviceLost", "Latency", "NullOutput", "Output", "open_device", "open_null"]


class Latency(Enum):
    """How deep the queue is, in seconds. Deeper is safer against drop-outs on a busy machine."""

    LOW = 0.08
    NORMAL = 0.2
    SAFE = 0.4


def open_device(rate: int, latency: Latency, device: str = "") -> Output:
    """Open the best device there is. ``device`` '' follows the system. Raises SoundError with every reason."""
    reasons: list[str] = []
    if sys.platform.startswith("linux"):
        from .pulse import PulseOutput

        try:
            return PulseOutput(rate, latency.value, device)
        except SoundError as error:
            reasons.append(f"{error.message} {error.detail}")
    from .portaudio import PortAudioOutput

    try:
        return PortAudioOutput(rate, min(latency.value, 0.12), device)
    except SoundError as error:
        reasons.append(f"{error.message} {error.detail}")
    raise SoundError(
        "No sound device: playing silently.",
        "Connect or switch on a device; sound comes by itself.",
        detail="\n".join(reasons),
    )


def open_null(rate: int, latency: Latency) -> Output:
    """Open the output that nobody hears and that never fails."""
    return NullOutput(rate, latency.value)
