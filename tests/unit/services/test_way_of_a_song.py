"""From the press of a button to files on the disk: real HTTP on loopback, real SQLite, real files."""

from __future__ import annotations

import itertools
import json

import pytest
from fakes.pump import Pump
from fakes.service import SOUND, fake_service, tone

from musicapi_desktop.domain.job import Blame, Charge, JobState
from musicapi_desktop.domain.request import Mode, Operation, Request, Source
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services.tags import read_tags

S = JobState


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def pump(tmp_path, service):
    made = Pump(tmp_path, service.base_url)
    yield made
    made.close()


def test_a_request_becomes_a_song_with_two_takes(pump, service):
    (job,) = pump.make()
    placeholder = pump.song(job)
    assert [take.state for take in placeholder.takes] == [TakeState.EXPECTED, TakeState.EXPECTED]
    assert service.posts == []
    pump.run()
    assert pump.job(job.id).state is S.READY
    states = list(dict.fromkeys(pump.sink.states(job.id)))
    assert states[:3] == ["waiting", "sending", "accepted"]
    assert states[-1] == "ready"
    song = pump.song(job)
    assert song.title == "Harbour Lights"
    assert song.lyrics == "[Verse]\nla"
    assert song.job_id == ""
    assert [take.letter for take in song.takes] == ["A", "B"]
    for take in song.takes:
        file = pump.library.path(take.path)
        assert take.state is TakeState.READY
        # the file said mp3 and is a WAV: it is called what it is
        assert file.suffix == ".wav"
        assert take.facts.frames == 4000
        assert len(take.facts.overview) == 200
        assert read_tags(file).comment == f"MusicAPI clip {take.clip_id}"
        assert read_tags(file).request.description == "a quiet song"
    folder = pump.library.folder(song)
    assert folder.name == f"Harbour Lights [{song.id[:8]}]"
    assert sorted(path.name for path in folder.iterdir()) == ["A.wav", "B.wav", "cover.svg", "song.json"]
    assert json.loads((folder / "song.json").read_text())["id"] == song.id
    assert len(service.posts) == 1


def test_a_take_can_be_played_while_its_twin_still_runs(pump, service):
    service.clip_of = lambda _task, number, polls: {"state": "running"} if number and polls < 3 else {}
    (job,) = pump.make()
    pump.run(until=lambda: pump.song(job).takes[0].state is TakeState.READY)
    song = pump.song(job)
    assert song.takes[1].state is TakeState.EXPECTED
    assert pump.job(job.id).state in (S.MAKING, S.DOWNLOADING)
    assert pump.sink.songs()[-1].takes[0].state is TakeState.READY
    pump.run()
    assert pump.job(job.id).state is S.READY


def test_a_stream_is_not_the_file(pump, service):
    stream = {"state": "streaming", "audio_url": f"{service.base_url}/files/stream.mp3"}
    service.clip_of = lambda _task, _number, polls: stream if polls < 3 else {}
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert not any("stream" in path for path, _range in service.fetched)


def test_what_half_succeeds_is_kept(pump, service):
    service.clip_of = lambda _task, number, _polls: {"state": "failed"} if number else {}
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert [take.letter for take in pump.song(job).takes] == ["A"]


def test_what_fails_at_the_service_says_whose_it_is(pump, service):
    failed = {"type": "failed", "message": "generation failed", "refund_processed": True}
    service.on("GET", "/api/v1/sonic/task", lambda *_: (200, failed))
    (job,) = pump.make()
    pump.run()
    job = pump.job(job.id)
    assert job.state is S.FAILED
    assert job.failure.blame is Blame.THEIRS
    assert job.failure.detail == "generation failed"
    assert job.charge is Charge.REFUNDED
    assert pump.song(job) is None
    assert pump.sink.gone() == [job.tasks[0].song_id]


