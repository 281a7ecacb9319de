"""The form: which sections, how long, how full; fitted to the words and to the length asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .lyrics import LyricSection, SungLine
from .prosody import Prosody, Spoken
from .style import Style

TAIL = 2.6
"""Seconds the last chord rings on after the last bar."""

_ENERGIES = {
    "intro": 0.35,
    "verse": 0.52,
    "pre": 0.66,
    "chorus": 0.86,
    "bridge": 0.45,
    "solo": 0.8,
    "build": 0.62,
    "drop": 1.0,
    "break": 0.35,
    "outro": 0.36,
}
_WORD = re.compile(r"([a-z]+)(\d+)")
_FIRST_TO_GO = ("break", "bridge", "pre", "solo", "verse", "build", "chorus", "drop", "intro", "outro")
_BODY = ("verse", "chorus", "drop")
_LESSER = ("break", "bridge", "pre", "solo", "build", "intro")


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar of ``steps`` sixteenths in ``beats`` felt beats."""

    name: str
    steps: int
    beat: int

    @property
    def beats(self) -> int:
        """Felt beats of a bar."""
        return self.steps // self.beat

    def seconds(self, bpm: float) -> float:
        """Length of a bar; the tempo counts quarter notes (dotted quarters in 6/8 and 12/8)."""
        return self.steps * self.step_seconds(bpm)

    def step_seconds(self, bpm: float) -> float:
        """Length of a sixteenth."""
        return 60.0 / bpm / (self.beat if self.beat == 6 else 4)


