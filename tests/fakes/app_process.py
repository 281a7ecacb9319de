"""The whole app in a process that can be killed: it presses Create, says when the song is being made, and lives on."""

from __future__ import annotations

import sys
from pathlib import Path

from fakes.window import BAND, opened
from PySide6.QtWidgets import QApplication

from musicapi_desktop.domain.job import JobState


def main(data: str, server: str, words: str) -> None:
    app = QApplication(sys.argv[:1])
    with opened(app, Path(data), maker="" if server else BAND, server=server) as visit:
        visit.describe(words)
        visit.press_create()
        visit.until("the making", lambda: any(job.state is JobState.MAKING for job in visit.jobs()))
        sys.stdout.write(f"making {visit.core.engine.pid or 0}\n")
        sys.stdout.flush()
        app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
