"""What the player bar and the mixer need of playing: the seam that services/playback satisfies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.domain.kept_mix import KeptMix, Loop
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.units import Credits

Peak = tuple[float, float]
"""Linear sample peaks, left and right."""


class Snapshot(Protocol):
    """The transport at one moment. Times are seconds; ``position`` is what is heard now."""

    @property
    def position(self) -> float:
        """Where the ear is."""
        ...

    @property
    def playing(self) -> bool:
        """Whether sound is asked for."""
        ...

    @property
    def counting(self) -> bool:
        """Whether the bar before the start is being counted."""
        ...

    @property
    def silent(self) -> bool:
        """True where there is no sound device and a clock stands in."""
        ...

    @property
    def device(self) -> str:
        """The kind of output: empty before one was opened, ``null`` where a clock stands in."""
        ...

    @property
    def problems(self) -> Mapping[str, str]:
        """Why stems are silent or break off: sentences by stem id."""
        ...

    @property
    def peaks(self) -> Mapping[str, Peak]:
        """Peaks since the last look by stem id; the mix under the empty name."""
        ...


class Transport(Protocol):
    """Playing. ``open_take`` and ``open_stems`` read files and are called on a worker; the rest returns at once."""

    def open_take(self, song: Song, take: Take) -> None:
        """Make ``take`` the one that plays, from its start. Raises KnownError."""
        ...

    def open_stems(self, take: Take) -> None:
        """Play the open take from its stems, at the same position. Raises KnownError."""
        ...

    def find_beats(self, take: Take) -> Beats:
        """Find the beats of a take and let them be clicked on. Takes a second: for a worker. Raises KnownError."""
        ...

    def play(self, count_in: bool = False) -> None:
        """Go on from here, after a bar counted where that is asked."""
        ...

    def pause(self) -> None:
        """Stay here."""
        ...

    def seek(self, seconds: float) -> None:
        """Go there, playing or not."""
        ...

    def loop(self, loop: Loop | None) -> None:
        """Repeat a range, or nothing."""
        ...

    def tune(self, speed: float, key: int) -> None:
        """Speed (1 as it was made) and semitones."""
        ...

    def click(self, on: bool, level: float) -> None:
        """Click on the beats; the level in dB is that of a bar counted in, too."""
        ...

    def volume(self, level: float) -> None:
        """The level in dB of everything."""
        ...

    def switch_take(self, letter: str) -> None:
        """Go on with another take of the song at the same position."""
        ...

    def match(self, on: bool) -> None:
        """Bring takes to the loudness of the quietest."""
        ...

    def mix(self, state: MixState) -> None:
        """Set the mixer."""
        ...

    def mute_ranges(self, stem_id: str, ranges: Sequence[Loop]) -> None:
        """Silence a stem between these times."""
        ...

    def original(self, on: bool) -> None:
        """While stems play, hear the take's own file in their place."""
        ...

    def original_level(self, level: float) -> None:
        """The level in dB at which the original is heard."""
        ...

    def mix_figures(self, take: Take) -> tuple[float | None, float | None]:
        """Loudness (LUFS) and true peak (dBTP) of the open stems as the mixer is set; None each where it is silent.

        Takes a second, and ends early with None where the mixer is set otherwise meanwhile: for a worker.
        """
        ...

    def stems_loudness(self, take: Take) -> float | None:
        """How loud the open stems are together, in LUFS; None for silence. Waits for decoding: for a worker."""
        ...

    def snapshot(self) -> Snapshot:
        """The transport now."""
        ...


class MixMemory(Protocol):
    """Where the mixer's state of each take is kept. Small and quick: called on the window's thread."""

    def get(self, take_id: str) -> KeptMix | None:
        """What was kept, or None."""
        ...

    def put(self, take_id: str, kept: KeptMix) -> None:
        """Keep it."""
        ...


class Splitter(Protocol):
    """The way to stems."""

    def prices(self, take: Take) -> tuple[Credits, Credits] | None:
        """Credits for two parts and for all parts; None where the take cannot be split."""
        ...

    def split(self, song: Song, take: Take, *, full: bool) -> None:
        """Ask for stems."""
        ...
