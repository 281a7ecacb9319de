"""``packaging/dev.py bench audition``: mixing, export, opening, real playback and waveforms against their bars.

``--short`` plays for 20 seconds instead of five minutes; ``--restless`` moves every control at random for ten minutes
besides, and searches what was recorded for clicks. ffmpeg and sox are measured beside where they are installed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from table import Row, show


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the application does, before numpy is loaded
    sys.setswitchinterval(0.001)
    sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]
    from audition_lanes import painting_rows
    from audition_playback import playback_rows, restless_rows
    from audition_rows import arithmetic_rows
    from fakes.null_sink import missing

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        rows = [*arithmetic_rows(folder), *painting_rows()]
        absent = missing()
        if absent:
            rows.append(Row("real playback", float("nan"), note=f"not measured, {absent}"))
        else:
            rows.extend(playback_rows(folder, 20 if "--short" in sys.argv else 300))
            if "--restless" in sys.argv:
                rows.extend(restless_rows(600))
    return show("Audition: 12 stereo stems of 4 minutes, 48 kHz", rows)


if __name__ == "__main__":
    sys.exit(main())
