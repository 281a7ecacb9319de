"""A style as data: read from resources/styles/<id>.toml (format: README.md beside the files)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .score import MixPlan
from .tables import StyleError, Table
from .theory import FLAT_NAMES, SCALES, SHARP_NAMES, Key, chord_of

Pattern = dict[str, tuple[str, ...]]
"""Lane to bars of steps."""

_FAMILIES = ("minor", "major")
PLAYS = ("chords", "arp", "bass", "walk", "guide")


@dataclass(frozen=True, slots=True)
class Sound:
    """What plays and where it stands in the mix (see score.Track)."""

    stem: str
    sound: str
    level: float
    pan: float
    reverb: float
    delay: float
    drive: float
    duck: float


@dataclass(frozen=True, slots=True)
class Part:
    """One accompanying part. ``since``/``until`` are energies between which it plays."""

    sound: Sound
    play: str
    rhythm: tuple[str, ...]
    voicing: str
    low: int
    high: int
    since: float
    until: float
    only: tuple[str, ...]
    without: tuple[str, ...]
    gate: float
    strum: float
    order: str
    octave: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Lead:
    """An instrument that may carry the tune, and its range."""

    sound: Sound
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Groove:
    """A drum pattern at low and at high energy."""

    low: Pattern
    high: Pattern


@dataclass(frozen=True, slots=True)
class Tune:
    """How melodies go. ``density`` in notes per beat, ``syncopation`` and ``leaps`` 0-1, ``scale`` of Key.steps."""

    scale: str
    density: float
    syncopation: float
    leaps: float
    hold: float


@dataclass(frozen=True, slots=True)
class Variant:
    """What a sub-style changes where its words are read; None or empty leaves the style as it is."""

    words: tuple[str, ...]
    tempo: tuple[int, int]
    meter: str
    modes: tuple[str, ...]
    kit: str
    density: float
    energy: float


@dataclass(frozen=True, slots=True)
class Style:
    """Everything that makes a style."""

    id: str
    name: str
    words: tuple[str, ...]
    near: tuple[str, ...]
    tempo: tuple[int, int]
    meter: str
    modes: tuple[str, ...]
    tonics: tuple[int, ...]
    swing: float
    swing_unit: int
    human: float
    tags: str
    forms_vocal: tuple[str, ...]
    forms_instrumental: tuple[str, ...]
    energies: dict[str, float]
    harmony: dict[str, dict[str, tuple[str, ...]]]
    ending: dict[str, str]
    tune: Tune
    kit: str
    drums: Sound
    percussion: Sound
    grooves: tuple[Groove, ...]
    fills: tuple[Pattern, ...]
    crash: str
    parts: tuple[Part, ...]
    leads: tuple[Lead, ...]
    effects: tuple[str, ...]
    choir: tuple[str, ...]
    mix: MixPlan
    variants: tuple[Variant, ...]
    variant: str = ""

    def as_variant(self, variant: Variant) -> Style:
        """The sub-style."""
        return replace(
            self,
            tempo=variant.tempo,
            meter=variant.meter,
            modes=variant.modes,
            kit=variant.kit,
            tune=replace(self.tune, density=variant.density),
            energies={**self.energies, "": variant.energy},
            variant=variant.words[0],
        )


def load(path: Path) -> Style:
    """Read a style file. Raises StyleError naming what is wrong."""
    top = Table.of_file(path)
    form, drums, harmony = top.table("form"), top.table("drums"), top.table("harmony")
    style = _plain(path.stem, top, (form, drums, harmony))
    style = replace(style, variants=tuple(_variant(table, style) for table in top.tables("variants")))
    for table in (top, form, drums, harmony):
        table.done()
    _check(style, style.modes, top)
    return style


def _plain(name: str, top: Table, tables: tuple[Table, Table, Table]) -> Style:
    form, drums, harmony = tables
    return Style(
        id=name,
        name=top.text("name"),
        words=top.texts("words"),
        near=top.texts("near", ()),
        tempo=top.pair("tempo"),
        meter=top.text("meter", "4/4"),
        modes=top.texts("modes"),
        tonics=tuple(_tonic(top, tonic) for tonic in top.texts("tonics")),
        swing=top.number("swing", 0.0),
        swing_unit=int(top.number("swing_unit", 16)),
        human=top.number("human", 6.0),
        tags=top.text("tags", ""),
        forms_vocal=form.texts("vocal"),
        forms_instrumental=form.texts("instrumental"),
        energies=_energies(top.table("energy")),
        harmony={family: _progressions(harmony.table(family), family) for family in _FAMILIES},
        ending={family: harmony.text(f"{family}_ending", "i" if family == "minor" else "I") for family in _FAMILIES},
        tune=_tune(top.table("tune")),
        kit=drums.text("kit", ""),
        drums=_sound(drums, "Drums", "kit"),
        percussion=_sound(top.table("percussion"), "Percussion", "kit"),
        grooves=tuple(_groove(groove) for groove in drums.tables("grooves")),
        fills=tuple(_pattern(fill) for fill in drums.tables("fills")),
        crash=drums.text("crash", ""),
        parts=tuple(_part(part) for part in top.tables("parts")),
        leads=tuple(_lead(lead) for lead in top.tables("leads")),
        effects=top.texts("effects", ()),
        choir=top.texts("choir", ("chorus",)),
        mix=_mix(top.table("mix")),
        variants=(),
    )


@cache
def load_all(folder: Path) -> tuple[Style, ...]:
    """Read every style of a folder, by name. Files that begin with an underscore are not styles."""
    files = sorted(folder.glob("*.toml"), key=lambda p: p.name)
    return tuple(load(path) for path in files if not path.name.startswith("_"))


def _check(style: Style, modes: tuple[str, ...], top: Table) -> None:
    for mode in modes:
        if mode not in SCALES:
            raise StyleError(f"{top.where}: modes: {mode!r} is none of {', '.join(SCALES)}")
        family = Key(0, mode).family
        if not style.harmony[family].get("verse"):
            raise StyleError(f"{top.where}: [harmony.{family}] needs a verse for mode {mode!r}")
    if not style.leads:
        raise StyleError(f"{top.where}: needs at least one of [[leads]]")


def _tonic(top: Table, name: str) -> int:
    for names in (FLAT_NAMES, SHARP_NAMES):
        if name in names:
            return names.index(name)
    raise StyleError(f"{top.where}: tonics: {name!r} is not a note")


def _energies(table: Table) -> dict[str, float]:
    found = {name: table.number(name) for name in table.names()}
    table.done()
    return found


def _progressions(table: Table, family: str) -> dict[str, tuple[str, ...]]:
    found = {name: table.texts(name) for name in table.names()}
    key = Key(0, family)
    for name, rows in found.items():
        for symbol in " ".join(rows).replace(",", " ").split():
            try:
                chord_of(symbol, key)
            except ValueError as error:
                raise StyleError(f"{table.where}: {name}: {error}") from error
    table.done()
    return found


def _tune(table: Table) -> Tune:
    tune = Tune(
        scale=table.text("scale", "mode"),
        density=table.number("density", 1.5),
        syncopation=table.number("syncopation", 0.2),
        leaps=table.number("leaps", 0.3),
        hold=table.number("hold", 0.9),
    )
    table.done()
    return tune


def _variant(table: Table, style: Style) -> Variant:
    variant = Variant(
        words=table.texts("words"),
        tempo=table.pair("tempo", style.tempo),
        meter=table.text("meter", style.meter),
        modes=table.texts("modes", style.modes),
        kit=table.text("kit", style.kit),
        density=table.number("density", style.tune.density),
        energy=table.number("energy", 0.0),
    )
    if not set(variant.modes) <= set(SCALES):
        raise StyleError(f"{table.where}: modes must be of {', '.join(SCALES)}")
    table.done()
    return variant


def _mix(table: Table) -> MixPlan:
    plain = MixPlan()
    mix = MixPlan(
        reverb=table.number("reverb", plain.reverb),
        size=table.number("size", plain.size),
        duck=table.number("duck", plain.duck),
        low=table.number("low", plain.low),
        high=table.number("high", plain.high),
        dull=table.number("dull", plain.dull),
        width=table.number("width", plain.width),
        swell=table.number("swell", plain.swell),
    )
    table.done()
    return mix


def _sound(table: Table, stem: str = "", sound: str = "") -> Sound:
    return Sound(
        stem=table.text("stem", stem) if stem else table.text("stem"),
        sound=table.text("sound", sound) if sound else table.text("sound"),
        level=table.number("level", 0.0),
        pan=table.number("pan", 0.0),
        reverb=table.number("reverb", 0.15),
        delay=table.number("delay", 0.0),
        drive=table.number("drive", 0.0),
        duck=table.number("duck", 0.0),
    )


def _pattern(table: Table) -> Pattern:
    found = {name: tuple(bar.replace(" ", "") for bar in table.texts(name)) for name in table.names()}
    table.done()
    return found


def _groove(table: Table) -> Groove:
    groove = Groove(low=_pattern(table.table("low")), high=_pattern(table.table("high")))
    table.done()
    return groove


def _lead(table: Table) -> Lead:
    low, high = table.pair("range", (62, 81))
    lead = Lead(_sound(table), low, high)
    table.done()
    return lead


def _part(table: Table) -> Part:
    low, high = table.pair("range", (52, 72))
    part = Part(
        sound=_sound(table),
        play=table.text("play"),
        rhythm=tuple(bar.replace(" ", "") for bar in table.texts("rhythm", ("9---------------",))),
        voicing=table.text("voicing", "close"),
        low=low,
        high=high,
        since=table.number("since", 0.0),
        until=table.number("until", 1.1),
        only=table.texts("only", ()),
        without=table.texts("without", ()),
        gate=table.number("gate", 0.95),
        strum=table.number("strum", 0.0),
        order=table.text("order", "0123"),
        octave=int(table.number("octave", 0)),
        velocity=table.number("velocity", 1.0),
    )
    if part.play not in PLAYS:
        raise StyleError(f"{table.where}: play: {part.play!r} is none of {', '.join(PLAYS)}")
    table.done()
    return part
