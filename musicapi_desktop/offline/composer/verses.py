"""Lyrics from a description: verses of rhymed couplets, a chorus with a hook, a bridge. Lines are data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .rng import Rng
from .tables import Table
from .understand import load_words, plain

_COMMON_WORDS = """
about song songs music track with this that from your their there what when where which like make made into over
under very some more have will would could just slow fast build female male vocals vocal voice singer sung sing
beat beats tempo minor major chords chord drums drum bass guitar piano synth style mood feeling vibe sound sounds
upbeat happy dark soft gentle warm calm epic energetic dreamy chill lofi trailer cinematic instrumental choir
modern classic school seconds minutes minute second please write create rainy early late great good little
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@cache
def _tables(folder: Path) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    top = Table.of_file(folder / "_verses.toml")
    rhymes, chorus = top.table("rhymes"), top.table("chorus")
    groups = {name: rhymes.texts(name) for name in rhymes.names()}
    return groups, chorus.texts("hooks"), chorus.texts("answers"), top.texts("things")


def write_lyrics(description: str, folder: Path, rng: Rng) -> str:
    """Two verses, a chorus three times, a bridge, as tagged text. Pure."""
    groups, hooks, answers, things = _tables(folder)
    own = themes(description, folder) or rng.shuffled(things)[:3]
    order = rng.shuffled(sorted(groups))
    place = 0

    def couplets(count: int) -> list[str]:
        nonlocal place
        lines: list[str] = []
        for _ in range(count):
            pair = rng.shuffled(groups[order[place % len(order)]])[:2]
            lines += [line.replace("{thing}", rng.pick(own)) for line in pair]
            place += 1
        return lines

    hook = rng.pick(hooks).replace("{thing}", own[0])
    chorus = [hook, *couplets(1)[:1], hook, rng.pick(answers)]
    verses = [couplets(2), couplets(2)]
    bridge = couplets(1)
    parts = [("Verse 1", verses[0]), ("Chorus", chorus), ("Verse 2", verses[1]), ("Chorus", chorus)]
    parts += [("Bridge", bridge), ("Chorus", chorus)]
    return "\n\n".join("\n".join([f"[{label}]", *lines]) for label, lines in parts)


def themes(description: str, folder: Path) -> list[str]:
    """Up to three words of a description that a line can speak of."""
    words = load_words(folder)
    known = set(" ".join([*words.instruments, *words.moods, *words.leave_out]).split()) | _COMMON
    found: list[str] = []
    for word in re.findall(r"[^\W\d_]{4,12}", plain(description).lower()):
        if word not in known and not word.endswith(("ing", "ly", "ed")) and word not in found:
            found.append(word)
    return found[-3:]
