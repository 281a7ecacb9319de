"""Which operation a brief asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.offline.engine import Brief, Cancel, MadeTake, Preview, Progress, Unsuitable

from .accompany import add_instrumental, add_vocals
from .bench import Bench
from .cover import cover
from .create import create, with_persona
from .extend import concat, extend
from .mashup import mashup
from .remaster import remaster
from .sample import sample
from .section import replace_section

Operation = Callable[[Brief, Bench], MadeTake]

_OPERATIONS: dict[str, Operation] = {
    "create_music": create,
    "extend_music": extend,
    "extend_upload_music": extend,
    "concat_music": concat,
    "cover_music": cover,
    "cover_upload_music": cover,
    "remaster": remaster,
    "add_vocals": add_vocals,
    "add_instrumental": add_instrumental,
    "persona_music": with_persona,
    "sample": sample,
    "mashup": mashup,
    "replace-section": replace_section,
}


def make(brief: Brief, folder: Path, progress: Progress, cancelled: Cancel, preview: Preview | None) -> MadeTake:
    """Do the brief's operation (engine.make_take)."""
    operation = _OPERATIONS.get(brief.operation)
    if operation is None:
        raise Unsuitable(f"The engine of this computer does not know {brief.operation!r}.")
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, progress, cancelled, preview)
    bench.check()
    made = operation(brief, bench)
    progress(1.0, "done")
    return made
