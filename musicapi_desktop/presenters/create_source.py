"""The take an operation works on, as the Create panel shows it, and what can be picked on its waveform."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.domain.rules import Rules
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.models import words
from musicapi_desktop.wire.limits import limits_of

translate = QCoreApplication.translate

Part = tuple[str, float, float]
_PREVIEW = 5.0
"""Seconds before the place where an extension begins that are played to hear it."""
_SECTION = 20.0
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Picked:
    """A take that was chosen as a source, with its song and the named parts that are known of it."""

    song: Song
    take: Take
    parts: tuple[Part, ...] = ()

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.take.facts.seconds if self.take.facts else float(self.take.seconds)

    @property
    def source(self) -> Source:
        """What a request says of it."""
        return Source(self.song.id, self.take.id, self.take.clip_id, self.song.title)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as it is shown. ``ranged`` where a place (``point``) or a span is picked on it; times in seconds."""

    song_id: str
    take_id: str
    title: str
    letter: str
    line: str
    overview: bytes = b""
    seconds: float = 0.0
    beat: float = 0.0
    parts: tuple[Part, ...] = ()
    ranged: bool = False
    point: bool = False
    least: float = _LEAST
    most: float | None = None
    start: float = 0.0
    end: float = 0.0
    warning: str = ""

    @property
    def to_hear(self) -> tuple[float, float]:
        """What is played before sending: the span, or the moments before the place."""
        return (max(0.0, self.start - _PREVIEW), self.start) if self.point else (self.start, self.end)


def view_of(picked: Picked, request: Request, rules: Rules, warning: str = "") -> SourceView:
    """Word a source for the panel."""
    take, facts = picked.take, picked.take.facts
    model = limits_of(take.model or picked.song.model).label if take.model or picked.song.model else ""
    said = (translate("Create", "Take {0}").format(take.letter), model, words.length(picked.seconds))
    ranged, point = "start" in rules.fields, "end" not in rules.fields
    least, most = rules.span or (_LEAST, 0.0)
    end = picked.seconds if request.end is None else request.end
    start = request.start if request.start is not None else (picked.seconds if point else 0.0)
    return SourceView(
        picked.song.id,
        take.id,
        picked.song.title or translate("Create", "Untitled"),
        take.letter,
        " · ".join(part for part in said if part and part != "–"),
        overview=facts.overview if facts else b"",
        seconds=picked.seconds,
        beat=60.0 / take.bpm if take.bpm and take.bpm > 0 else 0.0,
        parts=picked.parts,
        ranged=ranged,
        point=point,
        least=max(_LEAST, least),
        most=most or None,
        start=start,
        end=end,
        warning=warning,
    )


def first_range(
    operation: Operation, rules: Rules, picked: Picked, loop: tuple[float, float] | None
) -> tuple[Seconds | None, Seconds | None]:
    """Where the handles stand first: the loop the person has made, a named part, or what the operation expects."""
    seconds = picked.seconds
    if "start" not in rules.fields or seconds <= 0:
        return None, None
    if "end" not in rules.fields:
        # nothing said means the end, which the service knows to the sample
        return (Seconds(loop[1]) if loop else None), None
    if loop is None and operation in (Operation.ADD_VOCALS, Operation.ADD_INSTRUMENTAL):
        return Seconds(0.0), Seconds(seconds)
    least, most = rules.span or (_LEAST, seconds)
    start, end = loop or _middle(picked)
    end = min(seconds, max(end, start + least), start + most)
    return Seconds(max(0.0, min(start, end - least))), Seconds(end)


def _middle(picked: Picked) -> tuple[float, float]:
    sung = next((part for part in picked.parts if "chorus" in part[0].lower()), None)
    if sung is not None:
        return sung[1], sung[2]
    start = picked.seconds / 3
    return start, min(picked.seconds, start + _SECTION)
