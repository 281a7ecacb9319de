"""What an answer to a poll means for a song: which clip is which take, its title, what is to be fetched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.request import Operation, Request
from musicapi_desktop.domain.song import FileKind, Song, Stem, Take, TakeState
from musicapi_desktop.wire.codec import stem_labels
from musicapi_desktop.wire.schema import Clip, ClipPhase
from musicapi_desktop.wire.values import number, text

from .context import new_id
from .fetching import Plan
from .placeholders import letter_of, provisional_title
from .song_folder import folder_name, safe_name
from .tags import Tags

SPLITS = {Operation.STEMS_BASIC: "basic", Operation.STEMS_FULL: "full"}


def with_clips(song: Song, clips: Sequence[Clip], request: Request) -> Song:
    """Return ``song`` as the clips say it is."""
    takes = list(song.takes)
    for clip in clips:
        if not clip.clip_id:
            continue
        place = _place_of(takes, clip.clip_id)
        if place is None:
            takes.append(Take(new_id(), song.id, _free_letter(takes)))
            place = len(takes) - 1
        takes[place] = _with_clip(takes[place], clip, failed=clip.phase is ClipPhase.FAILED)
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


def stem_plans(song: Song, take: Take, clips: Sequence[Clip], job: Job) -> list[Plan]:
    """Return the stems that are done and not here; a stem that is here has its clip's id."""
    split = SPLITS[job.request.operation]
    here = {stem.clip_id for stem in take.stems if stem.split == split and stem.path}
    plans: list[Plan] = []
    for position, (clip, label) in enumerate(zip(clips, stem_labels(clips), strict=True), start=1):
        clip_id = clip.clip_id or clip.audio_url
        if clip.phase is not ClipPhase.SUCCEEDED or not clip.audio_url or clip_id in here:
            continue
        stem = Stem(new_id(), take.id, split, label.name, label.kind, "", position, clip_id, audio_url=clip.audio_url)
        name = f"{position:02} {safe_name(label.name, 'Stem')}"
        title = f"{song.title} ({label.name})"
        plans.append(
            Plan(
                job_id=job.id,
                index=0,
                name=name,
                kind=FileKind.STEM,
                song_id=song.id,
                take_id=take.id,
                url=clip.audio_url,
                target=f"{song.folder}/stems/{take.letter} {split}/{name}.mp3",
                tags=Tags(title=title, comment=_comment(clip_id)),
                stem=stem,
            )
        )
    return plans


def wav_plan(song: Song, take: Take, job: Job) -> Plan:
    """Return the fetch of a take's WAV."""
    return Plan(
        job_id=job.id,
        index=0,
        name="WAV",
        kind=FileKind.WAV,
        song_id=song.id,
        take_id=take.id,
        url=job.result_url,
        target=f"{song.folder}/{take.letter}.wav",
        tags=tags_of(song, take, None),
    )


def tags_of(song: Song, take: Take, request: Request | None) -> Tags:
    """Return what the file of a take says of itself."""
    return Tags(title=song.title, comment=_comment(take.clip_id), lyrics=take.lyrics, request=request)


def _comment(clip_id: str) -> str:
    return f"MusicAPI clip {clip_id}" if clip_id else ""


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
        audio_url=clip.audio_url if done else take.audio_url,
        bpm=_measured(clip, "bpm", "avg_bpm") or take.bpm,
        key=text(clip.extra.get("key")) or take.key,
    )


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


def without_old_stems(song: Song, take_id: str, clips: Sequence[Clip], request: Request) -> Song | None:
    """Return a song without the stems of an earlier split of the same kind; None where there are none."""
    split = SPLITS[request.operation]
    current = {clip.clip_id or clip.audio_url for clip in clips}

    def kept(take: Take) -> Take:
        stems = tuple(stem for stem in take.stems if stem.split != split or stem.clip_id in current)
        return replace(take, stems=stems) if take.id == take_id else take

    changed = replace(song, takes=tuple(kept(take) for take in song.takes))
    return changed if changed != song else None