def test_one_failure_never_stops_the_others(pump, service):
    def refuse_the_second(_handler, body):
        if "second" in json.dumps(body):
            return 403, {"type": "forbidden", "error": "lyrics contain copyrighted words"}
        return None

    service.on("POST", "/api/v1/sonic/create", refuse_the_second)
    jobs = [pump.make(pump.described(text))[0] for text in ("first", "second", "third")]
    pump.run()
    assert [pump.job(job.id).state for job in jobs] == [S.READY, S.FAILED, S.READY]
    assert pump.job(jobs[1].id).failure.blame is Blame.YOURS
    assert pump.job(jobs[1].id).charge is Charge.NONE


def test_twenty_three_songs_go_out_as_three_posts(pump, service):
    jobs = pump.make(songs=23)
    assert [job.request.songs for job in jobs] == [10, 10, 3]
    assert len({job.batch for job in jobs}) == 1
    assert [job.estimate for job in jobs] == [150, 150, 45]
    pump.run(steps=2000)
    assert [pump.job(job.id).state for job in jobs] == [S.READY] * 3
    assert [path for path, _body in service.posts] == ["/api/v1/sonic/batch"] * 3
    assert [len(body["items"]) for _path, body in service.posts] == [10, 10, 3]
    assert pump.library.count() == 23
    assert all(len(song.takes) == 2 for song in pump.library.page(pump.library.songs()))


def test_a_host_without_batches_gets_the_songs_one_by_one(pump, service):
    service.on("POST", "/api/v1/sonic/batch", lambda *_: (404, b"<html>no such page</html>"))
    pump.make(songs=3)
    pump.run()
    # until the host has answered in one, the path is looked for in both namespaces
    paths = [path.removeprefix("/api/v1/") for path, _body in service.posts]
    assert paths == ["sonic/batch", "suno/batch", *["sonic/create"] * 3]
    assert [job.state for job in pump.queue.jobs()] == [S.READY] * 3
    assert pump.library.count() == 3


def test_refused_songs_of_a_batch_leave_the_rest(pump, service):
    entries = [{"index": 0, "task_id": service.task()}, {"index": 1, "error": "bad words"}]
    service.on(
        "POST", "/api/v1/sonic/batch", lambda *_: (200, {"message": "success", "batch_id": "b", "tasks": entries})
    )
    (job,) = pump.make(songs=2)
    pump.run()
    job = pump.job(job.id)
    assert job.state is S.READY
    assert job.tasks[1].error == "bad words"
    assert pump.library.count() == 1
    assert "1 of 2" in job.progress


def test_requests_keep_their_distance(pump, service):
    times = []
    service.on("GET", "/api", lambda *_: times.append(pump.now))
    service.on("POST", "/api", lambda *_: times.append(pump.now))
    for _ in range(3):
        pump.make()
    pump.run()
    assert len(times) >= 6
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 3.0


def _split(pump, song, operation):
    take = song.takes[0]
    source = Source(song.id, take.id, take.clip_id, song.title)
    return pump.submit.create(Request(operation=operation, source=source), pump.profile)[0]


def test_stems_become_files_of_the_take(pump, service):
    (job,) = pump.make()
    pump.run()
    split = _split(pump, pump.song(job), Operation.STEMS_FULL)
    pump.run()
    assert pump.job(split.id).state is S.READY
    stems = pump.song(job).takes[0].stems
    assert [(stem.name, stem.kind, stem.position) for stem in stems] == [
        ("Vocals", "vocals", 1), ("Drums", "drums", 2), ("Bass", "bass", 3)
    ]  # fmt: skip
    assert stems[1].path.endswith("/stems/A full/02 Drums.wav")
    assert all(pump.library.path(stem.path).is_file() and stem.facts.frames == 4000 for stem in stems)
    assert pump.library.songs("has:stems") == [pump.song(job).id]


def test_splitting_again_replaces_the_stems(pump, service):
    (job,) = pump.make()
    pump.run()
    for _ in range(2):
        _split(pump, pump.song(job), Operation.STEMS_BASIC)
        pump.run()
    stems = pump.song(job).takes[0].stems
    assert [stem.name for stem in stems] == ["Vocals", "Instrumental"]
    assert all(stem.clip_id.startswith("task-3") for stem in stems)


