"""The canonical stems."""

from __future__ import annotations

STEM_NAMES = (
    "Vocals",
    "Backing Vocals",
    "Drums",
    "Bass",
    "Guitar",
    "Keyboard",
    "Percussion",
    "Strings",
    "Synth",
    "FX",
    "Brass",
    "Woodwinds",
)
"""In the order of the contract's ``stems/full``."""


def stem_file(name: str) -> str:
    """File name of a stem in its take's folder: ``02 Drums.wav``."""
    return f"{STEM_NAMES.index(name) + 1:02d} {name}.wav"
