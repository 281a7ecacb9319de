"""A row of the library in words, for the table's cells and for a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.song import Take, TakeState
from musicapi_desktop.wire.limits import limits_of

from . import words
from .song_rows import Column, Row

translate = QCoreApplication.translate


def title(row: Row) -> str:
    """A song's title, or a word for a song that has none yet."""
    return row.song.title or translate("Library", "Untitled")


def second_line(row: Row) -> str:
    """Model and style, or how a song that is being made gets on."""
    if row.flight is not None:
        return row.flight.words
    song, take = row.song, row.take
    model = (take.model if take else "") or song.model
    style = (take.style if take else "") or song.style or song.description
    label = limits_of(model).label if model else ""
    return " · ".join(part for part in (label, " ".join(style.split())) if part)


def letters(row: Row) -> Sequence[str]:
    """The take of this row, or the takes that are still on their way."""
    if row.take is not None:
        return (row.take.letter,)
    return tuple(take.letter for take in row.song.takes if take.state is TakeState.EXPECTED)


def badges(row: Row) -> list[str]:
    """What is special about a take: its stems, a WAV, a missing file."""
    take = row.take
    if take is None:
        return []
    found: list[str] = []
    if take.stems:
        found.append(translate("Library", "Stems {0}").format(stem_count(take)))
    if take.wav_path:
        found.append(translate("Library", "WAV"))
    if take.state is TakeState.MISSING or not take.path:
        found.append(translate("Library", "Not downloaded"))
    return found


def stem_count(take: Take) -> int:
    """How many parts the fuller of a take's splits has."""
    splits = [stem.split for stem in take.stems]
    return max((splits.count(split) for split in set(splits)), default=0)


def seconds_of(row: Row) -> float:
    """A take's length: what decoding it said, else what the service said."""
    if row.take is None:
        return 0.0
    return row.take.facts.seconds if row.take.facts is not None else row.take.seconds


def cell(row: Row, column: Column, now: float) -> str:
    """The text of a cell."""
    return _CELLS[column](row, now)


def spoken(row: Row, column: Column, now: float) -> str:
    """The text of a cell for a screen reader: the first column tells the whole row."""
    if column is Column.LENGTH:
        return words.spoken_length(seconds_of(row)) if seconds_of(row) else ""
    if column is not Column.TITLE:
        return cell(row, column, now)
    state = translate("Library", "playing") if row.playing else ""
    favourite = translate("Library", "favourite") if row.song.favourite else ""
    take = translate("Library", "take {0}").format(", ".join(letters(row))) if letters(row) else ""
    parts = [title(row), take, state, favourite, *badges(row), second_line(row)]
    return ", ".join(part for part in parts if part)


def _made(row: Row, now: float) -> str:
    made = row.take.created_at if row.take is not None and row.take.created_at else row.song.created_at
    return words.age(made, now)


_CELLS: dict[Column, Callable[[Row, float], str]] = {
    Column.TITLE: lambda row, _now: title(row),
    Column.WAVEFORM: lambda _row, _now: "",
    Column.LENGTH: lambda row, _now: words.length(seconds_of(row)) if row.take else "",
    Column.BPM: lambda row, _now: words.tempo(row.take.bpm) if row.take else "",
    Column.KEY: lambda row, _now: words.key_sign(row.take.key) if row.take else "",
    Column.MADE: lambda row, now: _made(row, now) if row.take else "",
}
