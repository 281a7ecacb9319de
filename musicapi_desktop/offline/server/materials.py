"""A clip's files as the music takes them: links that stay whole while the masters are put away."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from musicapi_desktop.offline.engine import MadeStem, Material
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text

from . import masters

_NUMBER_OF_TRIES = 3


def stage(source: Json, folder: Path) -> Material:
    """Put what a job says of a clip into ``folder`` (made anew) and return it. Raises OSError where a file is gone.

    ``source``: the clip's ``folder``, the ``masters`` that add up to it, its ``stems`` (name, file, silent, draft),
    all without their extension, its ``score`` and ``seconds``.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = [Path(text(entry)) for entry in items(source.get("masters"))]
    if len(parts) == 1:
        mix = _link(parts[0], folder / "mix")
    else:
        mix = folder / "mix.wav"
        masters.make_wav(parts, mix)
    score = text(source.get("score"))
    return Material(
        Path(text(source.get("folder"))),
        mix,
        tuple(_stem(mapping(entry), folder) for entry in items(source.get("stems"))),
        Path(score) if score and Path(score).exists() else None,
        number(source.get("seconds")) or 0.0,
    )


def _stem(source: Json, folder: Path) -> MadeStem:
    name, silent, draft = text(source.get("name")), flag(source.get("silent")), flag(source.get("draft"))
    master = Path(text(source.get("file")))
    return MadeStem(name, _link(master, folder / master.name), silent or False, draft or False)


def _link(master: Path, target: Path) -> Path:
    for attempt in range(_NUMBER_OF_TRIES):
        file = masters.found(master)
        if file is None:
            break
        here = target.with_suffix(file.suffix)
        # it may be put away as FLAC between looking and linking
        last = attempt == _NUMBER_OF_TRIES - 1
        with contextlib.nullcontext() if last else contextlib.suppress(FileNotFoundError):
            try:
                os.link(file, here)
            except FileNotFoundError:
                raise
            except OSError:  # no links on this file system
                shutil.copyfile(file, here)
            return here
    raise FileNotFoundError(f"{master.name} is gone")
