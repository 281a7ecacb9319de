"""Audio from an address: a file of this computer, or a page of the web, into a file of our own.

Standard library only: the engine's process has no HTTP client of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from .lane import Unsuited

log = logging.getLogger(__name__)

MOST_BYTES: Final = 200 * 1024 * 1024
"""Eight minutes of the widest WAV there is fit."""
_SILENCE: Final = 60.0  # seconds without a byte after which nothing more is expected
_CHUNK: Final = 256 * 1024
_TITLE: Final = 80
_GONE: Final = "The audio at this address cannot be fetched."


def title_of(url: str) -> str:
    """Return the name a recording has at its address, without its extension."""
    with contextlib.suppress(ValueError):
        return unquote(urlsplit(url).path).rpartition("/")[2].rpartition(".")[0][:_TITLE].replace("\0", "")
    return ""


@contextlib.asynccontextmanager
async def fetched(url: str, scratch: Path) -> AsyncGenerator[Path]:
    """Yield the audio of ``url`` as a file; one of this computer's own is not copied. Raises Unsuited, OSError."""
    local = _local(url)
    if local is not None:
        yield local
        return
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"{uuid.uuid4().hex}.audio"
    try:
        await asyncio.to_thread(_receive, url, target)
        yield target
    finally:
        with contextlib.suppress(OSError):
            target.unlink()


def _local(url: str) -> Path | None:
    """Return the file a ``file:`` address names, None for any other address. Raises Unsuited."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Unsuited("The url is not a valid address.") from error
    if parts.scheme.lower() != "file":
        return None
    if parts.netloc not in ("", "localhost"):
        raise Unsuited("A file must lie on this computer.")
    path = Path(urllib.request.url2pathname(parts.path))
    if "\0" in parts.path or not path.is_file():
        raise Unsuited("There is no file at this address.")
    if path.stat().st_size > MOST_BYTES:
        raise Unsuited(_too_large())
    return path


def _receive(url: str, target: Path) -> None:
    if urlsplit(url).scheme.lower() not in ("http", "https"):
        raise Unsuited("The url must be an http, https or file address.")
    try:
        with _opener().open(url, timeout=_SILENCE) as answer, target.open("wb") as file:
            _copy(answer.read, file.write)
    except urllib.error.HTTPError as error:
        error.close()
        raise Unsuited(f"{_GONE[:-1]}: it answers {error.code}.") from error
    except (urllib.error.URLError, http.client.HTTPException, ValueError) as error:
        raise Unsuited(_GONE) from error
    except OSError as error:
        if error.filename is not None:  # ours, not the line's
            raise
        raise Unsuited(_GONE) from error


def _opener() -> urllib.request.OpenerDirector:
    # only these: an opener with all the usual handlers would follow ftp: and, on a redirect, data:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
    size = 0
    while chunk := read(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise Unsuited(_too_large())
        write(chunk)


def _too_large() -> str:
    return f"This recording is larger than {MOST_BYTES // 1024 // 1024} MB."
