"""What the mixer shows, as one frozen value, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.kept_mix import Loop
from musicapi_desktop.domain.mix import OFF, MixState, Span, Strip, level_words
from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import Stem, Take
from musicapi_desktop.domain.timed_lyrics import TimedLine
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.models.words import clock, key_sign, plural, tempo

from .player_state import Section

_STAGES = {
    JobState.HELD: QT_TRANSLATE_NOOP("Mixer", "Held in the queue"),
    JobState.WAITING: QT_TRANSLATE_NOOP("Mixer", "Waiting in the queue"),
    JobState.SENDING: QT_TRANSLATE_NOOP("Mixer", "Sending"),
    JobState.ACCEPTED: QT_TRANSLATE_NOOP("Mixer", "Accepted by the service"),
    JobState.MAKING: QT_TRANSLATE_NOOP("Mixer", "Splitting"),
    JobState.DOWNLOADING: QT_TRANSLATE_NOOP("Mixer", "Downloading the stems"),
    JobState.CHECKING: QT_TRANSLATE_NOOP("Mixer", "Checking the stems"),
    JobState.PERHAPS_SENT: QT_TRANSLATE_NOOP("Mixer", "Perhaps sent: the queue asks what to do"),
}


@dataclass(frozen=True, slots=True)
class LaneState:
    """One stem. ``silenced`` by another's solo; ``silent`` where the file holds nothing; ``error`` a sentence."""

    stem_id: str
    name: str
    kind: str
    strip: Strip = field(default_factory=Strip)
    silenced: bool = False
    silent: bool = False
    error: str = ""
    ranges: tuple[Span, ...] = ()

    @property
    def audible(self) -> bool:
        """Whether anything of it is in the mix at its full level."""
        return not (self.silent or self.silenced or self.strip.mute)


@dataclass(frozen=True, slots=True)
class SplitOffer:
    """The way to stems, in words. ``basic`` and ``full`` are empty where there is none; ``running`` while it lasts."""

    basic: str = ""
    full: str = ""
    running: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class MixerState:
    """Everything the mixer shows but what moves with the sound.

    ``view`` is what the lanes show (seconds), None for all of it; ``has_notes`` where notes of a stem are known.
    ``lufs`` and ``true_peak`` are the mix's as it is set once it was ``measured``, until then the take's as delivered.
    ``original_match`` is what brings the original to the loudness of the stems together, in dB; None until measured.
    """

    song_id: str = ""
    take_id: str = ""
    title: str = ""
    take: str = ""
    facts: str = ""
    lanes: tuple[LaneState, ...] = ()
    mix: MixState = field(default_factory=MixState)
    scenes: frozenset[str] = frozenset()
    scene: str = ""
    seconds: float = 0.0
    beat: float = 0.0
    beats: tuple[float, ...] = ()
    sections: tuple[Section, ...] = ()
    lines: tuple[TimedLine, ...] = ()
    view: Span | None = None
    has_notes: bool = False
    notes_on: bool = True
    speed: int = 100
    key: int = 0
    loop: Loop | None = None
    loop_on: bool = False
    playing: bool = False
    loading: bool = False
    lufs: float | None = None
    true_peak: float | None = None
    measured: bool = False
    split: SplitOffer = field(default_factory=SplitOffer)
    can_undo: bool = False
    can_redo: bool = False
    original: bool = False
    original_match: float | None = None
    match_original: bool = True
    error: str = ""

    @property
    def empty(self) -> bool:
        """True where nothing is open."""
        return not self.take_id


def stems_of(take: Take) -> tuple[Stem, ...]:
    """The stems the mixer shows: all parts where they exist, else the two."""
    full = tuple(stem for stem in take.stems if stem.split == "full")
    return tuple(sorted(full or take.stems, key=lambda stem: stem.position))


def facts_line(take: Take, stems: tuple[Stem, ...]) -> str:
    """``12 stems · 48 kHz · 3:18 · 112 bpm · F♯ minor``; what is not known is left out."""
    source = stems[0].facts if stems and stems[0].facts else take.facts
    seconds = take.facts.seconds if take.facts else take.seconds
    parts = (
        plural("Mixer", "%Ln stem(s)", len(stems)) if stems else "",
        f"{source.rate / 1000:g} kHz" if source else "",
        clock(seconds) if seconds else "",
        f"{tempo(take.bpm)} bpm" if take.bpm else "",
        key_words(take.key),
    )
    return " · ".join(part for part in parts if part)


