"""The place where a take is played: time, swing, human hands, and the tracks being filled."""

from __future__ import annotations

from dataclasses import dataclass, field

from .form import Meter, Section
from .harmony import Harmony
from .rng import Rng
from .score import Note, Track, rounded
from .style import Sound, Style
from .theory import Key


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided before any note: ``seed`` belongs to this take alone, bar 0 begins at ``offset`` seconds.

    Kinds of section in ``fresh`` draw from ``fresh_seed`` instead: what is new in a song that is continued.
    """

    style: Style
    key: Key
    meter: Meter
    bpm: float
    seed: int
    take: int
    sections: tuple[Section, ...]
    harmonies: tuple[Harmony, ...]
    leave_out: frozenset[str]
    offset: float = 0.0
    fresh: frozenset[str] = frozenset()
    fresh_seed: int = 0

    def rng(self, *purpose: object) -> Rng:
        """The stream of one purpose."""
        seed = self.fresh_seed if not self.fresh.isdisjoint(str(part) for part in purpose) else self.seed
        return Rng(seed, *purpose)

    def seconds(self, step: float) -> float:
        """Time of a sixteenth counted from the start of the take, swung as the style swings."""
        return self.offset + (step + self._swing(step)) * self.meter.step_seconds(self.bpm)

    def step_at(self, seconds: float) -> int:
        """The sixteenth nearest to a time."""
        about = round((seconds - self.offset) / self.meter.step_seconds(self.bpm))
        return min((about - 1, about, about + 1), key=lambda step: abs(self.seconds(step) - seconds))

    def _swing(self, step: float) -> float:
        whole = int(step)
        if self.style.swing_unit == 8:
            return self.style.swing * 2.0 if whole % 4 == 2 else self.style.swing if whole % 4 == 3 else 0.0
        return self.style.swing if whole % 2 == 1 else 0.0

    def step_of(self, section: Section) -> int:
        """First step of a section."""
        return section.start * self.meter.steps

    @property
    def bars(self) -> int:
        """Bars of the whole take."""
        return sum(section.bars for section in self.sections)


@dataclass(slots=True)
class Stage:
    """Collects notes by sound."""

    plan: Plan
    played: dict[Sound, list[Note]] = field(default_factory=dict[Sound, list[Note]])
    kicks: list[float] = field(default_factory=list[float])

    def play(self, sound: Sound, start: float, length: float, pitch: int, velocity: float) -> None:
        """Add a note at seconds; silent where its stem is left out."""
        if sound.stem in self.plan.leave_out:
            return
        strength = max(1, min(127, round(velocity)))
        note = Note(rounded(max(0.0, start)), rounded(max(0.02, length)), max(0, min(127, pitch)), strength)
        self.played.setdefault(sound, []).append(note)

    def tracks(self) -> tuple[Track, ...]:
        """All that was played, every track in order of time."""
        return tuple(
            Track(
                sound.stem,
                sound.sound,
                sound.level,
                sound.pan,
                sound.reverb,
                sound.delay,
                sound.drive,
                sound.duck,
                tuple(sorted(notes, key=lambda n: (n.start, n.pitch, n.velocity))),
            )
            for sound, notes in self.played.items()
        )
