"""What is written beside the audio of an export: a DAW project, the notes as MIDI, the words as LRC or SRT."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.mix import Span
from musicapi_desktop.domain.song import Stem, Take
from musicapi_desktop.domain.timed_lyrics import TimedLine, TimedWord, lines_of, sections_of, to_lrc, to_srt

from .export import Export, Exported
from .export_plan import LRC, MIDI, PROJECT, Piece, stems_written
from .song_folder import safe_name, write_whole

if TYPE_CHECKING:
    from .daw_project import ProjectTrack
    from .export_run import ExportOrder, Watch

_IN_PROJECT = {"wav16": "wav16", "wav24": "wav24", "wav32f": "wav32f", "flac24": "flac24"}
"""Formats every program that opens a project reads; the others become WAV with 24 bits."""


def _no_words(_take: Take) -> tuple[TimedWord, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the things beside the audio come from.

    ``words`` reads a take's sung words with their times; ``hues`` are colours (#rrggbb) by a stem's kind; ``program``
    is our name and version.
    """

    words: Callable[[Take], tuple[TimedWord, ...]] = _no_words
    hues: Mapping[str, str] = field(default_factory=dict[str, str])
    program: tuple[str, str] = ("MusicAPI Desktop", "")


class Beside:
    """Writes them. Blocks; for a worker."""

    def __init__(self, export: Export, sources: Sources) -> None:
        self._export = export
        self._sources = sources

    def write(self, order: ExportOrder, piece: Piece, target: Path, watch: Watch) -> Exported:
        """Write one piece. Raises AudioUnreadable, DiskError, InvalidRequest, ExportCancelled, OSError."""
        if piece.kind == PROJECT:
            return self._project(order, target, watch)
        if piece.kind == MIDI:
            copied = self._export.copy(order.take.files.get("midi", ""), target, cancelled=watch.cancelled)
            return replace(copied, kind=MIDI)
        return self._lyrics(order, piece, target)

    def _lyrics(self, order: ExportOrder, piece: Piece, target: Path) -> Exported:
        span = order.span
        lines = _within(lines_of(self._sources.words(order.take)), span)
        if not lines:
            raise InvalidRequest({"beside": "No line is sung in what is exported."})
        seconds = span[1] - span[0] if span is not None else order.seconds
        text = to_lrc(lines, order.title, seconds) if piece.kind == LRC else to_srt(lines)
        write_whole(target, text.encode())
        return Exported(target, False, kind=piece.kind, parts=len(lines))

    def _project(self, order: ExportOrder, target: Path, watch: Watch) -> Exported:
        from .daw_project import ProjectPlan, write_project

        take, span = order.take, order.span
        form = _IN_PROJECT.get(order.choice.form, "wav24")
        stems = stems_written(take, order.mix.state, mixed=False)
        tracks = {_track(stem, number, form, self._sources.hues): stem for number, stem in enumerate(stems, 1)}
        seconds = max((stem.facts.seconds for stem in stems if stem.facts), default=order.seconds)
        start, end = span or (0.0, seconds)
        watch.extend(len(tracks))
        plan = ProjectPlan(
            title=order.title,
            tracks=tuple(tracks),
            seconds=end - start,
            rate=48_000,
            # ranges muted by hand are kept apart from the levels, because they are times of the take
            mix=replace(order.mix.state, ranges=order.mix.ranges),
            bpm=take.bpm,
            start=start,
            markers=self._markers(take, seconds, (start, end)),
            program=self._sources.program,
            about={"Genre": take.style, "Comment": take.lyrics},
        )

        def audio(track: ProjectTrack) -> Path:
            made = target.with_name(f".stem-{secrets.token_hex(4)}{Path(track.file).suffix}")
            stem = tracks[track].id
            return self._export.save_stem(take, stem, made, form, span=span, cancelled=watch.cancelled).path

        write_project(target, plan, audio)
        return Exported(target, False, end - start, kind=PROJECT, parts=len(tracks))

    def _markers(self, take: Take, seconds: float, span: Span) -> tuple[tuple[str, float], ...]:
        start, end = span
        parts = sections_of(self._sources.words(take), seconds)
        # one that began before what is exported is heard from its beginning
        inside = [part for part in parts if part.start < end and part.end > start]
        return tuple((part.name, max(0.0, part.start - start)) for part in inside)


def _track(stem: Stem, number: int, form: str, hues: Mapping[str, str]) -> ProjectTrack:
    from .daw_project import ProjectTrack

    suffix = ".flac" if form.startswith("flac") else ".wav"
    return ProjectTrack(
        stem.id, stem.name, hues.get(stem.kind, ""), f"audio/{number:02} {safe_name(stem.name)}{suffix}"
    )


def _within(lines: tuple[TimedLine, ...], span: Span | None) -> tuple[TimedLine, ...]:
    """The lines that begin within ``span``, with their times from its start."""
    if span is None:
        return lines
    start, end = span
    return tuple(
        replace(line, start=line.start - start, end=min(line.end, end) - start)
        for line in lines
        if start <= line.start < end
    )
