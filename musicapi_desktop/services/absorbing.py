"""What an answer to a poll means for a song: which clip is which take, its title, what is to be fetched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.place import local_file
from musicapi_desktop.domain.request import Request
from musicapi_desktop.domain.song import FileKind, Song, Take, TakeState
from musicapi_desktop.wire.schema import Clip, ClipPhase
from musicapi_desktop.wire.values import number, text

from .context import new_id
from .fetching import Plan
from .placeholders import letter_of, provisional_title
from .song_folder import folder_name
from .tags import Tags


def with_clips(song: Song, clips: Sequence[Clip], request: Request, parts: Sequence[Clip] = ()) -> Song:
    """Return ``song`` as the clips say it is; ``parts`` are the pieces they were joined from, in their order."""
    takes = list(song.takes)
    for index, clip in enumerate(clips):
        if not clip.clip_id:
            continue
        place = _place_of(takes, clip.clip_id)
        if place is None:
            takes.append(Take(new_id(), song.id, _free_letter(takes)))
            place = len(takes) - 1
        takes[place] = _with_clip(takes[place], clip, failed=clip.phase is ClipPhase.FAILED)
        if clip.role == "full" and index < len(parts):
            takes[place] = replace(takes[place], extra={**takes[place].extra, "parts": [_plain_part(parts[index])]})
    takes.sort(key=lambda take: (len(take.letter), take.letter))
    song = replace(song, takes=tuple(takes))
    told = [clip for clip in clips if clip.phase is not ClipPhase.FAILED]
    # the second take may be done before the first: whichever can be fetched names the song and its folder
    first = next((clip for clip in told if clip.phase is ClipPhase.SUCCEEDED), told[0] if told else None)
    return song if first is None else _named(song, first, request)


def finished(song: Song) -> Song:
    """Return a song whose task is over: the takes that landed, and no job."""
    return replace(song, job_id="", takes=tuple(take for take in song.takes if take.path))


def take_plans(song: Song, clips: Sequence[Clip], job: Job, index: int) -> list[Plan]:
    """Return what is to be fetched of a song now: the takes whose clip is done and whose file is not here."""
    done = {clip.clip_id for clip in clips if clip.phase is ClipPhase.SUCCEEDED and clip.audio_url and clip.clip_id}
    return [
        Plan(
            job_id=job.id,
            index=index,
            name=take.letter,
            kind=FileKind.AUDIO,
            song_id=song.id,
            take_id=take.id,
            url=take.audio_url,
            target=f"{song.folder}/{take.letter}.mp3",
            tags=tags_of(song, take, job.request),
        )
        for take in song.takes
        if take.clip_id in done and take.state is TakeState.EXPECTED
    ]


def tags_of(song: Song, take: Take, request: Request | None) -> Tags:
    """Return what the file of a take says of itself."""
    told = None if request is None else _of_anybody(request)
    return Tags(title=song.title, comment=comment_of(take.clip_id), lyrics=take.lyrics, request=told)


def _of_anybody(request: Request) -> Request:
    """Return a request without what is this computer's alone: the file goes to others."""
    extra = {name: value for name, value in request.extra.items() if not name.startswith(("webhook_", "callback_"))}
    return replace(request, url="" if local_file(request.url) is not None else request.url, extra=extra)


def comment_of(clip_id: str) -> str:
    """Return what a file says of the clip it came from."""
    return f"MusicAPI clip {clip_id}" if clip_id else ""


def _plain_part(part: Clip) -> dict[str, object]:
    return {"role": part.role, "clip_id": part.clip_id, "audio_url": part.audio_url}


def _place_of(takes: Sequence[Take], clip_id: str) -> int | None:
    """Return where a clip belongs: its own take, else the first that is still expected and has no clip."""
    own = next((place for place, take in enumerate(takes) if take.clip_id == clip_id), None)
    if own is not None:
        return own
    return next((place for place, take in enumerate(takes) if not take.clip_id and not take.path), None)


def _free_letter(takes: Sequence[Take]) -> str:
    taken = {take.letter for take in takes}
    return next(letter for place in range(len(takes) + 1) if (letter := letter_of(place)) not in taken)


def _with_clip(take: Take, clip: Clip, *, failed: bool) -> Take:
    state = take.state
    if state in (TakeState.EXPECTED, TakeState.FAILED):
        state = TakeState.FAILED if failed else TakeState.EXPECTED
    done = clip.phase is ClipPhase.SUCCEEDED and bool(clip.audio_url)
    return replace(
        take,
        clip_id=clip.clip_id,
        state=state,
        model=clip.mv or take.model,
        lyrics=clip.lyrics or take.lyrics,
        style=clip.tags or take.style,
        image_url=clip.image_url or take.image_url,
        audio_url=_playable(clip) if done else take.audio_url,
        created_at=_moment(clip.created_at) or take.created_at,
        bpm=_measured(clip, "bpm", "avg_bpm") or take.bpm,
        key=text(clip.extra.get("key")) or take.key,
    )


def _moment(written: str) -> float:
    """Return the Unix seconds of a date as the service writes it (ISO 8601, UTC where it does not say), or 0."""
    try:
        found = datetime.fromisoformat(written.strip())
        return max(0.0, (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0.0


def _playable(clip: Clip) -> str:
    """Return the address of a clip's sound: of the WAV beside it where the sound is AAC, which has to be unpacked."""
    wav = text(clip.extra.get("wav_url"))
    return wav if wav and urlsplit(clip.audio_url).path.lower().endswith(".m4a") else clip.audio_url


def _measured(clip: Clip, *names: str) -> float | None:
    return next((found for name in names if (found := number(clip.extra.get(name))) is not None), None)


def _named(song: Song, clip: Clip, request: Request) -> Song:
    """Fill what the person left open; a title the person gave, before or since, stays."""
    title = song.title
    if clip.title.strip() and not request.title.strip() and title == provisional_title(request):
        title = " ".join(clip.title.split())
    folder = song.folder
    if not folder and clip.phase is ClipPhase.SUCCEEDED:
        folder = folder_name(title, song.id)
    return replace(
        song,
        title=title,
        style=song.style or clip.tags,
        lyrics=song.lyrics or ("" if request.instrumental else clip.lyrics),
        folder=folder,
    )
