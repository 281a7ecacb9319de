"""A brief becomes a score."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from musicapi_desktop.offline.voice.manner import individual, told
from musicapi_desktop.offline.voice.syllables import voice_prosody

from .form import TAIL, Meter, Section, finish, fit, meter_of, sung_form, written_form
from .harmony import Harmony, harmonise, looped
from .likeness import alike, tune_groups
from .lyrics import parse_lyrics
from .perform import About, Cast, perform
from .prosody import Prosody
from .rng import Rng, take_seed
from .score import Score
from .stage import Plan
from .style import Lead, Style, load_all
from .theory import Key
from .understand import LONGEST, SHORTEST, Wishes, load_words, plain, understand
from .verses import write_lyrics

_LONGEST_UNASKED = 300.0
_DRAWS = 16
_SHARED = 0.015
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Order:
    """A brief as the composer takes it; the fields are those of engine.Brief."""

    title: str
    lyrics: str
    description: str
    tags: str
    negative_tags: str
    instrumental: bool
    gender: str
    duration: float | None
    weirdness: float
    seed: int
    take: int
    engine: str
    manner: Mapping[str, object] = field(default_factory=dict[str, object])
    lift: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What is settled before anything is composed: the song is built on a loop of these chords."""

    bpm: float
    key: Key
    meter: str
    loop: Harmony


def compose(order: Order, styles: Path, prosody: Prosody = voice_prosody, given: Given | None = None) -> Score:
    """Compose one take. Pure: the same order, style files and prosody give the same score everywhere.

    The other take is another idea: what shares too much of its tune with the first is thrown away.
    """
    if order.take == 0:
        return _composed(order, styles, (prosody, given, 0))
    first = tune_groups(_composed(replace(order, take=0), styles, (prosody, given, 0), bare=True))
    best = (2.0, 0)
    for draw in range(_DRAWS):
        idea = tune_groups(_composed(order, styles, (prosody, given, draw), bare=True))
        best = min(best, (alike(first, idea), draw))
        if best[0] <= _SHARED:
            break
    return _composed(order, styles, (prosody, given, best[1]))


def _composed(order: Order, styles: Path, how: tuple[Prosody, Given | None, int], *, bare: bool = False) -> Score:
    """One idea; ``bare`` has its tune only, which is the same with and without a band."""
    prosody, given, draw = how
    wishes = _wishes(order, styles, given)
    wishes = replace(wishes, style=drawn(wishes.style, draw))
    seed = take_seed(order.seed, order.take, draw)
    key, meter = _key(wishes, order), meter_of(wishes.meter or wishes.style.meter)
    lyrics = _lyrics(order, wishes, styles)
    sections, bpm, seconds = _sized(order, wishes, lyrics, (meter, prosody))
    if given:
        harmonies = [looped(given.loop, section.bars * meter.steps) for section in sections]
    else:
        harmonies = harmonise(sections, wishes.style, key, meter.steps, (Rng(order.seed, "harmony"), order.take))
    plan = Plan(wishes.style, key, meter, bpm, seed, order.take, tuple(sections), tuple(harmonies), wishes.leave_out)
    if bare:
        plan = replace(plan, style=replace(plan.style, parts=(), grooves=(), effects=()))
    length = seconds or plan.seconds(plan.bars * meter.steps) + TAIL
    gender = order.gender if order.gender in ("f", "m") else plan.rng("gender").pick(("f", "m"))
    cast = Cast(gender, leads_of(wishes.leads, plan), sung=bool(lyrics), lift=order.lift)
    title, tags = title_of(order, lyrics), _tags(order, plan)
    manner = order.manner or told(individual(gender, Rng(order.seed, "singer", gender).uniform))
    about = About(title, lyrics, tags, order.seed, order.take, order.engine, order.weirdness, draw, manner)
    return perform(plan, cast, about, length, prosody)


def drawn(style: Style, draw: int) -> Style:
    """The style as a further idea takes it: its tunes push and leap more or less, have more notes or fewer."""
    if not draw:
        return style
    push = min(1.0, max(0.0, style.tune.syncopation + (0.3 if draw % 2 else -0.25)))
    leaps = min(1.0, max(0.0, style.tune.leaps + (0.0, 0.35, -0.2)[draw % 3]))
    density = style.tune.density * (1.0, 1.25, 0.8, 1.1)[draw % 4]
    return replace(style, tune=replace(style.tune, syncopation=push, leaps=leaps, density=density))


def _wishes(order: Order, styles: Path, given: Given | None) -> Wishes:
    text = " . ".join([order.tags, order.description, order.title])
    rng = Rng(order.seed, "brief")
    wishes = understand(text, order.negative_tags, load_all(styles), load_words(styles), rng)
    wishes = replace(wishes, style=bent(wishes.style, order.weirdness))
    if order.instrumental and "choir" not in text.lower():
        wishes = replace(wishes, leave_out=wishes.leave_out | {"Backing Vocals"})
    return replace(wishes, bpm=given.bpm, key=given.key, meter=given.meter) if given else wishes


