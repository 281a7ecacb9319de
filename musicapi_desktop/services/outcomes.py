"""What is kept of a task that is over: a song, files, facts of a take, words, a voice. One way per outcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Final

from musicapi_desktop.domain.errors import ServiceError
from musicapi_desktop.domain.events import VoiceAdded, WordsArrived
from musicapi_desktop.domain.job import Job, JobTask
from musicapi_desktop.domain.persona import Persona
from musicapi_desktop.domain.request import Operation, Outcome
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.store.voices import VoiceStore
from musicapi_desktop.wire.codec import decode_alignment, decode_midi, decode_persona, decode_tempo, decode_vox
from musicapi_desktop.wire.schema import ClipPhase, TaskPhase, TaskResult
from musicapi_desktop.wire.values import first_text

from .absorbing import finished, take_plans
from .answered import drafts_of, links_of, words_of_task
from .context import Records
from .fetching import Plan
from .file_plans import SPLITS, file_of, file_plans, key_of, stem_of, without_old_stems
from .pacing import Watch
from .song_folder import SongFolders, disk_error, write_whole

NOTHING: Final = "The service made nothing of this request."
_GONE: Final = "The take this belongs to was deleted."
_UNREAD: Final = "The service's answer holds nothing this app can keep."

_Keep = Callable[[Job, JobTask, Watch], str]


class Outcomes:
    """Keeps results. Used by the job pump alone. May raise StoreError or DiskError."""

    def __init__(self, records: Records, folders: SongFolders, voices: VoiceStore) -> None:
        self._records = records
        self._folders = folders
        self._voices = voices
        self._keep: Mapping[Outcome, _Keep] = {
            Outcome.FILES: self._files,
            Outcome.FACTS: self._facts,
            Outcome.WORDS: self._words,
            Outcome.VOICE: self._voice,
        }

    def plans(self, job: Job, task: JobTask, watch: Watch) -> list[Plan]:
        """Return the files of a task that can be fetched now and are not here."""
        outcome = job.request.operation.outcome
        if outcome not in (Outcome.SONG, Outcome.FILES):
            return []
        song = self._records.library.get(task.song_id)
        if song is None:
            return []
        if outcome is Outcome.SONG:
            return take_plans(song, watch.clips, job, task.index)
        take = _take(song, job)
        if take is None or not watch.seen:
            return []
        try:
            return file_plans(song, take, job, watch.clips, watch.data)
        except ServiceError:
            # told when the task is looked at for the last time
            return []

    def waits_for_files(self, job: Job, watch: Watch) -> bool:
        """True where a clip is done and its sound has no address yet."""
        if not job.request.operation.makes_songs and job.request.operation not in SPLITS:
            return False
        return any(clip.phase is ClipPhase.SUCCEEDED and not clip.audio_url for clip in watch.clips)

    def keep(self, job: Job, task: JobTask, watch: Watch, error: str = "") -> str:
        """Keep what a task left behind, once all its files are here; return why it came to nothing, '' where not."""
        if job.request.operation.makes_songs:
            # a song with a take that landed is kept, whatever became of the other
            return self._song(task) and (error or NOTHING)
        return error or self._keep[job.request.operation.outcome](job, task, watch)

    def _song(self, task: JobTask) -> str:
        song = self._records.library.get(task.song_id)
        if song is not None and any(take.path for take in song.takes):
            self._records.song(song.id, finished)
            return ""
        self._records.song_gone(task.song_id)
        return NOTHING

    def _files(self, job: Job, task: JobTask, watch: Watch) -> str:
        song = self._records.library.get(task.song_id)
        take = _take(song, job)
        if song is None or take is None:
            return _GONE
        operation = job.request.operation
        if operation in SPLITS:
            if not any(clip.phase is ClipPhase.SUCCEEDED for clip in watch.clips):
                return NOTHING
            self._records.song(song.id, lambda known: without_old_stems(known, take.id, watch.clips, operation))
            return ""
        if operation is Operation.MIDI and self._notes(job, song, take, watch.data):
            return ""
        try:
            return "" if links_of(operation, watch.clips, watch.data) else NOTHING
        except ServiceError:
            return _UNREAD

    def _notes(self, job: Job, song: Song, take: Take, data: Mapping[str, object]) -> bool:
        try:
            midi = decode_midi(data)
        except ServiceError:
            return False
        if midi is None or not midi.tracks:
            return False
        stem = stem_of(take, job)
        tracks = [asdict(track) for track in midi.tracks]
        self._beside(song, take, key_of("notes", stem), file_of(song, take, stem, "notes.json"), {"tracks": tracks})
        return True

    def _facts(self, job: Job, task: JobTask, watch: Watch) -> str:
        song = self._records.library.get(task.song_id)
        take = _take(song, job)
        if song is None or take is None:
            return _GONE
        try:
            self._learn(job, song, take, watch.data)
        except ServiceError as error:
            return error.message
        return ""

    def _learn(self, job: Job, song: Song, take: Take, data: Mapping[str, object]) -> None:
        match job.request.operation:
            case Operation.BPM:
                tempo = decode_tempo(data)
                self._take_learns(song, take, bpm=tempo.average, extra={**take.extra, "tempo": asdict(tempo)})
            case Operation.VOX:
                self._take_learns(song, take, extra={**take.extra, "vox": asdict(decode_vox(data))})
            case _:
                words = [asdict(word) for word in decode_alignment(data) or ()]
                target = file_of(song, take, None, "alignment.json")
                self._beside(song, take, "alignment", target, {"clip_id": take.clip_id, "alignment": words})

    def _words(self, job: Job, _task: JobTask, watch: Watch) -> str:
        if not job.answered:
            # what a task wrote is kept like what a POST answers, so that it can be read again
            result = TaskResult(TaskPhase.SUCCEEDED, watch.clips, data=dict(watch.data))
            self._records.jobs.keep_answer(job.id, words_of_task(result))
        try:
            drafts = drafts_of(job, self._records.jobs.answer(job.id))
        except ServiceError:
            return NOTHING
        self._records.sink.publish(WordsArrived(job, drafts))
        return ""

    def _voice(self, job: Job, _task: JobTask, watch: Watch) -> str:
        try:
            voice_id = decode_persona(dict(watch.data))
        except ServiceError as error:
            return error.message
        request, source = job.request, job.request.source
        spoken = request.operation is Operation.CREATE_VOICE
        said = first_text(watch.data, ("name",))
        persona = Persona(
            id=voice_id,
            name=request.title.strip() or said or (source.title if source else "") or "Voice",
            profile_id=job.profile_id,
            clip_id=source.clip_id if source else "",
            song_id=source.song_id if source else "",
            take_id=source.take_id if source else "",
            created_at=self._records.clock(),
            spoken=spoken,
        )
        self._voices.save(persona)
        self._records.sink.publish(VoiceAdded(persona))
        return ""

    def _beside(self, song: Song, take: Take, key: str, relative: str, content: Mapping[str, object]) -> None:
        """Write a JSON file into the song's folder and note it with the take. Raises DiskError."""
        try:
            write_whole(self._folders.target(relative), json.dumps(content, ensure_ascii=False).encode())
        except OSError as error:
            raise disk_error(error) from error
        self._records.song(song.id, lambda known: _with_file(known, take.id, key, relative))

    def _take_learns(self, song: Song, take: Take, **facts: object) -> None:
        def change(known: Song) -> Song:
            takes = tuple(replace(each, **facts) if each.id == take.id else each for each in known.takes)  # type: ignore[arg-type]  # fields by name, checked by dataclasses
            return replace(known, takes=takes)

        self._records.song(song.id, change)


def _take(song: Song | None, job: Job) -> Take | None:
    source = job.request.source
    return song.take(source.take_id) if song is not None and source is not None else None


def _with_file(song: Song, take_id: str, key: str, path: str) -> Song:
    takes = tuple(replace(take, files={**take.files, key: path}) if take.id == take_id else take for take in song.takes)
    return replace(song, takes=takes)
