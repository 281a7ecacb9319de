"""What came back of a task or of a POST, as a result to absorb: the dialects that say little are completed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from musicapi_desktop.domain.errors import ServiceError
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.request import Operation, Outcome
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.wire.codec import decode_files, decode_lyrics, decode_midi, decode_uploaded, decode_upsampled_tags
from musicapi_desktop.wire.schema import Clip, ClipPhase, TaskPhase, TaskResult
from musicapi_desktop.wire.tasks import phase_of_clips
from musicapi_desktop.wire.values import first_text, items, mapping

_UPLOADS = frozenset({Operation.UPLOAD, Operation.PRODUCER_UPLOAD})
_LINKS = ("url", "download_url", "file_url")


def result_of_answer(job: Job, answer: object) -> TaskResult:
    """Return the result of a job whose POST was answered with it."""
    if job.request.operation is not Operation.UPLOAD:
        return TaskResult(TaskPhase.SUCCEEDED, data=dict(mapping(answer)))
    try:
        clip = Clip(decode_uploaded(answer).clip_id, ClipPhase.SUCCEEDED)
    except ServiceError as error:
        return TaskResult(TaskPhase.FAILED, error=error.message)
    return TaskResult(TaskPhase.SUCCEEDED, (clip,))


def completed(job: Job, result: TaskResult) -> TaskResult:
    """Return a result with what its dialect leaves out: the state of what needs none, the sound of an upload."""
    operation = job.request.operation
    clips = tuple(_completed(operation, job.request.url, clip) for clip in result.clips)
    if operation in _UPLOADS and not clips and first_text(result.data, ("clip_id", "id")):
        clips = (
            Clip(first_text(result.data, ("clip_id", "id")), ClipPhase.SUCCEEDED, audio_url=job.request.url),
        )  # fmt: skip
    if clips == result.clips:
        return result
    phase = result.phase if result.phase is TaskPhase.FAILED else phase_of_clips(clips)
    return replace(result, clips=clips, phase=phase)


def _completed(operation: Operation, url: str, clip: Clip) -> Clip:
    if clip.phase is ClipPhase.FAILED:
        return clip
    if operation in _UPLOADS:
        # the service keeps the audio and tells no address of it: it is fetched from where it was taken
        named = clip.title or unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")[0]
        done = ClipPhase.SUCCEEDED if clip.clip_id and not clip.state else clip.phase
        return replace(clip, audio_url=clip.audio_url or url, title=named, phase=done)
    if clip.state or clip.phase is ClipPhase.SUCCEEDED:
        return clip
    said = {
        Operation.PRODUCER_LYRICS: clip.lyrics,
        Operation.PRODUCER_VIDEO: clip.video_url or first_text(clip.extra, _LINKS),
        Operation.PRODUCER_DOWNLOAD: first_text(clip.extra, _LINKS),
    }.get(operation, "")
    return replace(clip, phase=ClipPhase.SUCCEEDED) if said else clip


def links_of(operation: Operation, clips: tuple[Clip, ...], data: Mapping[str, object]) -> dict[str, str]:
    """Return the addresses of the files that were asked for, by what they are: wav, mp3, m4a, midi, video."""
    match operation:
        case Operation.WAV | Operation.DOWNLOAD:
            return dict(decode_files(data).urls)
        case Operation.MIDI:
            midi = decode_midi(data)
            return {"midi": midi.url} if midi is not None and midi.url else {}
        case Operation.PRODUCER_VIDEO:
            found = next((clip.video_url or first_text(clip.extra, _LINKS) for clip in clips), "")
            return _named("video", found or first_text(data, ("video_url", *_LINKS)))
        case _:
            return _downloaded(clips, data)


def _downloaded(clips: tuple[Clip, ...], data: Mapping[str, object]) -> dict[str, str]:
    places = [data, *(mapping(entry) for entry in items(data.get("files")))]
    places += [{"audio_url": clip.audio_url, **clip.extra} for clip in clips]
    found: dict[str, str] = {}
    for place in places:
        for kind in ("wav", "mp3", "m4a"):
            found |= _named(kind, first_text(place, (f"{kind}_url",)))
        url = first_text(place, (*_LINKS, "audio_url"))
        kind = first_text(place, ("format",)).lower() or urlsplit(url).path.rpartition(".")[2].lower()
        found |= _named(kind if kind in ("wav", "mp3", "m4a") else "mp3", url)
    return found


def _named(kind: str, url: str) -> dict[str, str]:
    return {kind: url} if url else {}


def drafts_of(job: Job, answer: object) -> tuple[Draft, ...]:
    """Return the words of an answer; empty where it is none."""
    if job.request.operation.outcome is not Outcome.WORDS or answer is None:
        return ()
    if job.request.operation is Operation.UPSAMPLE_TAGS:
        return (Draft("", decode_upsampled_tags(answer)),)
    return decode_lyrics(answer)


def words_of_task(result: TaskResult) -> dict[str, object]:
    """Return the lyrics that a task wrote, in the shape of an answer that holds them itself."""
    written = [{"title": clip.title, "lyrics": clip.lyrics} for clip in result.clips if clip.lyrics.strip()]
    if not written and first_text(result.data, ("lyrics", "text")):
        title, lyrics = first_text(result.data, ("title",)), first_text(result.data, ("lyrics", "text"))
        written = [{"title": title, "lyrics": lyrics}]
    return {"results": written}
