"""What the export dialog shows, as one frozen value, and the words for what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.kept_mix import Loop
from musicapi_desktop.domain.song import Take
from musicapi_desktop.models.words import clock, plural
from musicapi_desktop.services.export import Exported
from musicapi_desktop.services.export_plan import PROJECT, Choice


class Stage(StrEnum):
    """Where an export is. ASKING: names are taken, and the person decides what becomes of them."""

    CHOOSING = "choosing"
    ASKING = "asking"
    WRITING = "writing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Written:
    """One file that was written. ``figures`` are its loudness and peak in words; ``clipped`` a sentence."""

    name: str
    figures: str = ""
    clipped: str = ""


@dataclass(frozen=True, slots=True)
class ExportState:
    """``choice`` is what would be written, with what this take cannot do left out; ``extras`` could lie beside it.

    ``problem`` says why it cannot be written; ``said`` what came of the last try; ``progress`` is 0–1.
    """

    stage: Stage = Stage.CHOOSING
    title: str = ""
    choice: Choice = field(default_factory=Choice)
    split: bool = False
    loop: Loop | None = None
    folder: Path = field(default_factory=Path)
    names: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    problem: str = ""
    taken: tuple[str, ...] = ()
    progress: float = 0.0
    current: str = ""
    written: tuple[Written, ...] = ()
    said: str = ""


def written_of(done: Exported, take: Take) -> Written:
    """What is told of a file; a copy of the take itself has the figures of the take."""
    if done.kind:
        return Written(done.path.name, extra_words(done))
    loudness, peak, seconds = done.loudness, done.true_peak, done.seconds
    parts: list[str] = []
    if done.copied:
        parts.append(QCoreApplication.translate("Export", "as delivered"))
        if take.facts is not None and done.path.suffix == Path(take.wav_path or take.path).suffix:
            loudness, peak, seconds = take.facts.loudness, take.facts.true_peak, take.facts.seconds
    elif loudness is None:
        parts.append(QCoreApplication.translate("Export", "silence"))
    if loudness is not None:
        parts.append(f"{_signed(loudness)} LUFS")
    if peak is not None:
        parts.append(f"{_signed(peak)} dBTP")
    if seconds:
        parts.append(clock(seconds))
    clipped = plural("Export", "{0} sample(s) over full scale: lower the mix.", done.clipped) if done.clipped else ""
    return Written(done.path.name, " · ".join(parts), clipped)


def extra_words(done: Exported) -> str:
    """What is told of a file beside the audio: ``12 tracks``, ``34 lines``."""
    if done.kind == PROJECT:
        return plural("Export", "{0} track(s)", done.parts)
    return plural("Export", "{0} line(s)", done.parts) if done.parts else ""


def loop_words(loop: Loop | None) -> str:
    """``Loop 1:00–1:31``."""
    if loop is None:
        return QCoreApplication.translate("Export", "Loop")
    return QCoreApplication.translate("Export", "Loop {start}–{end}").format(start=clock(loop[0]), end=clock(loop[1]))


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
