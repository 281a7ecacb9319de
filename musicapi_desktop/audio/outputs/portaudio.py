"""PortAudio through sounddevice: macOS, Windows, and Linux without a sound server. Blocking writes only.

PortAudio cannot take back what was written, so a change is heard after the whole latency.
"""

from __future__ import annotations

from typing import Any

from musicapi_desktop.domain.errors import SoundError
from musicapi_desktop.dsp.types import Samples

from .protocol import Device, DeviceLost


class PortAudioOutput:
    """A stream to the default device, or the named one. Raises SoundError where there is none."""

    name = "portaudio"
    silent = False
    underruns = 0

    def __init__(self, rate: int, latency: float, device: str = "") -> None:
        try:
            import sounddevice  # raises OSError where PortAudio is not installed
        except (OSError, ImportError) as error:
            raise SoundError("PortAudio is not installed.", detail=str(error)) from error
        self._failure: type[Exception] = sounddevice.PortAudioError
        self._latency = latency
        self._rate = rate
        self.device = device
        try:
            # The list of devices is made when PortAudio starts: start it anew, no stream is open now.
            sounddevice._terminate()  # pyright: ignore[reportPrivateUsage]  # no public way
            sounddevice._initialize()  # pyright: ignore[reportPrivateUsage]  # no public way
            self._stream: Any = sounddevice.OutputStream(
                rate, 0, device=device or None, channels=2, dtype="float32", latency=latency
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundError("There is no sound device.", detail=str(error)) from error

    def write(self, block: Samples) -> None:
        """Block in PortAudio until there is room."""
        try:
            if self._stream.stopped:
                self._stream.start()
            self.underruns += bool(self._stream.write(block))
        except self._failure as error:
            raise DeviceLost(str(error)) from error

    def latency(self) -> float:
        """The depth of the queue and of the device."""
        try:
            free = self._stream.write_available / self._rate
        except self._failure as error:
            raise DeviceLost(str(error)) from error
        return max(0.0, max(self._latency, float(self._stream.latency)) - free)

    def rewindable(self) -> int:
        """Nothing."""
        return 0

    def rewind(self, frames: int) -> None:
        """Nothing was offered, so nothing is asked."""

    def flush(self) -> None:
        """Drop the queue."""
        try:
            self._stream.abort()
            self._stream.start()
        except self._failure as error:
            raise DeviceLost(str(error)) from error

    def rest(self) -> None:
        """Stop the stream."""
        try:
            self._stream.stop()
        except self._failure as error:
            raise DeviceLost(str(error)) from error

    def close(self) -> None:
        """Stop at once."""
        self._stream.close(ignore_errors=True)


def portaudio_devices() -> tuple[Device, ...]:
    """Return the devices as PortAudio knew them when its stream was opened. Raises SoundError where it is missing."""
    try:
        import sounddevice  # raises OSError where PortAudio is not installed
    except (OSError, ImportError) as error:
        raise SoundError("PortAudio is not installed.", detail=str(error)) from error
    try:
        interface: int = sounddevice.query_hostapis().index(sounddevice.query_hostapis(sounddevice.default.hostapi))
        found: list[dict[str, Any]] = list(sounddevice.query_devices())
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SoundError("There is no sound device.", detail=str(error)) from error
    outputs = [one for one in found if one["max_output_channels"] > 0 and one["hostapi"] == interface]
    return tuple(Device(str(one["name"]), str(one["name"])) for one in outputs)
