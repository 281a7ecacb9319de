"""Figures to English words."""

from __future__ import annotations

_SMALL_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _SMALL_WORDS.split(), _TEN_WORDS.split()
_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_MOST_DIGITS = 9


def say_number(figures: str) -> list[str]:
    """Words of a row of figures: 24, 1985 as a year, 007 and long ones figure by figure."""
    if len(figures) > _MOST_DIGITS or (figures.startswith("0") and len(figures) > 1):
        return [_ONES[int(figure)] for figure in figures[:24]]
    value = int(figures)
    if 1100 <= value < 2000 or 2010 <= value < 2100:
        century, year = divmod(value, 100)
        rest = ["hundred"] if not year else ["oh", *_small(year)] if year < 10 else _small(year)
        return [*_small(century), *rest]
    return _cardinal(value)


def _cardinal(value: int) -> list[str]:
    for size, name in _SCALES:
        if value >= size:
            many, rest = divmod(value, size)
            return [*_cardinal(many), name, *(_cardinal(rest) if rest else [])]
    return _small(value)


def _small(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    tens, ones = divmod(value, 10)
    return [_TENS[tens - 2], *([_ONES[ones]] if ones else [])]
