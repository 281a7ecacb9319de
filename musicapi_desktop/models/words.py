"""Numbers as words: lengths, ages, amounts. One place, so that a time reads the same in every list."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

_CONTEXT = "Words"
_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 86400.0
_WEEK = 7 * _DAY


def plural(context: str, text: str, n: int) -> str:
    """Return ``text`` for ``n`` things; ``{0}`` becomes the number, with the separators of the person's language.

    English is the language of the source, so where no translation is installed its own rule applies here:
    ``song(s)`` is *song* for one and *songs* for any other number.
    """
    said = QCoreApplication.translate(context, text, None, n)
    return re.sub(r"\((\w+)\)", "" if n == 1 else r"\1", said).format(number(n))


def locale() -> QLocale:
    """The person's own locale; where the system names none (LANG=C), English with its separators."""
    mine = QLocale()
    return QLocale(QLocale.Language.English) if mine.language() == QLocale.Language.C else mine


def number(n: int) -> str:
    """A whole number with the separators of the person's own language: 1,284."""
    return locale().toString(n)


def length(seconds: float) -> str:
    """A duration as a clock: 3:18, 1:02:03; a dash where it is not known."""
    if seconds <= 0:
        return "–"
    return clock(seconds)


def clock(seconds: float) -> str:
    """A duration as a clock, 0:00 included."""
    whole = max(0, int(seconds + 0.5))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def spoken_length(seconds: float) -> str:
    """A duration as a screen reader should say it: 3 minutes 18 seconds."""
    minutes, secs = divmod(max(0, int(seconds + 0.5)), 60)
    words: list[str] = []
    if minutes:
        words.append(plural(_CONTEXT, "{0} minute(s)", minutes))
    if secs or not minutes:
        words.append(plural(_CONTEXT, "{0} second(s)", secs))
    return " ".join(words)


def age(then: float, now: float) -> str:
    """How long ago, in as few letters as a narrow column has: now, 2 min, 1 h, Tue, 12 Mar, 2024."""
    passed = now - then
    if passed < _MINUTE:
        return QCoreApplication.translate(_CONTEXT, "now")
    if passed < _HOUR:
        return QCoreApplication.translate(_CONTEXT, "{0} min").format(int(passed // _MINUTE))
    if passed < _DAY:
        return QCoreApplication.translate(_CONTEXT, "{0} h").format(int(passed // _HOUR))
    when = QDateTime.fromSecsSinceEpoch(int(then))
    here = locale()
    if passed < _WEEK:
        return here.toString(when, "ddd")
    if when.date().year() == QDateTime.fromSecsSinceEpoch(int(now)).date().year():
        return here.toString(when, "d MMM")
    return here.toString(when, "MMM yyyy")


def moment(then: float) -> str:
    """A date and time in full, in the person's own order."""
    return locale().toString(QDateTime.fromSecsSinceEpoch(int(then)), QLocale.FormatType.ShortFormat)


_MINOR_MODES = frozenset({"minor", "dorian", "phrygian", "aeolian", "locrian", "min"})


def tempo(bpm: float | None) -> str:
    """Beats per minute without decimals, a dash where it is not known."""
    return "–" if bpm is None else str(round(bpm))


def key_sign(key: str) -> str:
    """A key as musicians write it: F♯m for F# minor, E♭ for Eb major; a dash where it is not known.

    The modes are told by their third, so that the column stays narrow: D dorian is Dm.
    """
    if not key:
        return "–"
    tonic, _, mode = key.strip().partition(" ")
    sign = re.sub(r"^([A-G])b", r"\1♭", tonic.replace("#", "♯"))
    return f"{sign}m" if mode.lower() in _MINOR_MODES else sign


def size(octets: int) -> str:
    """A file's size: 4.1 MB."""
    return locale().formattedDataSize(octets, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
