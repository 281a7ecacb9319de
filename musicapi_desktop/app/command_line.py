"""The command line: the window, the tour, the local engine alone, or one operation for a script."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop import __version__
from musicapi_desktop.settings import locations


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for on the command line. ``size`` is (width, height) in pixels."""

    data: Path | None = None
    profile_url: str = ""
    tour: Path | None = None
    size: tuple[int, int] | None = None
    theme: str = ""
    files: tuple[str, ...] = ()

    def places(self) -> locations.Locations:
        """Where this run keeps everything."""
        return locations.under(self.data) if self.data else locations.of_this_person()


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; return the exit code."""
    if arguments and arguments[0] == "serve":
        # the frozen program is the engine's program too; Qt is never loaded there, and nobody collects cycles for it
        gc.enable()
        from musicapi_desktop.offline.serve import main as serve

        return serve(list(arguments[1:]))
    if arguments and arguments[0] == "sound":
        gc.enable()
        from musicapi_desktop.bridge.sound_child import main as work

        return work(arguments[1:])
    if arguments and arguments[0] == "api":
        gc.enable()
        from .api_command import main as api

        return api(arguments[1:])
    options = parse(arguments)
    _prepare_process()
    if options.tour is not None:
        from .tour import run_tour

        return run_tour(options, options.tour)
    from .bootstrap import run_window

    return run_window(options)


def parse(arguments: Sequence[str]) -> Options:
    """Read the arguments; prints help or a complaint and raises SystemExit as argparse does."""
    parser = argparse.ArgumentParser(
        prog="musicapi-desktop",
        description="Write, create, audition, split and keep songs.",
        epilog="musicapi-desktop serve --help: the local engine alone, for any MusicAPI client. "
        "musicapi-desktop api --help: any operation from a script, without a window.",
    )
    parser.add_argument("--version", action="version", version=f"MusicAPI Desktop {__version__}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything under DIR")
    parser.add_argument(
        "--profile-url", default="", metavar="URL", help="use this server, with the key of MUSICAPI_KEY"
    )
    parser.add_argument(
        "--tour", type=Path, metavar="DIR", help="drive the window through the main job; pictures and sound go to DIR"
    )
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window, such as 1440x900")
    parser.add_argument("--theme", choices=["dark", "light"], default="", help="colours, whatever the system says")
    parser.add_argument("files", nargs="*", metavar="FILE", help="audio files to bring in")
    given = parser.parse_args(list(arguments))
    return Options(given.data, given.profile_url, given.tour, given.size, given.theme, tuple(given.files))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"“{text}” is not a size such as 1440x900")
    return int(width), int(height)


def _prepare_process() -> None:
    # measured: one BLAS thread mixes fastest, and a short switch interval is the largest cure for drop-outs
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.setswitchinterval(0.001)
