"""Lyrics with times: the words as a service aligns them, the lines and sections they make, LRC and SRT of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_PAUSE = 4.0
"""Seconds without a word after which a line is taken off the screen."""
_LEAST_SHOWN = 0.8
"""Seconds: a subtitle shorter than this cannot be read."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A piece of sung text with the white space and the section marks it came with (contract §6.6); seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TimedLine:
    """One line as it is sung. The texts of ``words`` put together are ``text``; ``section`` is the mark it is under."""

    text: str
    start: float
    end: float
    words: tuple[TimedWord, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class TimedSection:
    """A named part of a take. Times in seconds."""

    name: str
    start: float
    end: float


def lines_of(words: Sequence[TimedWord]) -> tuple[TimedLine, ...]:
    """Put aligned words together to lines: split at line ends, marks in brackets taken out and remembered."""
    found: list[TimedLine] = []
    parts: list[tuple[int, str]] = []
    mark, section, inside = "", "", False
    for index, word in enumerate(words):
        for letter in word.text:
            if letter == "[" and not inside:
                mark, inside = "", True
            elif inside and letter in "]\n":
                # a mark starts a section only where it stands before the words of a line
                section, inside = (mark.strip() or section) if not _said(parts) else section, False
            elif inside:
                mark += letter
            elif letter == "\n":
                found += _line(words, parts, section)
                parts = []
            else:
                parts.append((index, letter))
    return (*found, *_line(words, parts, section))


def sections_of(words: Sequence[TimedWord], seconds: float) -> tuple[TimedSection, ...]:
    """Return the sections that the marks between the words name, each from its first word to the next one's.

    A mark with no words under it has no time and is left out. ``seconds`` is the length of the take.
    """
    starts: list[tuple[str, float]] = []
    before = ""
    for line in lines_of(words):
        if line.section and line.section != before:
            starts.append((line.section, line.start))
        before = line.section
    ends = [start for _name, start in starts[1:]] + [seconds]
    parts = [(name, start, end) for (name, start), end in zip(starts, ends, strict=False) if end > start]
    return tuple(TimedSection(name, start, end) for name, start, end in parts)


def to_lrc(lines: Sequence[TimedLine], title: str = "", seconds: float = 0.0) -> str:
    """Return lines as an LRC file: one time a line in hundredths, an empty line where nothing is sung for a while."""
    head = [f"[ti:{_plain(title)}]"] if title else []
    if seconds > 0:
        head.append(f"[length:{int(seconds) // 60:02}:{int(seconds) % 60:02}]")
    rows: list[str] = []
    for line, after in _with_next(lines):
        rows.append(f"[{_lrc_time(line.start)}]{line.text}")
        if after is None or after.start - line.end > _PAUSE:
            rows.append(f"[{_lrc_time(line.end)}]")
    return "\n".join([*head, *rows, ""])


def to_srt(lines: Sequence[TimedLine]) -> str:
    """Return lines as an SRT file: each from its first word to its last, long enough to read, none over the next."""
    blocks: list[str] = []
    for number, (line, after) in enumerate(_with_next(lines), 1):
        end = max(line.end, line.start + _LEAST_SHOWN)
        end = min(end, after.start) if after is not None and after.start > line.start else end
        blocks.append(f"{number}\n{_srt_time(line.start)} --> {_srt_time(end)}\n{line.text}\n")
    return "\n".join(blocks)


def _line(words: Sequence[TimedWord], parts: Sequence[tuple[int, str]], section: str) -> Iterator[TimedLine]:
    """One line of the letters in ``parts``, each with the index of its word; none where there is nothing in it."""
    texts: dict[int, str] = {}
    for index, letter in parts:
        texts[index] = texts.get(index, "") + letter
    spaced = [(index, _SPACE.sub(" ", text)) for index, text in texts.items() if text.strip()]
    if not spaced:
        return
    last = len(spaced) - 1
    made: list[TimedWord] = []
    for place, (index, spaced_text) in enumerate(spaced):
        text = spaced_text.lstrip() if place == 0 or made[-1].text.endswith(" ") else spaced_text
        word = words[index]
        made.append(TimedWord(text.rstrip() if place == last else text, word.start, max(word.start, word.end)))
    start, end = min(word.start for word in made), max(word.end for word in made)
    yield TimedLine("".join(word.text for word in made), start, end, tuple(made), section)


def _said(parts: Sequence[tuple[int, str]]) -> bool:
    return any(not letter.isspace() for _index, letter in parts)


def _with_next(lines: Sequence[TimedLine]) -> Iterator[tuple[TimedLine, TimedLine | None]]:
    ordered = sorted(lines, key=lambda line: line.start)
    return zip(ordered, [*ordered[1:], None], strict=False)


def _plain(title: str) -> str:
    return _SPACE.sub(" ", title).replace("[", "(").replace("]", ")").strip()


def _lrc_time(seconds: float) -> str:
    hundredths = max(0, round(seconds * 100))
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes:02}:{rest // 100:02}.{rest % 100:02}"


def _srt_time(seconds: float) -> str:
    thousandths = max(0, round(seconds * 1000))
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
