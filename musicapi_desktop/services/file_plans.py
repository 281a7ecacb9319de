"""What is to be fetched of a take that exists: stems, other formats, scores, videos. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import FileKind, Song, Stem, Take
from musicapi_desktop.wire.codec import stem_labels
from musicapi_desktop.wire.schema import Clip, ClipPhase

from .absorbing import comment_of, tags_of
from .answered import links_of
from .context import new_id
from .fetching import Plan
from .song_folder import safe_name
from .tags import Tags

SPLITS: Final = {Operation.STEMS_BASIC: "basic", Operation.STEMS_FULL: "full"}
_ENDINGS: Final = {"midi": "mid", "video": "mp4"}


def file_plans(song: Song, take: Take, job: Job, clips: Sequence[Clip], data: Mapping[str, object]) -> list[Plan]:
    """Return the files of a take that can be fetched now and are not here."""
    operation = job.request.operation
    if operation in SPLITS:
        return _stem_plans(song, take, clips, job)
    done = tuple(clip for clip in clips if clip.phase is ClipPhase.SUCCEEDED)
    if clips and not done:
        return []
    links = links_of(operation, done, data)
    plans = [_plan(song, take, job, kind, url) for kind, url in links.items()]
    return [plan for plan in plans if not _is_here(take, plan, job)]


def stem_of(take: Take, job: Job) -> Stem | None:
    """Return the stem of a take that a job works on, None where it is the take itself."""
    source = job.request.source
    return None if source is None or source.clip_id == take.clip_id else take.stem_of_clip(source.clip_id)


def key_of(kind: str, stem: Stem | None) -> str:
    """Return the key of a file in ``Take.files``."""
    return kind if stem is None else f"{kind}:{stem.id}"


def file_of(song: Song, take: Take, stem: Stem | None, ending: str) -> str:
    """Return the path of a file beside a take or its stem, relative to the music folder."""
    named = take.letter if stem is None else f"{take.letter} {safe_name(stem.name, 'Stem')}"
    return f"{song.folder}/{named}.{ending}"


def _plan(song: Song, take: Take, job: Job, kind: str, url: str) -> Plan:
    stem = stem_of(take, job)
    as_wav = kind == "wav" and stem is None
    return Plan(
        job_id=job.id,
        index=0,
        name=kind.upper(),
        kind=FileKind.WAV if as_wav else FileKind.EXTRA,
        song_id=song.id,
        take_id=take.id,
        url=url,
        target=file_of(song, take, stem, _ENDINGS.get(kind, kind)),
        tags=tags_of(song, take, None),
        key="" if as_wav else key_of(kind, stem),
    )


def _is_here(take: Take, plan: Plan, job: Job) -> bool:
    if plan.kind is FileKind.WAV:
        return bool(take.wav_path)
    if plan.key == "mp3" and take.path.endswith(".mp3") and job.request.operation is Operation.DOWNLOAD:
        # the take itself is that file
        return True
    return plan.key in take.files


def _stem_plans(song: Song, take: Take, clips: Sequence[Clip], job: Job) -> list[Plan]:
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
                tags=Tags(title=f"{song.title} ({label.name})", comment=comment_of(clip_id)),
                stem=stem,
            )
        )
    return plans


def without_old_stems(song: Song, take_id: str, clips: Sequence[Clip], operation: Operation) -> Song | None:
    """Return a song without the stems of an earlier split of the same kind; None where there are none."""
    split = SPLITS[operation]
    current = {clip.clip_id or clip.audio_url for clip in clips}

    def kept(take: Take) -> Take:
        stems = tuple(stem for stem in take.stems if stem.split != split or stem.clip_id in current)
        return replace(take, stems=stems) if take.id == take_id else take

    changed = replace(song, takes=tuple(kept(take) for take in song.takes))
    return changed if changed != song else None
