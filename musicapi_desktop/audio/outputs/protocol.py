"""What a sound output is to the feeder, its only caller."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from musicapi_desktop.domain.errors import SoundError
from musicapi_desktop.dsp.types import Samples


class DeviceLost(SoundError):
    """The device stopped taking sound; close the output and open another."""

    def __init__(self, detail: str) -> None:
        super().__init__("The sound device went away.", "Playing goes on silently until it is back.", detail=detail)


class Device(NamedTuple):
    """A device that can be chosen: what the system calls it, and its name for people."""

    id: str
    name: str


class Output(Protocol):
    """An open stream of stereo float32. Made open; every method belongs to one thread."""

    @property
    def name(self) -> str:
        """Which kind of output this is: 'pulse', 'portaudio' or 'null'."""
        ...

    @property
    def silent(self) -> bool:
        """True where nobody hears it."""
        ...

    def write(self, block: Samples) -> None:
        """Hand over ``(frames, 2) float32``, waiting until there is room. Raises DeviceLost."""
        ...

    @property
    def device(self) -> str:
        """The id of the device that is played to; empty where there is none, or it is not known."""
        ...

    @property
    def underruns(self) -> int:
        """How often the queue has run empty."""
        ...

    def latency(self) -> float:
        """Seconds until what was handed over last is heard."""
        ...

    def rewindable(self) -> int:
        """Frames at the end of the queue that can still be replaced without a gap. Raises DeviceLost."""
        ...

    def rewind(self, frames: int) -> None:
        """Let the next write replace the last ``frames``, at most ``rewindable()`` of just now."""
        ...

    def flush(self) -> None:
        """Drop everything that is queued."""
        ...

    def rest(self) -> None:
        """Nothing comes for a while: let the device sleep until the next write."""
        ...

    def close(self) -> None:
        """Let go of the device. Safe to call twice."""
        ...
