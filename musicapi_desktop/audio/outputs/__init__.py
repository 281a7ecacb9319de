"""Sound outputs: PulseAudio and PipeWire, PortAudio, and none. One open stream, owned by the feeder."""

from __future__ import annotations

import contextlib
import sys
from enum import Enum

from musicapi_desktop.domain.errors import SoundError

from .null import NullOutput
from .protocol import Device, DeviceLost, Output

__all__ = ["Device", "DeviceLost", "Latency", "NullOutput", "Output", "devices", "open_device", "open_null"]


class Latency(Enum):
    """How deep the queue is, in seconds. Deeper is safer against drop-outs on a busy machine."""

    LOW = 0.08
    NORMAL = 0.2
    SAFE = 0.4

    @property
    def deeper(self) -> Latency:
        """The next step; the deepest has none and is its own."""
        steps = list(Latency)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


def open_device(rate: int, latency: Latency, device: str = "") -> Output:
    """Open a device; '' is the one the system prefers. Raises SoundError with every reason."""
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
    if device:
        raise SoundError(
            "The chosen sound device is not there: playing silently.",
            "Connect it, or let sound follow the system in the settings.",
            detail="\n".join(reasons),
        )
    raise SoundError(
        "No sound device: playing silently.",
        "Connect or switch on a device; sound comes by itself.",
        detail="\n".join(reasons),
    )


def devices() -> tuple[Device, ...]:
    """Return the devices that can be chosen; none where there is no sound at all. Takes a moment."""
    if sys.platform.startswith("linux"):
        from .pulse import pulse_devices

        with contextlib.suppress(SoundError):
            return pulse_devices()
    from .portaudio import portaudio_devices

    with contextlib.suppress(SoundError):
        return portaudio_devices()
    return ()


def open_null(rate: int, latency: Latency) -> Output:
    """Open the output that nobody hears and that never fails."""
    return NullOutput(rate, latency.value)
