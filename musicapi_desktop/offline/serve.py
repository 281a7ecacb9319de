"""``musicapi-desktop serve``: the local engine alone, for the window or for any other client of the contract."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from .server.worker import DEFAULT_MAKER

log = logging.getLogger(__name__)

TOKEN_VARIABLE = "MUSICAPI_ENGINE_TOKEN"  # noqa: S105  # the variable's name, not a secret
_PATIENCE = 10.0
_NICE = 5

_HELP = f"""\
Serves the MusicAPI contract on 127.0.0.1 and makes the music on this computer.

It prints one line, "ready http://127.0.0.1:N", when it accepts connections. Where no token is given, a second line
follows, "token T", with one made for this run. It ends on SIGTERM, on Ctrl+C and, with --parent-pipe, when its
standard input is closed; what it was making then is made anew by the next run on the same folder.
A token in {TOKEN_VARIABLE} is seen by fewer eyes than one on the command line.
"""


def main(arguments: Sequence[str], *, maker: str = DEFAULT_MAKER) -> int:
    """Serve as the arguments say; return the exit code. ``maker`` names the module that makes the music.

    Codes: 0 ended as asked, 1 the port, folder or disk was refused (said on standard error), 2 wrong arguments.
    """
    given = _parse(arguments)
    # out of the environment at once: what this process starts must not inherit it
    inherited = os.environ.pop(TOKEN_VARIABLE, "")
    token = given.token if given.token is not None else inherited
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    if given.token is not None and not token.strip():
        return _complain("the token is empty")
    _step_back()
    from .server.hold import FolderTaken, hold
    from .server.process import Settings, serve

    data = (given.data or _usual_folder()).expanduser().absolute()
    made_here = "" if token else secrets.token_urlsafe(32)
    settings = Settings(
        data, token or made_here, given.port, given.credits, given.parent_pipe, maker, tuple(given.dialect)
    )
    try:
        with hold(data, _PATIENCE):
            serve(settings, lambda address: _ready(address, made_here))
    except FolderTaken:
        return _complain(f"another server uses {data}")
    except OSError as error:
        return _complain(f"{error.strerror or error} ({error.filename or f'port {given.port}'})")
    return 0


class _Given(argparse.Namespace):
    """The arguments as they are typed."""

    port: int
    token: str | None
    data: Path | None
    credits: int | None
    parent_pipe: bool
    dialect: list[str]


def _step_back() -> None:
    # before anything large is loaded, and inherited by every worker: the window and its sound go first
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)


def _parse(arguments: Sequence[str]) -> _Given:
    parser = argparse.ArgumentParser(
        prog="musicapi-desktop serve", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="port to listen on; 0, the default: any")
    parser.add_argument("--token", metavar="T", help="the key clients must send as bearer")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where tasks, clips and the ledger are kept")
    parser.add_argument(
        "--credits",
        type=_credits,
        metavar="N",
        help="charge the service's prices from an opening balance of N; another N later sets it anew, "
        "the same N goes on; without this everything is free",
    )
    parser.add_argument(
        "--dialect",
        type=_dialect,
        action="append",
        default=[],
        metavar="NAME",
        help="speak one of the documented spellings; may be given again and again, the last of a topic counts; "
        "“list” prints them all",
    )
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input is closed")
    return parser.parse_args(list(arguments), namespace=_Given())


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65_535:
        raise argparse.ArgumentTypeError(f"“{given}” is not a port from 0 to 65535")
    return int(given)


def _credits(given: str) -> int:
    if not given.isdecimal():
        raise argparse.ArgumentTypeError(f"“{given}” is not a number of credits")
    return int(given)


def _dialect(given: str) -> str:
    from musicapi_desktop.wire.dialects import BY_NAME

    if given == "list":
        lines = [f"{dialect.name:<24} {dialect.topic}: {dialect.changes}" for dialect in BY_NAME.values()]
        sys.stdout.write("\n".join(lines) + "\n")
        raise SystemExit(0)
    if given not in BY_NAME:
        raise argparse.ArgumentTypeError(f"“{given}” is no dialect; --dialect list prints them")
    return given


def _usual_folder() -> Path:
    import platformdirs

    # not the folder of the window's own engine: both may run at once
    return Path(platformdirs.user_data_dir("musicapi-desktop", appauthor=False)) / "serve"


def _ready(address: str, token: str) -> None:
    lines = f"ready {address}\n" + (f"token {token}\n" if token else "")
    sys.stdout.write(lines)
    sys.stdout.flush()


def _complain(said: str) -> int:
    sys.stderr.write(f"musicapi-desktop serve: {said}\n")
    return 1