def test_a_wav_lands_beside_the_take(pump, service):
    (job,) = pump.make()
    service.files = {}
    pump.run()
    wav = _split(pump, pump.song(job), Operation.WAV)
    pump.run()
    assert pump.job(wav.id).state is S.READY
    take = pump.song(job).takes[0]
    assert take.wav_path.endswith("/A.wav")
    assert service.posts[-1] == ("/api/v1/sonic/wav", {"clip_id": take.clip_id})


def test_a_wav_that_is_gone_is_asked_for_anew(pump, service):
    (job,) = pump.make()
    pump.run()
    gone = service.on("GET", "/files/task-1-0.wav", lambda *_: (404, b""))
    assert gone is None
    wav = _split(pump, pump.song(job), Operation.WAV)
    pump.run()
    assert pump.job(wav.id).state is S.FAILED
    service.usual("GET", "/files/task-1-0.wav")
    pump.queue.try_again(wav.id)
    pump.run()
    assert pump.job(wav.id).state is S.READY


def test_a_title_that_the_person_gave_stays(pump):
    (job,) = pump.make(Request(mode=Mode.INSTRUMENTAL, style="ambient", title="Mine: ☕/1"))
    pump.run()
    song = pump.song(job)
    assert song.title == "Mine: ☕/1"
    assert pump.library.folder(song).name == f"Mine ☕ 1 [{song.id[:8]}]"


def test_a_title_changed_while_it_is_made_stays(pump, service):
    service.hold_polls = 2
    (job,) = pump.make()
    pump.run(until=lambda: pump.job(job.id).state is S.MAKING)
    pump.library.rename(pump.song(job).id, "My own")
    pump.run()
    assert pump.song(job).title == "My own"


def test_the_balance_is_read_and_booked(pump, service):
    service.price = 14
    (job,) = pump.make()
    pump.run()
    assert pump.sink.balances() == [1000, 986]
    entry = pump.ledger.of_job(job.id)
    assert (entry.estimate, entry.charged, entry.refunded, entry.balance) == (15, 15, 1, 986)
    assert entry.exact
    assert entry.settled


def test_a_wrong_format_behind_mp3_is_told_and_can_be_tried_again(pump, service):
    service.on("GET", "/files/", lambda *_: (200, b"<html>not a song</html>"))
    (job,) = pump.make()
    pump.run()
    job = pump.job(job.id)
    assert job.state is S.FAILED
    assert job.failure.blame is Blame.OURS
    assert job.charge is Charge.CHARGED
    service.usual("GET", "/files/")
    pump.queue.try_again(job.id)
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.posts) == 1


def test_a_cut_file_goes_on_where_it_was_cut(pump, service):
    sound = tone(20.0)
    service.files = {"/files/task-1-0.mp3": sound}
    cuts = []

    def cut(handler, _body):
        if handler.headers.get("Range") or "1-0" not in handler.path:
            return None
        cuts.append(handler.path)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(sound)))
        handler.send_header("ETag", '"v1"')
        handler.end_headers()
        handler.wfile.write(sound[:200000])
        handler.wfile.flush()
        return handler.hang_up()

    service.on("GET", "/files/", cut)
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(cuts) == 1
    resumed = [wanted for path, wanted in service.fetched if wanted and "1-0" in path]
    assert resumed == ["bytes=196608-"]
    assert pump.song(job).takes[0].facts.frames == 160000


def test_a_file_of_three_gigabytes_is_refused(pump, service):
    def huge(handler, _body):
        handler.send_response(200)
        handler.send_header("Content-Length", str(3 << 30))
        handler.end_headers()
        handler.wfile.write(SOUND)
        handler.wfile.flush()
        return handler.hang_up()

    service.on("GET", "/files/", huge)
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.FAILED
    assert "larger than any song" in pump.job(job.id).failure.message
