"""Webhooks: what becomes of a task is told to an address, signed, and told again until somebody takes it (§15).

What is still to be told lies in ``<root>/webhooks/<task id>.json``, readable by its owner only, as it holds the
secret to sign with; the file goes once everything was told.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import logging
import os
import secrets
import ssl
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from musicapi_desktop.wire.hosts import is_loopback
from musicapi_desktop.wire.values import Json, items, mapping, number, text, whole

from .fields import Rejected
from .manner import Manner
from .tasks import COMPLETED, FAILED, STREAMING, Hook

log = logging.getLogger(__name__)

BACKOFF: Final = (1.0, 5.0, 30.0, 120.0, 600.0, 1800.0)
"""Seconds before the second, third… attempt; after the last one it is given up."""
_PATIENCE: Final = 10.0
Told = Callable[[str, str], Json]
"""The body of an event, by its word and the task's id; empty where the task is gone."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One event on its way. ``at`` is when it is tried next, in Unix seconds."""

    letter_id: str
    event: str
    attempts: int = 0
    at: float = 0.0


def hook_of(url: str, secret: str) -> Hook | None:
    """Return the hook of a request, None where it has none. Raises Rejected for an address nobody may be told at."""
    if not url:
        return None
    scheme = url.partition(":")[0].lower()
    if scheme != "https" and not (scheme == "http" and is_loopback(url)):
        raise Rejected("webhook_url must be an https address, or an http one of this computer.")
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        named = False
    if not named:
        raise Rejected("webhook_url is not a valid address.")
    return Hook(url, secret)


class Courier:
    """Delivers events. Belongs to one event loop."""

    def __init__(self, root: Path, manner: Manner, told: Told, backoff: Sequence[float] = BACKOFF) -> None:
        self._folder = root / "webhooks"
        self._manner = manner
        self._told = told
        self._backoff = tuple(backoff)
        self._hooks: dict[str, tuple[Hook, tuple[Letter, ...]]] = {}
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._own_secret = secrets.token_hex(16)

    def resume(self) -> None:
        """Go on with what the last process had still to tell."""
        for file in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                source = mapping(json.loads(file.read_bytes()))
            except (OSError, ValueError):
                log.exception("a webhook cannot be read and is left out")
                continue
            letters = [mapping(entry) for entry in items(source.get("letters"))]
            self._hooks[file.stem] = (
                Hook(text(source.get("url")), text(source.get("secret"))),
                tuple(
                    Letter(
                        text(entry.get("letter_id")),
                        text(entry.get("event")),
                        whole(entry.get("attempts")) or 0,
                        number(entry.get("at")) or 0.0,
                    )
                    for entry in letters
                ),
            )
            self._go(file.stem)

    def expect(self, task_id: str, hook: Hook) -> None:
        """Keep where a task is to be told of. Raises OSError."""
        self._keep(task_id, hook, ())

    def tell(self, event: str, task_id: str) -> None:
        """Begin to tell of an event; does nothing for a task without a hook."""
        known = self._hooks.get(task_id)
        if known is None or (event == STREAMING and self._manner.speaks("webhook-plain")):
            return
        hook, letters = known
        if event not in (letter.event for letter in letters):
            self._keep_quietly(task_id, hook, (*letters, Letter(str(uuid.uuid4()), event)))
            self._go(task_id)

    async def close(self) -> None:
        """Stop; what is not told yet is told by the next process."""
        rounds = list(self._rounds.values())
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)

    def _go(self, task_id: str) -> None:
        if task_id not in self._rounds and self._hooks[task_id][1]:
            task = asyncio.create_task(self._round(task_id))
            self._rounds[task_id] = task
            task.add_done_callback(lambda _done: self._rounds.pop(task_id, None))

    async def _round(self, task_id: str) -> None:
        """Tell one task's events, in order, each until it is taken or given up."""
        while letter := self._next(task_id):
            await asyncio.sleep(max(0.0, letter.at - time.time()))
            hook, _letters = self._hooks[task_id]
            told = self._told(letter.event, task_id)
            taken = not told or await self._deliver(hook, letter, told)
            tried = letter.attempts + 1
            over = taken or tried > len(self._backoff)
            if over and not taken:
                log.warning("webhook %s of task %s was not taken after %d attempts", letter.event, task_id, tried)
            later = replace(letter, attempts=tried, at=-1.0 if over else time.time() + self._backoff[tried - 1])
            # an event may have come meanwhile
            hook, letters = self._hooks[task_id]
            self._keep_quietly(task_id, hook, tuple(later if one is letter else one for one in letters))
        if any(letter.event in (COMPLETED, FAILED) for letter in self._hooks[task_id][1]):
            self._forget(task_id)

    def _next(self, task_id: str) -> Letter | None:
        return next((letter for letter in self._hooks[task_id][1] if letter.at >= 0), None)

    async def _deliver(self, hook: Hook, letter: Letter, told: Json) -> bool:
        body = json.dumps(told, separators=(",", ":")).encode()
        try:
            status = await asyncio.to_thread(_post, hook.url, body, self._headers(hook, letter, body))
        except (OSError, http.client.HTTPException, ValueError) as error:
            log.info("webhook %s was not taken: %s", letter.event, type(error).__name__)
            return False
        return 200 <= status < 300

    def _headers(self, hook: Hook, letter: Letter, body: bytes) -> dict[str, str]:
        own = self._manner.speaks("webhook-default-secret") or not hook.secret
        secret = (self._own_secret if own and not hook.secret else hook.secret).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "musicapi-desktop"}
        if self._manner.speaks("webhook-plain"):
            return headers | {"X-Signature": hmac.new(secret, body, hashlib.sha256).hexdigest()}
        moment = str(int(time.time()))
        signature = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        return headers | {
            "X-Webhook-Id": letter.letter_id,
            "Idempotency-Key": letter.letter_id,
            "X-Webhook-Event": letter.event,
            "X-Webhook-Timestamp": moment,
            "X-Webhook-Signature": f"sha256={signature}",
        }

    def _keep_quietly(self, task_id: str, hook: Hook, letters: tuple[Letter, ...]) -> None:
        try:
            self._keep(task_id, hook, letters)
        except OSError:
            # told all the same; only a restart would not know of it
            log.exception("a webhook cannot be kept")
            self._hooks[task_id] = (hook, letters)

    def _keep(self, task_id: str, hook: Hook, letters: tuple[Letter, ...]) -> None:
        self._folder.mkdir(exist_ok=True)
        part = self._folder / f"{task_id}.part"
        kept = {**asdict(hook), "letters": [asdict(letter) for letter in letters]}
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / f"{task_id}.json")
        self._hooks[task_id] = (hook, letters)

    def _forget(self, task_id: str) -> None:
        self._hooks.pop(task_id, None)
        try:
            (self._folder / f"{task_id}.json").unlink(missing_ok=True)
        except OSError:
            log.exception("a webhook that was told cannot be removed")


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST once, following nothing; return the status."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=ssl.create_default_context())
        if parts.scheme.lower() == "https"
        else http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