def _sized(
    order: Order, wishes: Wishes, lyrics: str, how: tuple[Meter, Prosody]
) -> tuple[list[Section], float, float | None]:
    """The form fitted to the length asked for, the tempo, and that length."""
    meter, prosody = how
    bpm = _bpm(wishes, order)
    sections = _form(lyrics, wishes, (meter, bpm, prosody), order)
    seconds = _asked(order, wishes)
    if seconds is not None:
        bars = _bars_for(seconds, meter.seconds(bpm))
        sections = fit(sections, bars)
        bpm = bpm if wishes.bpm else _tune_tempo(bpm, bars, meter, seconds)
    else:
        most = int((_LONGEST_UNASKED - TAIL) / meter.seconds(bpm))
        sections = fit(sections, min(sum(s.bars for s in sections), most))
    return finish(sections, wishes.energy_shift), bpm, seconds


def bent(style: Style, weirdness: float) -> Style:
    """The style with tunes that leap and push more (above 0.5) or less (below) than its own."""
    shift = 0.6 * (min(1.0, max(0.0, weirdness)) - 0.5)
    tune = style.tune
    leaps = min(1.0, max(0.0, tune.leaps + shift))
    syncopation = min(1.0, max(0.0, tune.syncopation + shift))
    return replace(style, tune=replace(tune, leaps=leaps, syncopation=syncopation))


def _asked(order: Order, wishes: Wishes) -> float | None:
    if order.duration is not None and order.duration > 0:
        return max(SHORTEST, min(LONGEST, order.duration))
    return wishes.seconds


def _bars_for(seconds: float, bar: float) -> int:
    return max(1, int((seconds - min(TAIL, seconds * 0.2)) / bar + 0.25))


def _tune_tempo(bpm: float, bars: int, meter: Meter, seconds: float) -> float:
    """Move a tempo nobody asked for by a few percent so that the last chord has its time."""
    wanted = (seconds - min(TAIL, seconds * 0.2)) / bars
    exact = bpm * meter.seconds(bpm) / wanted
    return round(min(bpm * 1.05, max(bpm * 0.95, exact)), 2)


def _key(wishes: Wishes, order: Order) -> Key:
    if wishes.key:
        return wishes.key
    style, rng = wishes.style, Rng(order.seed, "key")
    modes = [m for m in style.modes if not wishes.mode_family or Key(0, m).family == wishes.mode_family]
    tonics = rng.shuffled(style.tonics)
    order_of_modes = rng.shuffled(modes or style.modes)
    return Key(tonics[order.take % len(tonics)], order_of_modes[order.take % len(order_of_modes)])


def _bpm(wishes: Wishes, order: Order) -> float:
    """The tempo asked for, or one of the style's: the two takes come from its two halves."""
    if wishes.bpm:
        return wishes.bpm
    low, high = wishes.style.tempo
    rng = Rng(order.seed, "tempo")
    half = (rng.below(2) + order.take) % 2
    place = (half + rng.uniform(0.1, 0.9)) / 2
    if wishes.tempo_shift:
        place = min(1.0, max(0.0, 0.5 + 0.5 * wishes.tempo_shift + 0.12 * (place - 0.5)))
    return float(round(low + (high - low) * place))


def _lyrics(order: Order, wishes: Wishes, styles: Path) -> str:
    if order.instrumental or "Vocals" in wishes.leave_out:
        return ""
    if parse_lyrics(order.lyrics) and any(s.lines for s in parse_lyrics(order.lyrics)):
        return plain(order.lyrics)
    if order.lyrics.strip() and not order.description.strip():
        return ""
    return write_lyrics(order.description or order.tags or order.title, styles, Rng(order.seed, "words", order.take))


def _form(lyrics: str, wishes: Wishes, how: tuple[Meter, float, Prosody], order: Order) -> list[Section]:
    meter, bpm, prosody = how
    style = wishes.style
    if lyrics:
        return sung_form(parse_lyrics(lyrics), style, prosody, meter.seconds(bpm))
    tagged = [s for s in parse_lyrics(order.lyrics) if not s.lines]
    if tagged:
        return sung_form(tagged, style, prosody, meter.seconds(bpm))
    forms = Rng(order.seed, "form").shuffled(style.forms_instrumental)
    return written_form(forms[order.take % len(forms)], style)


def leads_of(asked: tuple[Lead, ...], plan: Plan) -> tuple[Lead, ...]:
    """Who may carry the tune: the instruments asked for, then the style's, turned by the take."""
    own = Rng(plan.seed >> 1, "leads").shuffled(plan.style.leads) if plan.take > 1 else list(plan.style.leads)
    turned = own[plan.take % len(own) :] + own[: plan.take % len(own)]
    return (*asked[:2], *turned)


def title_of(order: Order, lyrics: str) -> str:
    """The title given, or one made of the words."""
    given = " ".join(plain(order.title).split())[:100]
    if given:
        return given
    lines = [line.text for s in parse_lyrics(lyrics) if s.kind == "chorus" for line in s.lines] if lyrics else []
    source = lines[0] if lines else plain(order.description or order.tags)
    spoken = re.split(r"[,.;:!?()\n]", source)
    words = _WORDS.findall(spoken[0])
    if len(words) < 2:
        words = _WORDS.findall(source)
    return " ".join(word[:1].upper() + word[1:] for word in words[:6]) or "Untitled"


def _tags(order: Order, plan: Plan) -> str:
    own = ", ".join(part.strip() for part in plain(order.tags).replace("\n", ",").split(",") if part.strip())
    return own or f"{plan.style.tags or plan.style.name.lower()}, {plan.key.name}, {plan.bpm:g} bpm"
