"""The song that is shown from the click on, before anything has come back."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from musicapi_desktop.domain.job import Job, JobTask
from musicapi_desktop.domain.request import Mode, Request
from musicapi_desktop.domain.song import Link, Song, Take
from musicapi_desktop.wire.capabilities import takes_of

from .context import Records, new_id

_TITLE_LENGTH = 48
UNTITLED = "Untitled"


def provisional_title(request: Request) -> str:
    """Return the person's title, or the beginning of their words until the service names the song."""
    if request.title.strip():
        return " ".join(request.title.split())
    words = {Mode.LYRICS: request.lyrics, Mode.DESCRIBE: request.description}.get(request.mode, request.style)
    from_elsewhere = request.source.title if request.source is not None else _file_name(request.url)
    said = words or request.style or request.description or request.section_lyrics or from_elsewhere
    lines = (line.strip() for line in said.splitlines())
    first = next((line for line in lines if line and not line.startswith("[")), "")
    if len(first) <= _TITLE_LENGTH:
        return first or UNTITLED
    return first[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")[0] if url else ""


def letter_of(place: int) -> str:
    """Return the letter of a take: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def expected_song(job: Job, task: JobTask) -> Song:
    """Return the song that ``task`` is to make, with the takes that are expected."""
    request = job.request
    takes = tuple(
        Take(id=new_id(), song_id=task.song_id, letter=letter_of(place), model=request.model, created_at=job.created_at)
        for place in range(takes_of(request.operation))
    )
    return Song(
        id=task.song_id,
        title=provisional_title(request),
        style=request.style,
        lyrics=request.lyrics if request.mode is Mode.LYRICS else "",
        description=request.description if request.mode is not Mode.LYRICS else "",
        leave_out=request.leave_out,
        model=request.model,
        profile_id=job.profile_id,
        created_at=job.created_at,
        job_id=job.id,
        batch=job.batch,
        parents=links_of(request),
        takes=takes,
    )


def links_of(request: Request) -> tuple[Link, ...]:
    """Return what a song of this request is made from."""
    return tuple(
        Link(each.song_id, each.take_id, each.clip_id, str(request.operation), request.start, request.end)
        for each in (request.source, request.second)
        if each is not None
    )


def restore_songs(records: Records, job: Job) -> None:
    """Put back the songs a job makes, where they were taken out because nobody waited for them."""
    if not job.request.operation.makes_songs:
        return
    for task in job.tasks:
        if not task.done and records.library.get(task.song_id) is None:
            records.add_song(expected_song(job, task))


def remove_songs(records: Records, job: Job) -> None:
    """Take out the songs of a job that came to nothing; one with a take that landed stays, without what is missing."""
    if not job.request.operation.makes_songs:
        return
    for task in job.tasks:
        song = records.library.get(task.song_id)
        if song is None or song.job_id != job.id:
            continue
        if any(take.path for take in song.takes):
            records.song(song.id, without_expected)
        else:
            records.song_gone(song.id)


def without_expected(song: Song) -> Song:
    """Return a song as it stays: the takes that landed, no job."""
    return replace(song, job_id="", takes=tuple(take for take in song.takes if take.path))
