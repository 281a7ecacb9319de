"""Every operation from the press to what is kept of it: real HTTP on loopback, real SQLite, real files."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from fakes.every_operation import REQUESTS, answers
from fakes.pump import CLOUD, Pump
from fakes.service import fake_service, tone

from musicapi_desktop.domain.events import VoiceAdded, WordsArrived
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.persona import Persona
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.domain.request import Operation, Outcome, Source
from musicapi_desktop.domain.retry import MOST_ASKED
from musicapi_desktop.domain.song import Link, TakeState
from musicapi_desktop.domain.timed_lyrics import TimedWord
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.services.readings import Readings
from musicapi_desktop.wire.capabilities import takes_of
from musicapi_desktop.wire.operations import SPECS, Answer

S = JobState
O = Operation  # noqa: E741  # reads better in tables
MIDI = b"MThd" + b"\0" * 40
VIDEO = b"\0\0\0\x18ftypisom" + b"\0" * 40
M4A = b"\0\0\0\x18ftypM4A " + b"\0" * 40
OF_A_TAKE = [each for each in Operation if each.outcome in (Outcome.FILES, Outcome.FACTS)]


@pytest.fixture
def service():
    with fake_service() as running:
        running.answers = {
            SPECS[each].path.removeprefix("/api/v1"): answers(running.base_url)[SPECS[each].answer]
            for each in Operation
            if SPECS[each].answer is not Answer.TASK
        }
        running.files |= {"/files/c1.mid": MIDI, "/files/c1.mp4": VIDEO, "/files/c1.m4a": M4A}
        yield running


@pytest.fixture
def pump(tmp_path, service):
    made = Pump(tmp_path, service.base_url)
    yield made
    made.close()


@pytest.fixture
def readings(pump):
    return Readings(pump.records, pump.folders)


@pytest.fixture
def song(pump):
    (job,) = pump.make(title="Harbour Lights")
    pump.run()
    return pump.song(job)


def of(song, operation, service=None, **changed):
    """The request of an operation, on take A of a song."""
    take = song.takes[0]
    source = Source(song.id, take.id, take.clip_id, song.title)
    second = Source(song.id, song.takes[1].id, song.takes[1].clip_id, song.title)
    base = REQUESTS[operation]
    url = f"{service.base_url}/files/hum.mp3" if service is not None and base.url else base.url
    return replace(
        base, source=source if base.source else None, second=second if base.second else None, url=url, **changed
    )


def ran(pump, request):
    (job,) = pump.submit.create(request, pump.profile)
    pump.run()
    return pump.job(job.id)


@pytest.mark.parametrize("operation", [each for each in Operation if each.makes_songs])
def test_what_makes_a_song_makes_one_with_its_takes_and_its_parents(pump, service, song, operation):
    request = of(song, operation, service)
    job = ran(pump, request)
    assert (job.state, job.failure) == (S.READY, None)
    made = pump.song(job)
    assert [take.state for take in made.takes] == [TakeState.READY] * takes_of(operation)
    assert made.batch == job.batch
    parents = [(link.song_id, link.take_id, link.operation) for link in made.parents]
    expected = [(each.song_id, each.take_id, str(operation)) for each in (request.source, request.second) if each]
    assert parents == expected
    assert [child.id for child in pump.records.library.children(song.id)] == ([made.id] if expected else [])
    kept = json.loads((pump.library.folder(made) / "song.json").read_text())
    assert [(link["song_id"], link["operation"]) for link in kept["parents"]] == [(p[0], p[2]) for p in expected]
    assert len(service.posts) == 2


@pytest.mark.parametrize("operation", Operation)
def test_an_answer_that_was_lost_is_never_asked_for_again(pump, service, song, operation):
    path = SPECS[operation].path
    service.on("POST", path, lambda handler, _body: handler.hang_up())
    job = ran(pump, of(song, operation, service))
    assert job.state is S.PERHAPS_SENT
    assert [posted for posted, _body in service.posts].count(path) == (2 if path.endswith("sonic/create") else 1)


@pytest.mark.parametrize("operation", OF_A_TAKE)
def test_a_take_that_was_deleted_meanwhile_is_told(pump, service, song, operation):
    (job,) = pump.submit.create(of(song, operation, service), pump.profile)
    pump.records.song_gone(song.id)
    pump.run()
    job = pump.job(job.id)
    assert job.state is S.FAILED
    assert job.tasks[0].error == "The take this belongs to was deleted."


def test_the_pair_of_a_joined_section_is_one_song(pump, service, song):
    def pairs(handler, _body):
        shown = service.shown(handler.path.rsplit("/", 1)[1])
        part = [{**clip, "clip_id": f"part-{clip['clip_id']}"} for clip in shown["data"]]
        return 200, {"data": [{"replaced": p, "full": full} for p, full in zip(part, shown["data"], strict=True)]}

    service.on("GET", "/api/v1/sonic/task", pairs)
    job = ran(pump, of(song, O.REPLACE_SECTION))
    made = pump.song(job)
    assert job.state is S.READY
    assert [take.letter for take in made.takes] == ["A", "B"]
    for take in made.takes:
        (part,) = take.extra["parts"]
        assert (part["role"], part["clip_id"]) == ("replaced", f"part-{take.clip_id}")


def test_the_uploaded_source_of_one_shot_edits_is_remembered(pump, service, song):
    task = service.task()
    steps = {"upload": {"clip_id": "up1"}, "extend": {}}
    service.on("POST", "/api/v1/sonic/upload-extend", lambda *_: (200, {"data": {"task_id": task}, "steps": steps}))
    made = pump.song(ran(pump, of(song, O.UPLOAD_EXTEND, service)))
    assert made.parents == (Link("", "", "up1", "upload-extend"),)


@pytest.mark.parametrize(
    "answer", [{"clip_id": "up1"}, {"data": {"clip_id": "up1"}}, None], ids=["top", "data", "task"]
)
def test_an_upload_becomes_a_song_of_its_own_file(pump, service, song, answer):
    if answer is None:
        task = service.task(1)
        service.shapes["sonic"] = lambda _shown: {"code": 200, "data": {"clip_id": "up1"}}
        answer = {"message": "success", "task_id": task}
    service.answers["/sonic/upload"] = answer
    service.files["/files/hum.mp3"] = tone(0.25)
    made = pump.song(ran(pump, of(song, O.UPLOAD, service, title="")))
    (take,) = made.takes
    assert (take.clip_id, made.title, take.facts.frames) == ("up1", "hum", 2000)


def test_a_local_file_that_was_uploaded_is_copied_from_where_it_is(pump, service, song, tmp_path):
    here = tmp_path / "My hum.wav"
    here.write_bytes(tone(0.25))
    service.answers["/sonic/upload"] = {"clip_id": "up1"}
    # the engine of this computer reads the file where it is; for others it is put in a place first
    pump.profile = replace(pump.profile, id=LOCAL_PROFILE_ID)
    made = pump.song(ran(pump, replace(of(song, O.UPLOAD), url=here.as_uri(), title="")))
    assert made.title == "My hum"
    assert pump.library.path(made.takes[0].path).name == "A.wav"
    assert here.exists()


@pytest.mark.parametrize(
    ("written", "made"),
    [("2026-05-01T10:20:30.500Z", 1777630830.5), ("2026-05-01T10:20:30", 1777630830.0),
     ("2026-05-01T12:20:30+02:00", 1777630830.0), ("yesterday", None), (None, None), ("0001-01-01T00:00:00", None)],
)  # fmt: skip
def test_a_take_knows_when_it_was_made(pump, service, written, made):
    service.clip_of = lambda *_: {"created_at": written}
    (job,) = pump.make()
    pump.run()
    assert {take.created_at for take in pump.song(job).takes} == {job.created_at if made is None else made}


# --- files


def test_every_format_of_a_download_is_saved_beside_the_take(pump, service, song):
    base = service.base_url
    files = [{"format": kind, "url": f"{base}/files/c1.{kind}"} for kind in ("mp3", "m4a", "wav")]
    service.answers["/sonic/download"] = {"code": 200, "data": {"files": files}}
    job = ran(pump, of(song, O.DOWNLOAD))
    take = pump.records.library.get(song.id).takes[0]
    assert job.state is S.READY
    assert pump.library.path(take.wav_path).is_file()
    assert sorted(take.files) == ["m4a", "mp3"]
    assert pump.library.path(take.files["m4a"]).read_bytes() == M4A


def test_a_file_still_prepared_is_asked_for_again_and_holds_up_nothing_else(pump, service, song):
    asked = []

    def later(_handler, _body):
        asked.append(pump.now)
        return (202, {"code": 202, "type": "not_ready", "error": "preparing"}) if len(asked) < 4 else None

    service.on("POST", "/api/v1/sonic/download", later)
    job = ran(pump, of(song, O.DOWNLOAD))
    assert job.state is S.READY
    assert len(asked) == 4
    assert min(b - a for a, b in pairwise(asked)) >= 3.0


def test_what_is_never_ready_is_told_in_the_end(pump, service, song):
    service.on("POST", "/api/v1/sonic/midi", lambda *_: (202, {"type": "not_ready"}))
    job = ran(pump, of(song, O.MIDI))
    assert job.state is S.FAILED
    assert len(service.posts) == 1 + MOST_ASKED


def test_midi_is_saved_with_its_notes(pump, service, song, readings):
    job = ran(pump, of(song, O.MIDI))
    take = pump.records.library.get(song.id).takes[0]
    assert job.state is S.READY
    assert pump.library.path(take.files["midi"]).read_bytes() == MIDI
    assert readings.notes(take) == (Track("Synth Voice", (Note(1.34, 2.16, 64, 0.496),)),)
    assert pump.records.jobs.answer(job.id) is None


def test_midi_of_a_stem_is_kept_apart_from_the_takes(pump, service, song, readings):
    ran(pump, of(song, O.STEMS_BASIC))
    take = pump.records.library.get(song.id).takes[0]
    stem = take.stems[0]
    request = of(song, O.MIDI)
    ran(pump, replace(request, source=replace(request.source, clip_id=stem.clip_id)))
    take = pump.records.library.get(song.id).takes[0]
    assert sorted(take.files) == [f"midi:{stem.id}", f"notes:{stem.id}"]
    assert readings.has_notes(take, stem.id)
    assert not readings.has_notes(take)


def test_a_score_that_is_none_is_refused_and_the_notes_are_kept(pump, service, song):
    service.files["/files/c1.mid"] = b"<html>gone</html>"
    job = ran(pump, of(song, O.MIDI))
    assert job.state is S.FAILED
    assert "not what it says" in job.failure.message


def test_a_video_clip_and_a_producers_download_are_saved(pump, service, song):
    url = f"{service.base_url}/files/c1"
    service.shapes["producer"] = lambda _shown: {"status": "SUCCESS", "data": [{"video_url": f"{url}.mp4"}]}
    assert ran(pump, of(song, O.PRODUCER_VIDEO)).state is S.READY
    service.shapes["producer"] = lambda _shown: {"status": "SUCCESS", "data": [{"format": "mp3", "url": f"{url}.mp3"}]}
    assert ran(pump, of(song, O.PRODUCER_DOWNLOAD)).state is S.READY
    take = pump.records.library.get(song.id).takes[0]
    assert pump.library.path(take.files["video"]).read_bytes() == VIDEO
    assert pump.library.path(take.files["mp3"]).is_file()


# --- facts


def test_the_tempo_fills_the_take(pump, service, song):
    ran(pump, of(song, O.BPM))
    take = pump.records.library.get(song.id).takes[0]
    assert take.bpm == 118.4
    assert take.extra["tempo"] == {"average": 118.4, "fastest": 120.1, "slowest": 116.0}


def test_the_words_times_lie_in_the_songs_folder(pump, service, song, readings):
    asked = []

    def later(_handler, _body):
        asked.append(pump.now)
        return (200, {"code": 200, "data": {"alignment": None}}) if len(asked) < 3 else None

    service.on("POST", "/api/v1/sonic/aligned-lyrics", later)
    ran(pump, of(song, O.ALIGNED_LYRICS))
    take = pump.records.library.get(song.id).takes[0]
    assert readings.words(take) == (TimedWord("[Verse]\nMorning ", 8.12, 8.47),)
    assert asked[1] - asked[0] >= 6.0
    pump.library.path(take.files["alignment"]).write_text("not json")
    assert readings.words(take) == ()


def test_the_reference_of_a_voice_is_kept_with_the_take(pump, service, song):
    ran(pump, of(song, O.VOX))
    vox = pump.records.library.get(song.id).takes[0].extra["vox"]
    assert (vox["vox_audio_id"], vox["start"], vox["end"]) == ("v1", 10.5, 30.0)


# --- words and voices


WRITTEN = {
    O.LYRICS: (Draft("Tide", "la"), Draft("Sea", "lo")),
    O.UPSAMPLE_TAGS: (Draft("", "indie folk, warm, acoustic"),),
    O.PRODUCER_LYRICS: (Draft("Tide", "la la"),),
}


@pytest.mark.parametrize(("operation", "drafts"), WRITTEN.items())
def test_words_are_told_and_kept_with_the_job(pump, service, song, readings, operation, drafts):
    written = {"title": "Tide", "lyrics": "la la"}
    service.shapes["producer"] = lambda _shown: {"status": "SUCCESS", "data": [written]}
    job = ran(pump, of(song, operation))
    assert job.state is S.READY
    (told,) = [event for event in pump.sink.events if isinstance(event, WordsArrived)]
    assert (told.job.id, told.drafts) == (job.id, drafts)
    pump.queue.clear_finished()
    assert readings.drafts(job.id) == drafts


def test_a_persona_is_kept_for_later_songs(pump, service, song):
    job = ran(pump, of(song, O.PERSONA))
    (told,) = [event for event in pump.sink.events if isinstance(event, VoiceAdded)]
    take = song.takes[0]
    expected = Persona("p1", "Tide", CLOUD, take.clip_id, song.id, take.id, told.persona.created_at)
    assert job.state is S.READY
    assert pump.voices.all(CLOUD) == (expected,) == (told.persona,)


def test_a_voice_of_a_recording_is_kept_under_the_services_name(pump, service, song):
    service.shapes["sonic"] = lambda _shown: {"code": 200, "data": {"persona_id": "p7", "name": "Ann"}}
    job = ran(pump, of(song, O.CREATE_VOICE, service, title=""))
    (voice,) = pump.voices.all()
    assert (job.state, voice.id, voice.name, voice.spoken) == (S.READY, "p7", "Ann", True)


def test_after_a_restart_an_answer_that_came_is_kept_and_not_asked_for_again(pump, service, song, tmp_path):
    (job,) = pump.submit.create(of(song, O.BPM), pump.profile)
    pump.run(until=lambda: pump.job(job.id).state is S.ACCEPTED)
    pump.close()
    again = Pump(tmp_path, service.base_url)
    again.runner.recover()
    again.run()
    assert again.job(job.id).state is S.READY
    assert again.records.library.get(song.id).takes[0].bpm == 118.4
    assert [path for path, _body in service.posts].count("/api/v1/sonic/bpm") == 1
    again.close()