def meter_of(name: str) -> Meter:
    """Read ``3/4`` or ``6/8``."""
    count, unit = (int(part) for part in name.split("/"))
    return Meter(name, count * 16 // unit, 6 if unit == 8 and count % 3 == 0 else 4)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to sing with its syllables, and the answer of the backing vocals."""

    text: str
    syllables: tuple[Spoken, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the plan; ``start`` in bars, ``nth`` counts those of its kind from 0."""

    kind: str
    label: str
    bars: int
    energy: float
    lines: tuple[Line, ...] = field(default=())
    line_bars: int = 2
    start: int = 0
    nth: int = 0

    @property
    def least(self) -> int:
        """Bars its words need."""
        return max(1, len(self.lines) * self.line_bars)


def written_form(text: str, style: Style) -> list[Section]:
    """Read ``intro4 verse8 …``."""
    return [
        Section(kind, "Pre-Chorus" if kind == "pre" else str(kind).capitalize(), int(bars), energy_of(kind, style))
        for kind, bars in (found.groups() for found in _WORD.finditer(text))
    ]


def energy_of(kind: str, style: Style) -> float:
    """Energy of a kind of section in a style."""
    return style.energies.get(kind, _ENERGIES.get(kind, 0.5))


def sung_form(lyrics: list[LyricSection], style: Style, prosody: Prosody, bar_seconds: float) -> list[Section]:
    """The form the lyrics' tags ask for, with an intro and an outro where they have none."""
    sections = [_sung(section, style, prosody, bar_seconds) for section in lyrics]
    if sections[0].kind != "intro":
        sections.insert(0, Section("intro", "Intro", 4, energy_of("intro", style)))
    if sections[-1].kind != "outro":
        sections.append(Section("outro", "Outro", 4, energy_of("outro", style)))
    return sections


def _sung(section: LyricSection, style: Style, prosody: Prosody, bar_seconds: float) -> Section:
    lines = tuple(spoken(line, prosody) for line in section.lines)
    energy = energy_of(section.kind, style)
    if not lines:
        bars = 8 if section.kind in ("solo", "drop", "chorus", "verse") else 4
        return Section(section.kind, section.label, bars, energy)
    longest = max(len(line.syllables) for line in lines)
    # about four syllables a second is as fast as words stay clear
    line_bars = next((n for n in (1, 2, 4) if longest <= n * bar_seconds * 4.0 - 1), 4)
    if line_bars == 1 and bar_seconds < 2.6 and style.tune.density < 3:
        line_bars = 2
    bars = len(lines) * line_bars
    return Section(section.kind, section.label, bars + bars % 2, energy, lines, line_bars)


def spoken(line: SungLine, prosody: Prosody) -> Line:
    """A line with its syllables."""
    return Line(line.text, tuple(prosody(line.text)), line.aside)


def fit(sections: list[Section], bars: int) -> list[Section]:
    """Make the sections ``bars`` long together: shorten, drop or repeat, words as whole as they can be."""
    bars = max(1, bars)
    sections = _drop_to(_tighten(sections, bars), bars)
    while _total(sections) < bars * 0.72 and len(sections) < 40:
        sections = _repeat(sections)
    return _even_out(sections, bars)


def _total(sections: list[Section]) -> int:
    return sum(section.bars for section in sections)


def _tighten(sections: list[Section], bars: int) -> list[Section]:
    """Halve the bars of each line where the words would not fit."""
    if sum(section.least for section in sections) <= bars:
        return sections
    halved = [replace(s, line_bars=max(1, s.line_bars // 2)) for s in sections]
    return [replace(s, bars=max(s.least, s.bars // 2)) if s.lines else s for s in halved]


def _drop_to(sections: list[Section], bars: int) -> list[Section]:
    kept = list(sections)
    while len(kept) > 1 and sum(max(s.least, min(2, s.bars)) for s in kept) > bars:
        wordless = [not s.lines for s in kept]
        del kept[_least_missed(kept, wordless if any(wordless) else [True] * len(kept))]
    while sum(max(s.least, min(s.bars, 6 if s.kind in _BODY else 4)) for s in kept) > bars * 1.15:
        wordless = [not s.lines for s in kept]
        if not any(wordless) or len(kept) <= 3:
            break
        del kept[_least_missed(kept, wordless)]
    return kept


def _least_missed(sections: list[Section], free: list[bool]) -> int:
    """Place of the section that goes first: the last of a kind that is there twice, then lesser kinds."""
    kinds = [s.kind for s in sections]
    places = [i for i in range(len(kinds)) if free[i]]
    doubled = [i for i in places if kinds.count(kinds[i]) > 1]
    lesser = [i for i in places if kinds[i] in _LESSER or (kinds[i] == "drop" and "chorus" in kinds)]
    return max(doubled or lesser or places, key=lambda i: (-_FIRST_TO_GO.index(kinds[i]), i))


def _repeat(sections: list[Section]) -> list[Section]:
    """Bring the body back before the outro."""
    end = len(sections) - 1 if sections[-1].kind == "outro" else len(sections)
    body = [s for s in sections[:end] if s.kind not in ("intro", "outro")][-4:] or sections[:1]
    lively = [s if s.kind in ("chorus", "drop") else replace(s, lines=(), line_bars=1) for s in body]
    return [*sections[:end], *lively, *sections[end:]]


def _even_out(sections: list[Section], bars: int) -> list[Section]:
    """Move the sections' lengths by fours, by two, by one, until the sum is right."""
    kept = list(sections)
    guard = 0
    while _total(kept) != bars and guard < 400:
        guard += 1
        missing = bars - _total(kept)
        sign = 1 if missing > 0 else -1
        sizes = [size for size in (4, 2, 1) if size <= abs(missing)]
        room = {size: _room(kept, size * sign) for size in sizes}
        step = sign * next((size for size in sizes if room[size]), 1)
        places = room.get(abs(step), [])
        if not places:
            kept = kept[:-1] if len(kept) > 1 else [replace(kept[0], bars=bars, lines=(), line_bars=1)]
            continue
        place = _best_place(kept, places, step)
        kept[place] = replace(kept[place], bars=kept[place].bars + step)
    return kept


def _room(sections: list[Section], step: int) -> list[int]:
    """Where ``step`` bars may come or go: whole sections stay whole, and at least as long as their words."""
    least = 4 if step == -4 else 2 if step == -2 else 1
    return [i for i, s in enumerate(sections) if s.bars + step >= max(least, s.least)]


def _best_place(sections: list[Section], places: list[int], step: int) -> int:
    """Where a bar more or less hurts least: odd steps at the ends, the longest shrink, the shortest body grows."""
    if abs(step) == 1:
        ends = [i for i in places if sections[i].kind in ("outro", "intro", "break")]
        return (ends or places)[-1]
    if step < 0:
        return max(places, key=lambda i: (sections[i].bars - sections[i].least, i))
    edges = ("intro", "outro", "break")
    return min(places, key=lambda i: (sections[i].bars + (8 if sections[i].kind in edges else 0), -i))


def finish(sections: list[Section], energy_shift: float) -> list[Section]:
    """Number the sections, place them, and let the song grow: later verses fuller, the last chorus the top."""
    placed: list[Section] = []
    seen: dict[str, int] = {}
    start = 0
    peaks = [i for i, s in enumerate(sections) if s.kind in ("chorus", "drop")]
    for index, section in enumerate(sections):
        nth = seen.get(section.kind, 0)
        seen[section.kind] = nth + 1
        energy = section.energy + energy_shift + (0.1 if section.kind == "verse" and nth else 0.0)
        energy = energy + 0.14 if len(peaks) > 1 and index == peaks[-1] else energy
        energy = min(1.0, max(0.15, energy))
        placed.append(replace(section, start=start, nth=nth, energy=round(energy, 3)))
        start += section.bars
    return placed
