"""What the player bar shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.kept_mix import Loop
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.domain.timed_lyrics import TimedLine, TimedSection, TimedWord, lines_of, sections_of

from .blind import Blind, Tally

FIRST_VOLUME = -12.0

_NEUTRAL = bytes([26]) * 200
"""The same small waveform for all takes that are hidden."""

Section = TimedSection
"""A named part of a take, as its sung words tell it."""

HIDDEN = "?"
"""A take's letter while takes are compared blind."""


@dataclass(frozen=True, slots=True)
class PlayerState:
    """Everything the player bar shows but the position, which is looked at 30 times a second.

    ``match`` is what the level match takes off this take in dB, None where loudness is not known or there is one take.
    ``silent`` where there is no sound device, ``lost`` where it went away while playing, which paused.
    ``speed`` in percent, ``key`` in semitones; ``beats`` are seconds from the start, () until they were found, ``bar``
    beats make one; without them there is no click (``click_ready``). ``counting`` while the bar before the start is.
    ``beat`` is the length of a beat in seconds, 0 where the tempo is not known: beats are counted from the start.
    ``overview`` is 0–255 of full scale; ``error`` a sentence where the take cannot be played. ``place`` is where in
    ``takes`` the one is that plays. While ``blind`` letters are ``?`` and nothing here tells the takes apart but
    ``take_id``, which is not to be shown; ``choices`` counts what was preferred, ``tally`` tells it afterwards.
    """

    song_id: str = ""
    take_id: str = ""
    title: str = ""
    style: str = ""
    favourite: bool = False
    takes: tuple[str, ...] = ()
    take: str = ""
    place: int = 0
    blind: bool = False
    choices: int = 0
    tally: Tally = ()
    seconds: float = 0.0
    beat: float = 0.0
    playing: bool = False
    loading: bool = False
    loop: Loop | None = None
    loop_on: bool = False
    volume: float = FIRST_VOLUME
    quiet: bool = False
    match_on: bool = True
    match: float | None = None
    remaining: bool = False
    silent: bool = False
    lost: bool = False
    overview: bytes = b""
    sections: tuple[Section, ...] = ()
    lines: tuple[TimedLine, ...] = ()
    speed: int = 100
    key: int = 0
    click: bool = False
    click_level: float = -12.0
    click_ready: bool = False
    count_in: bool = False
    counting: bool = False
    beats: tuple[float, ...] = ()
    bar: int = 4
    error: str = ""

    @property
    def empty(self) -> bool:
        """True where nothing is open."""
        return not self.song_id


def facts_of(song: Song | None, take: Take | None, words: tuple[TimedWord, ...]) -> dict[str, object]:
    """The fields of PlayerState that follow from the take that is open and its sung ``words``."""
    if song is None or take is None:
        return {name: getattr(_EMPTY, name) for name in _FROM_TAKE}
    facts = take.facts
    letters = tuple(t.letter for t in playable(song))
    seconds = facts.seconds if facts else take.seconds
    return {
        "song_id": song.id,
        "take_id": take.id,
        "title": song.title or QCoreApplication.translate("Player", "Untitled"),
        "style": take.style or song.style,
        "favourite": song.favourite,
        "takes": letters,
        "take": take.letter,
        "place": letters.index(take.letter) if take.letter in letters else 0,
        "seconds": seconds,
        "beat": 60.0 / take.bpm if take.bpm and take.bpm > 0 else 0.0,
        "match": match_of(song, take),
        "overview": facts.overview if facts else b"",
        "sections": sections_of(words, seconds),
        "lines": lines_of(words),
    }


def hidden(facts: dict[str, object], song: Song, blind: Blind) -> dict[str, object]:
    """``facts`` without what would tell one take from another."""
    shortest = min((t.facts.seconds if t.facts else t.seconds for t in playable(song)), default=0.0)
    return {
        **facts,
        "style": song.style,
        "takes": (HIDDEN,) * len(blind.order),
        "take": HIDDEN,
        "place": blind.order.index(str(facts["take"])) if facts["take"] in blind.order else 0,
        "seconds": shortest,
        "beat": 0.0,
        "overview": _NEUTRAL,
        "sections": (),
        "lines": (),
    }


def match_of(song: Song, take: Take) -> float | None:
    """What level match takes off ``take`` in dB (0 or less): the distance to the quietest take that is ready."""
    known = [t.facts.loudness for t in playable(song) if t.facts is not None and t.facts.loudness is not None]
    own = take.facts.loudness if take.facts is not None else None
    if own is None or len(known) < 2:  # one take has nothing to be matched with
        return None
    return round(min(known) - own, 1) + 0.0


def playable(song: Song | None) -> tuple[Take, ...]:
    """The takes of a song that can be heard."""
    return tuple(t for t in song.takes if t.state is TakeState.READY) if song is not None else ()


_EMPTY = PlayerState()
_FROM_TAKE = (
    "song_id", "take_id", "title", "style", "favourite", "takes", "take", "place", "seconds", "beat", "match",
    "overview", "sections", "lines",
)  # fmt: skip
