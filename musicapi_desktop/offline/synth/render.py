"""A score becomes sound on disk: stems one after the other, then the master. Memory holds one stem, later the sum."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file
from musicapi_desktop.offline.voice.singer import Singer

from .master import keep_part, master_gains, sum_of, write_silence, write_take
from .sound import Floats, frames_of
from .soundfont import SoundFont
from .stems import render_stem, render_voice
from .vocals import Voice

Watch = tuple[Callable[[float, str], None], Callable[[], None]]
"""Told the share done and a word; and asked whether to go on (raises where not)."""


def render(score: Score, folder: Path, bank: Path, watch: Watch) -> frozenset[str]:
    """Write ``mix.wav`` and the twelve stems; returns the names of those that are silent."""
    progress, check = watch
    font = SoundFont(bank)
    voice = Singer()
    frames = frames_of(score.seconds)
    parts: dict[str, Path] = {}
    for place, name in enumerate(STEM_NAMES):
        check()
        progress(0.03 + 0.72 * place / len(STEM_NAMES), name)
        sound = _stem(score, name, (font, voice), check)
        if sound is not None and sound.any():
            parts[name] = (folder / stem_file(name)).with_suffix(".part")
            keep_part(sound, parts[name])
        del sound
    total = sum_of(parts, frames)
    progress(0.78, "mastering")
    gains = master_gains(total, score, check)
    check()
    progress(0.9, "writing")
    write_take(parts, total, gains, folder / "mix.wav")
    silent = frozenset(STEM_NAMES) - frozenset(parts)
    for name in silent:
        write_silence(folder / stem_file(name), frames)
    return silent


def _stem(score: Score, name: str, players: tuple[SoundFont, Voice], check: Callable[[], None]) -> Floats | None:
    font, voice = players
    played = render_stem(score, name, font, check)
    if name not in ("Vocals", "Backing Vocals"):
        return played
    sung = render_voice(score.vocals, score, voice, backing=name == "Backing Vocals")
    return sung if played is None else played if sung is None else played + sung
