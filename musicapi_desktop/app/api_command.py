"""``musicapi-desktop api OPERATION``: any operation of the service from a script, through the same client and queue."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final, cast

from musicapi_desktop.domain.errors import InvalidRequest, KnownError
from musicapi_desktop.domain.events import EngineChanged, Event, JobChanged, Notice
from musicapi_desktop.domain.job import UNSENT, Job, JobState
from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.domain.song import Song
from musicapi_desktop.settings import locations
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.capabilities import RETIRED_SYSTEMS
from musicapi_desktop.wire.operations import TASKS
from musicapi_desktop.wire.reading import request_of_body

from .api_desk import ApiDesk

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
PERHAPS_SENT: Final = 3
IN_USE: Final = 4
STOPPED: Final = 130

CREDITS: Final = "get-credits"
TASK: Final = "task"
_TASKS: Final = {
    **{str(system): path for system, path in TASKS.items()},
    "riffusion": routes.RIFFUSION_TASK,
    "studio": routes.STUDIO_TASK,
}

_HELP: Final = f"""\
Runs one operation of the service and prints what came of it as JSON on standard output; how it goes is told on
standard error. Without --profile-url and without MUSICAPI_KEY in the environment this computer makes the music; with
the key alone it is asked for at api.musicapi.ai.

OPERATION is one of:
  {", ".join(Operation)}
or {CREDITS} (the balance), or {TASK} (where a task is: {{"task_id": "…", "system": "{"|".join(_TASKS)}"}}).

The JSON is the body the documents show for the operation; "songs": N asks for N songs at once. It is judged and priced
like a request of the window, kept before it is sent, and never sent twice. "url" may be a file:// address. A secret in
it ("webhook_secret") is sent and written down nowhere: what a run leaves unsent cannot be sent by the next one then.

Exit codes:
  0  done
  1  the service, the network or the disk refused; the JSON has "failure" with a sentence and the next step
  2  the arguments or the JSON are wrong: nothing was sent; the JSON has "problems" by field
  3  the answer was lost: it may have been sent and paid for; open the window or compare the balance
  4  the library is in use by a window: close it, or give another --data
  130  stopped by Ctrl+C; the next start goes on with it
"""


class _Given(argparse.Namespace):
    operation: str
    json: str
    profile_url: str
    data: Path | None
    quiet: bool


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; return the exit code."""
    given = _parse(arguments)
    try:
        body = _body(given.json)
    except ValueError as error:
        return _said({"problems": {"json": f"This is no JSON object: {error}."}}, WRONG)
    if given.operation in RETIRED_SYSTEMS:
        return _said({"failure": {"message": RETIRED_SYSTEMS[given.operation], "hint": f"Old tasks: {TASK}."}}, FAILED)
    places = locations.under(given.data) if given.data else locations.of_this_person()
    try:
        lock = _Lock(places)
    except OSError as error:
        said = f"A folder cannot be used: {error.strerror}."
        return _said({"failure": {"message": said, "hint": str(places.data)}}, FAILED)
    if not lock.held:
        hint = "Close the window, or give another folder with --data."
        return _said({"failure": {"message": "This library is in use.", "hint": hint}}, IN_USE)
    with closing(lock):
        return _run(given, body, places)


def _run(given: _Given, body: Mapping[str, object], places: locations.Locations) -> int:
    try:
        with closing(ApiDesk(places, given.profile_url, _teller(quiet=given.quiet))) as desk:
            if given.operation in (CREDITS, TASK):
                return _ask(desk, given.operation, body)
            return _perform(desk, Operation(given.operation), body)
    except InvalidRequest as error:
        return _said({"problems": error.problems}, WRONG)
    except KnownError as error:
        return _said({"failure": _sentence(error)}, FAILED)
    except KeyboardInterrupt:
        return _said({"failure": {"message": "Stopped.", "hint": "The next start goes on with it."}}, STOPPED)


def _perform(desk: ApiDesk, operation: Operation, body: Mapping[str, object]) -> int:
    asked = desk.ask(request_of_body(operation, body))
    try:
        jobs = desk.wait(asked)
    except KnownError as error:
        # the library cannot be written: what was sent already must not look as if it might be sent again
        return _said({"failure": _sentence(error)}, PERHAPS_SENT if desk.perhaps_sent(asked) else FAILED)
    told = [_of_job(desk, job) for job in jobs]
    return _said(told[0] if len(told) == 1 else {"jobs": told}, max(_code(job) for job in jobs))


