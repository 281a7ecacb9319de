"""A process that makes one song and stands still at a chosen moment, so that it can be killed there."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from fakes.pump import Pump

from musicapi_desktop.domain.events import JobChanged
from musicapi_desktop.domain.song import AudioFacts


def main(folder, url, moment):
    def stand_still():
        sys.stdout.write("here\n")
        sys.stdout.flush()
        threading.Event().wait()

    pump = Pump(Path(folder), url)
    publish = pump.sink.publish

    def watched(event):
        publish(event)
        if isinstance(event, JobChanged) and event.job.state == moment:
            stand_still()

    pump.sink.publish = watched
    if moment == "a take landed":
        keep = pump.folders.keep
        pump.folders.keep = lambda song: (keep(song), stand_still() if any(take.path for take in song.takes) else None)
    if moment == "in the middle of a file":
        copy = pump.downloads._copy

        def broken(incoming, write, *rest):
            return copy(incoming, lambda chunk: write(chunk[: len(chunk) // 2]) and stand_still(), *rest)

        pump.downloads._copy = broken
    if moment == "a file is whole and not in place":
        pump.downloads._probe = lambda _path: stand_still() or AudioFacts(0, 0, 0, "", b"")
    pump.make()
    pump.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