def key_words(key: str) -> str:
    """A key in words: ``F#m`` becomes ``F♯ minor``; other spellings stay as they are."""
    if not key:
        return ""
    tonic, _, mode = key.strip().partition(" ")
    if mode:
        return f"{key_sign(tonic)} {mode}"
    sign = key_sign(key)
    if sign.endswith("m") and len(sign) <= 3:  # a letter, perhaps an accidental, and the m
        return QCoreApplication.translate("Mixer", "{tonic} minor").format(tonic=sign[:-1])
    if len(sign) <= 2:  # a letter and perhaps an accidental
        return QCoreApplication.translate("Mixer", "{tonic} major").format(tonic=sign)
    return sign


def lanes_of(stems: tuple[Stem, ...], mix: MixState, errors: dict[str, str]) -> tuple[LaneState, ...]:
    """One lane a stem, silent ones last in their own order."""
    lanes = [
        LaneState(
            stem.id,
            stem.name,
            stem.kind,
            mix.strip(stem.id),
            silenced=mix.silenced_by_solo(stem.id),
            silent=stem.silent,
            error=errors.get(stem.id, ""),
            ranges=mix.ranges.get(stem.id, ()),
        )
        for stem in stems
    ]
    return tuple(sorted(lanes, key=lambda lane: lane.silent))


def notes_of(stem: Stem, tracks: tuple[Track, ...]) -> tuple[Note, ...]:
    """The notes of one stem among the tracks of a take, which have the names that their stems have."""
    names = {stem.name.casefold(), stem.kind.casefold(), stem.kind.replace("_", " ").casefold()}
    found = [note for track in tracks if track.name.casefold() in names for note in track.notes]
    return tuple(sorted(found, key=lambda note: note.start))


def offer_words(prices: tuple[Credits, Credits] | None, jobs: dict[str, Job], take_id: str) -> SplitOffer:
    """The split buttons with their prices, or how far a split has come."""
    ours = [job for job in jobs.values() if job.request.source and job.request.source.take_id == take_id]
    running = next((stage_words(job) for job in ours if stage_words(job)), "")
    failed = next((job.failure.message for job in reversed(ours) if job.state is JobState.FAILED and job.failure), "")
    if prices is None:
        return SplitOffer(running=running, failed=failed)
    basic, full = prices
    return SplitOffer(
        QCoreApplication.translate("Mixer", "Split into stems: 2 parts · {price}").format(price=price_words(basic)),
        QCoreApplication.translate("Mixer", "all parts · {price}").format(price=price_words(full)),
        running,
        failed,
    )


def price_words(price: Credits) -> str:
    """``15 credits``, or ``free on this computer``."""
    if price == 0:
        return QCoreApplication.translate("Mixer", "free on this computer")
    return plural("Mixer", "%Ln credit(s)", price)


def is_split(job: Job) -> bool:
    """Whether a job makes stems."""
    return job.request.operation in {Operation.STEMS_BASIC, Operation.STEMS_FULL} and job.request.source is not None


def stage_words(job: Job) -> str:
    """How far a split has come; empty where it has ended."""
    words = _STAGES.get(job.state)
    return QCoreApplication.translate("Mixer", str(words)) if words else ""


def lane_words(lane: LaneState) -> str:
    """What a screen reader says of a strip: ``Vocals, level, −3.5 dB``; ``Bass, silenced by solo``."""
    if lane.error:
        return f"{lane.name}, {lane.error}"
    if lane.silent:
        return QCoreApplication.translate("Mixer", "{stem}, no signal").format(stem=lane.name)
    if lane.silenced:
        return QCoreApplication.translate("Mixer", "{stem}, silenced by solo").format(stem=lane.name)
    level = (
        QCoreApplication.translate("Mixer", "off") if lane.strip.level == OFF else f"{level_words(lane.strip.level)} dB"
    )
    words = QCoreApplication.translate("Mixer", "{stem}, level, {level}").format(stem=lane.name, level=level)
    if lane.strip.mute:
        words += QCoreApplication.translate("Mixer", ", muted")
    return words + QCoreApplication.translate("Mixer", ", soloed") if lane.strip.solo else words
