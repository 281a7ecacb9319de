"""One cold opening of twelve stems, in a process of its own: FOLDER KIND CACHE. Prints figures as JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from musicapi_desktop.audio.cache import DecodedCache
from musicapi_desktop.audio.outputs import NullOutput
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.shelf import Part, Shelf
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.dsp.files import Reader


def private() -> float:
    """RssAnon of this process in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def main() -> None:
    """Open, render the first block, wait for the decoder, then play a while all over the song."""
    folder, kind, cache = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    sys.setswitchinterval(0.001)
    with Reader(folder / f"00.{kind}"):
        pass  # the libraries are loaded when the app has opened anything before
    before, player = private(), Player()
    threads: list[threading.Thread] = []

    def spawn(work):
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    start = time.perf_counter()
    shelf = Shelf(DecodedCache(cache), spawn, [folder] if kind == "wav" else [])
    opened = shelf.open("stems", [Part(path.stem, path) for path in sorted(folder.glob(f"*.{kind}"))])
    opened.wait_playable(lambda: 0)
    player.load(opened.track, opened.track.compile(MixState()))
    player.play()
    output = NullOutput(RATE, 10.0)
    while not player.render().any():
        pass
    first = time.perf_counter() - start
    opened.wait_complete()
    everything = time.perf_counter() - start
    for second in range(0, 240, 5):
        player.seek(second * RATE)
        for _ in range(20):
            output.write(player.render())
    more = private() - before
    for thread in threads:
        thread.join()
    print(json.dumps({"first": first, "all": everything, "private": more}))  # noqa: T201  # read by audition.py


if __name__ == "__main__":
    main()
