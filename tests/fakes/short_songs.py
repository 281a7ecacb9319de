"""Short songs made once, and the means to work on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from musicapi_desktop.offline.composer.score_file import read_score
from musicapi_desktop.offline.engine import Brief, MadeTake, Material, make_take

LYRICS = "[Verse]\nHold me under the open sky\nEvery river is running by\n[Chorus]\nNeon rain wash me slow"


class Studio:
    """Makes takes into folders of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def make(self, operation: str = "create_music", **changes) -> MadeTake:
        plain = {
            "title": "", "lyrics": "", "description": "", "tags": "", "negative_tags": "", "instrumental": False,
            "vocal_gender": "f", "duration": None, "weirdness": None, "style_weight": None, "seed": 3, "take": 0,
        }  # fmt: skip
        self._count += 1
        brief = Brief(**{**plain, **changes}, operation=operation)
        return make_take(brief, self._folder / str(self._count), lambda share, word: None, lambda: False)


def material(made: MadeTake) -> Material:
    return Material(made.mix.parent, made.mix, made.stems, made.score, made.seconds)


def read(path: Path):
    return soundfile.read(path, dtype="int16")[0].astype(np.int64)


def score_of(made: MadeTake):
    return read_score(made.score)
