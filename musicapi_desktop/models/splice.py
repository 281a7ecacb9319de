"""The smallest useful difference of two orders, as steps a Qt model can announce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_FINE = 400
"""Past this many differing rows the middle is replaced whole: a finer answer would take longer than it saves."""
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Change:
    """At row ``at`` take out ``removed`` rows, then put in ``added`` rows found at ``source`` of the new order."""

    at: int
    removed: int
    added: int
    source: int


def splice(old: Sequence[Any], new: Sequence[Any]) -> list[Change]:
    """Steps from ``old`` to ``new``, to be applied in the order given (each ``at`` counts the steps before it).

    Both are of one type: lists, or arrays of one code. Values must be hashable.
    """
    shorter = min(len(old), len(new))
    head = _alike(old, new, shorter)
    tail = _alike_at_the_end(old, new, shorter - head)
    gone, come = len(old) - head - tail, len(new) - head - tail
    if not gone and not come:
        return []
    if gone > _FINE or come > _FINE or not gone or not come:
        return [Change(head, gone, come, head)]
    return _fine(old[head : head + gone], new[head : head + come], head)


def _alike(old: Sequence[Any], new: Sequence[Any], most: int) -> int:
    at = 0
    # whole blocks are compared by the sequence itself, which is a hundred times faster than item by item
    while at + _BLOCK <= most and old[at : at + _BLOCK] == new[at : at + _BLOCK]:
        at += _BLOCK
    while at < most and old[at] == new[at]:
        at += 1
    return at


def _alike_at_the_end(old: Sequence[Any], new: Sequence[Any], most: int) -> int:
    at, ends = 0, (len(old), len(new))
    while at + _BLOCK <= most:
        if old[ends[0] - at - _BLOCK : ends[0] - at] != new[ends[1] - at - _BLOCK : ends[1] - at]:
            break
        at += _BLOCK
    while at < most and old[ends[0] - 1 - at] == new[ends[1] - 1 - at]:
        at += 1
    return at


def _fine(old: Sequence[Any], new: Sequence[Any], offset: int) -> list[Change]:
    steps: list[Change] = []
    shift = 0
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        steps.append(Change(offset + old_from + shift, old_to - old_from, new_to - new_from, offset + new_from))
        shift += (new_to - new_from) - (old_to - old_from)
    return steps