def _ask(desk: ApiDesk, what: str, body: Mapping[str, object]) -> int:
    client = desk.accounts.connect(desk.profile())
    if what == CREDITS:
        balance = client.credits()
        return _said({"credits": balance.credits, "extra_credits": balance.extra_credits}, DONE)
    template = _TASKS.get(str(body.get("system", System.SONIC)))
    if template is None or not isinstance(body.get("task_id"), str):
        raise InvalidRequest({"task_id": f"Name a task_id, and as system one of {', '.join(_TASKS)}."})
    result = client.task_at(routes.task(str(body["task_id"]), template))
    told = cast("dict[str, object]", json.loads(json.dumps(asdict(result), default=str)))
    note = RETIRED_SYSTEMS.get(str(body.get("system")))
    return _said({**told, "note": note} if note else told, DONE)


def _of_job(desk: ApiDesk, job: Job) -> dict[str, object]:
    told: dict[str, object] = {
        "job": job.id,
        "operation": str(job.request.operation),
        "state": str(job.state),
        "estimate": int(job.estimate),
        "charge": str(job.charge),
        "tasks": [task.task_id for task in job.tasks if task.task_id],
    }
    if job.failure is not None:
        told["failure"] = {"message": job.failure.message, "hint": job.failure.hint, "detail": job.failure.detail}
    elif job.state is not JobState.READY:
        # what was not sent yet is not lost: a script that asks again would pay for both
        hint = "It stays in the queue, and the next start sends it: do not ask again." if job.state in UNSENT else ""
        told["failure"] = {"message": desk.held or "It did not come to an end.", "hint": hint, "detail": ""}
    songs = (desk.records.library.get(task.song_id) for task in job.tasks if task.song_id)
    told["songs"] = [_of_song(desk, song) for song in songs if song is not None]
    drafts = desk.readings.drafts(job.id)
    if drafts:
        told["drafts"] = [asdict(draft) for draft in drafts]
    voices = [voice for voice in desk.voices.all(job.profile_id) if voice.created_at >= job.created_at]
    if voices and job.request.operation in (Operation.PERSONA, Operation.CREATE_VOICE):
        told["voice"] = {"persona_id": voices[0].id, "name": voices[0].name}
    return told


def _of_song(desk: ApiDesk, song: Song) -> dict[str, object]:
    def path(relative: str) -> str:
        return str(desk.music / relative) if relative else ""

    takes = [
        {
            "letter": take.letter, "clip_id": take.clip_id, "state": str(take.state), "file": path(take.path),
            "wav": path(take.wav_path), "seconds": float(take.seconds), "bpm": take.bpm,
            "files": {kind: path(file) for kind, file in take.files.items()}, "extra": dict(take.extra),
            "stems": [
                {"name": stem.name, "kind": stem.kind, "split": stem.split, "clip_id": stem.clip_id,
                 "file": path(stem.path)} for stem in take.stems
            ],
        }
        for take in song.takes
    ]  # fmt: skip
    return {"title": song.title, "folder": path(song.folder), "takes": takes}


def _code(job: Job) -> int:
    if job.state is JobState.READY:
        return DONE
    return PERHAPS_SENT if job.state is JobState.PERHAPS_SENT else FAILED


def _sentence(error: KnownError) -> dict[str, str]:
    return {"message": error.message, "hint": error.hint, "detail": error.detail}


def _said(told: Mapping[str, object], code: int) -> int:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return code


def _teller(*, quiet: bool) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        if quiet:
            return
        if isinstance(event, JobChanged):
            sys.stderr.write(f"{event.job.state} {event.job.progress}".rstrip() + "\n")
        elif isinstance(event, EngineChanged):
            sys.stderr.write(f"the local engine is {event.state}\n")
        elif isinstance(event, Notice):
            sys.stderr.write(f"{event.message} {event.hint}".rstrip() + "\n")

    return tell


class _Lock:
    """The library's lock, the same that a window holds."""

    def __init__(self, places: locations.Locations) -> None:
        from .instance import Instance

        places.create()
        self._instance = Instance(places.data)
        self.held = self._instance.first()

    def close(self) -> None:
        """Let others have the library."""
        self._instance.release()


def _body(text: str) -> dict[str, object]:
    found: object = json.loads(sys.stdin.read() if text == "-" else text)
    if not isinstance(found, dict):
        raise ValueError("it is something else")
    return cast("dict[str, object]", found)


def _parse(arguments: Sequence[str]) -> _Given:
    parser = argparse.ArgumentParser(
        prog="musicapi-desktop api", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "operation", metavar="OPERATION", choices=[*Operation, CREDITS, TASK, *RETIRED_SYSTEMS], help="what to ask for"
    )
    parser.add_argument("--json", default="{}", metavar="{…}", help="the body; - reads it from standard input")
    parser.add_argument(
        "--profile-url", default="", metavar="URL", help="ask this server, with the key of MUSICAPI_KEY"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything under DIR")
    parser.add_argument("--quiet", action="store_true", help="say nothing on standard error while it goes")
    return parser.parse_args(list(arguments), namespace=_Given())
