"""Every operation of the contract over real HTTP, on the small band's tones: what comes, and what it costs."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from fakes.local_server import LocalServer

from musicapi_desktop.offline.server.forms import TASK_TYPES

OWN = {"mv": "sonic-v6", "duration": 10}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("operations") / "data", "--credits", "9000") as running:
        yield running
        assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="module")
def song(server):
    return server.finished(server.create(title="Harbour Lights", seed=7))


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("outside") / "my tape.flac"
    samples = np.random.default_rng(3).normal(0, 0.1, (44_100 * 12, 1))
    soundfile.write(path, samples, 44_100)
    return path


@pytest.fixture(scope="module")
def tape(server, recording):
    return server.post("/sonic/upload", url=recording.as_uri())["clip_id"]


def seconds_of(url):
    return soundfile.info(io.BytesIO(httpx.get(url, trust_env=False).content)).duration


def refused(server, path, **body):
    answer = server.client.post(path, json=body)
    return answer.status_code, answer.json()["type"]


EXTRA = {
    "concat_music": {"duration": None},
    "remaster": {"duration": None, "variation_category": "subtle"},
    "add_vocals": {"duration": None, "prompt": "[Verse]\nLa", "overpainting_start_s": 1, "overpainting_end_s": 5},
    "add_instrumental": {"duration": None, "tags": "piano"},
    "extend_music": {"continue_at": 4.5},
    "cover_music": {"tags": "jazz", "audio_weight": 0.7},
}


@pytest.mark.parametrize("task_type", [kind for kind in TASK_TYPES if kind not in ("create_music", "concat_music")])
def test_every_task_type_makes_two_takes_of_its_source(server, song, tape, task_type):
    persona = {}
    if task_type == "persona_music":
        voice = server.post("/sonic/persona", name="Me", clip_id=song[0]["clip_id"])["persona_id"]
        persona = {"persona_id": voice, "custom_mode": True, "prompt": "[Verse]\nMine", "continue_clip_id": None}
    source = tape if "upload" in task_type or task_type.startswith("add") else song[0]["clip_id"]
    body = {**OWN, "task_type": task_type, "continue_clip_id": source, **EXTRA.get(task_type, {}), **persona}
    before = server.balance
    clips = server.finished(server.post("/sonic/create", **body)["task_id"])
    assert [clip["state"] for clip in clips] == ["succeeded"] * 2, clips[0].get("error_message")
    assert server.balance == before - 15
    assert clips[0].get("source_clip_ids") == (None if persona else [source])
    assert seconds_of(clips[0]["audio_url"]) == pytest.approx(10, abs=0.1)
    assert clips[0]["title"]


def test_an_extension_is_joined_to_what_it_extends(server, song):
    body = {**OWN, "task_type": "extend_music", "continue_clip_id": song[0]["clip_id"], "continue_at": 6.0}
    extension = server.finished(server.post("/sonic/create", **body)["task_id"])[0]["clip_id"]
    again = {**body, "continue_clip_id": extension, "continue_at": 5.0}
    later = server.finished(server.post("/sonic/create", **again)["task_id"])[1]["clip_id"]
    before = server.balance
    (joined,) = server.finished(
        server.post("/sonic/create", task_type="concat_music", continue_clip_id=later)["task_id"]
    )
    assert joined["state"] == "succeeded", joined
    assert joined["source_clip_ids"] == [song[0]["clip_id"], extension, later]
    assert server.balance == before - 2
    plain = refused(server, "/sonic/create", task_type="concat_music", continue_clip_id=song[0]["clip_id"])
    assert plain == (400, "validation_error")


@pytest.mark.parametrize("joined", [False, True])
def test_a_section_is_replaced_alone_or_as_a_pair(server, song, joined):
    body = {"clip_id": song[0]["clip_id"], "mv": "sonic-v6", "infill_start_s": 2, "infill_end_s": 6, "prompt": "la"}
    task_id = server.post("/sonic/replace-section", **body, auto_concat=joined)["task_id"]
    ready = (lambda entry: entry["full"]) if joined else (lambda entry: entry["state"] == "succeeded")
    entries = server.until(task_id, lambda entries: all(map(ready, entries)))
    assert len(entries) == 2
    if joined:
        assert [entry.keys() for entry in entries] == [{"replaced", "full"}] * 2
        assert seconds_of(entries[0]["full"]["audio_url"]) > seconds_of(entries[0]["replaced"]["audio_url"])
        # the whole song is a clip as any other
        wav = server.post("/sonic/wav", clip_id=entries[1]["full"]["clip_id"])["data"]["wav_url"]
        assert seconds_of(wav) == pytest.approx(12)
    backwards = refused(server, "/sonic/replace-section", **{**body, "infill_start_s": 7})
    beyond = refused(server, "/sonic/replace-section", **{**body, "infill_start_s": 70, "infill_end_s": 80})
    assert backwards == beyond == (400, "validation_error")


def test_a_pair_has_no_whole_song_before_the_end(server, song, tmp_path):
    gate = tmp_path / "go"
    body = {"clip_id": song[0]["clip_id"], "mv": "sonic-v6", "infill_start_s": 2, "infill_end_s": 6}
    body |= {"auto_concat": True, "gpt_description_prompt": f"wait for {gate}"}
    task_id = server.post("/sonic/replace-section", **body)["task_id"]
    entries = server.until(task_id, lambda entries: entries[0]["replaced"]["state"] == "running")
    assert entries[0]["full"] is None
    gate.touch()
    server.until(task_id, lambda entries: all(entry["full"] for entry in entries))


def test_samples_and_mashups(server, song, recording):
    one, two = (clip["clip_id"] for clip in song)
    sampled = server.post("/sonic/sample", sample_clip_id=one, chop_sample_start_s=1, chop_sample_end_s=8, tags="house")
    fetched = server.post("/sonic/sample", url=recording.as_uri(), mv="sonic-v4-5-all")
    mashed = server.post("/sonic/mashup", mashup_clip_ids=[one, two], mv="sonic-v6")
    for task in (sampled, fetched, mashed):
        clips = server.finished(task["task_id"])
        assert [clip["state"] for clip in clips] == ["succeeded"] * 2
    assert clips[0]["source_clip_ids"] == [one, two]
    for ids in ([], [one], [one, two, one], one, [one, 3]):
        assert refused(server, "/sonic/mashup", mashup_clip_ids=ids) == (400, "validation_error")
    assert refused(server, "/sonic/mashup", mashup_clip_ids=[one, "none"]) == (404, "not_found")
    assert refused(server, "/sonic/sample") == (400, "validation_error")


def test_a_recording_from_outside_is_a_clip(server, tape):
    tempo = server.post("/sonic/bpm", clip_id=tape)["data"]
    assert tempo == {"avg_bpm": 96.0, "max_bpm": 97.5, "min_bpm": 95.0}
    midi = server.post("/sonic/midi", clip_id=tape)["data"]
    assert midi["instruments"][0]["notes"] == [{"start": 0.0, "end": 0.5, "pitch": 40, "velocity": 0.748}]
    assert httpx.get(midi["midi_url"], trust_env=False).content[:4] == b"MThd"
    assert refused(server, "/sonic/aligned-lyrics", clip_id=tape) == (404, "not_found")
    stems = server.finished(server.post("/sonic/stems/full", clip_id=tape)["task_id"])
    assert [stem["state"] for stem in stems] == ["succeeded"] * 12
    assert [stem["stem_type"] for stem in stems if not stem["silent"]] == ["Other"]
    assert {stem["draft"] for stem in stems} == {True}
    basic = server.finished(server.post("/sonic/stems/basic", clip_id=tape)["task_id"])
    assert [stem["title"] for stem in basic] == ["my tape (Vocals)", "my tape (Instrumental)"]
    assert seconds_of(basic[1]["audio_url"]) == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("path", ["/sonic/upload-extend", "/sonic/upload-cover"])
@pytest.mark.parametrize("joined", [False, True])
def test_a_recording_is_worked_on_in_one_call(server, recording, path, joined):
    step = path.removeprefix("/sonic/upload-")
    more = {"continue_at": 3.0, "auto_concat": joined} if step == "extend" else {"audio_weight": 0.4}
    before = server.balance
    answer = server.post(path, url=recording.as_uri(), **OWN, **more)
    assert answer["steps"].keys() == {"upload", step}
    assert server.balance == before - 15
    entries = server.until(
        answer["task_id"],
        lambda found: all(entry["full"] if "full" in entry else entry["state"] == "succeeded" for entry in found),
    )
    paired = joined and step == "extend"
    assert [entry.keys() >= {"extended", "full"} for entry in entries] == [paired] * 2


def test_audio_is_fetched_from_the_web_too(server, song):
    before = server.balance
    clip_id = server.post("/sonic/upload", url=song[0]["audio_url"])["clip_id"]
    assert server.balance == before - 2
    task_id = server.post("/sonic/upload", url=song[0]["audio_url"], callback_url="http://127.0.0.1:9/x")["task_id"]
    (clip,) = server.finished(task_id)
    assert clip["state"] == "succeeded"
    assert clip["clip_id"] != clip_id


@pytest.mark.parametrize("problem", ["gone", "nothing", "text", "short", "ftp", "nowhere", "no address"])
def test_what_is_no_audio_is_refused_and_costs_nothing(server, tmp_path, problem):
    (tmp_path / "words.mp3").write_text("these are no samples\n" * 100)
    soundfile.write(tmp_path / "short.wav", np.zeros(4800), 48_000)
    url = {
        "gone": (tmp_path / "none.wav").as_uri(),
        "nothing": f"{server.url}/files/none.mp3",
        "text": (tmp_path / "words.mp3").as_uri(),
        "short": (tmp_path / "short.wav").as_uri(),
        "ftp": "ftp://127.0.0.1/a.mp3",
        "nowhere": "http://127.0.0.1:9/a.mp3",
        "no address": "http://[::1",
    }[problem]
    before = server.balance
    assert refused(server, "/sonic/upload", url=url) == (400, "validation_error")
    answer = server.client.post("/sonic/upload-extend", json={"url": url, "continue_at": 1, **OWN})
    assert answer.status_code == 400
    assert answer.json()["steps"]["upload"]["error"] == answer.json()["error"]
    assert server.balance == before


def test_its_own_m4a_is_taken_back(server, song):
    (file,) = server.post("/sonic/download", clip_id=song[0]["clip_id"], formats=["m4a"])["data"]["files"]
    clip_id = server.post("/sonic/upload", url=file["url"])["clip_id"]
    again = server.post("/sonic/wav", clip_id=clip_id)["data"]["wav_url"]
    assert seconds_of(again) == 10.0


def test_the_file_of_an_upload_stays_where_it_was(server, recording):
    before = recording.read_bytes()
    server.post("/sonic/upload", url=recording.as_uri())
    assert recording.read_bytes() == before
    scratch = Path(server.data) / "scratch"
    assert [file for file in scratch.rglob("*") if file.is_file()] == []


def test_an_m4a_holds_the_master(server, song):
    files = server.post("/sonic/download", clip_id=song[0]["clip_id"], formats=["m4a", "wav", "mp3"])["data"]["files"]
    found = {file["format"]: httpx.get(file["url"], trust_env=False) for file in files}
    assert found["m4a"].headers["content-type"] == "audio/mp4"
    assert found["m4a"].content[4:12] == b"ftypM4A "
    assert found["wav"].content[:4] == b"RIFF"


def test_voices_are_named_and_sung_with(server, song, recording):
    clip_id = song[0]["clip_id"]
    vox = server.post("/sonic/vox", clip_id=clip_id, vocal_start_s=1, vocal_end_s=5)["data"]
    assert (vox["status"], vox["source_clip_id"], vox["vocal_end_s"]) == ("complete", clip_id, 5)
    assert refused(server, "/sonic/vox", clip_id=clip_id, vocal_start_s=5, vocal_end_s=5) == (400, "validation_error")
    named = server.post("/sonic/persona", name="Me", clip_id=clip_id, vox_audio_id=vox["vox_audio_id"])["persona_id"]
    task_id = server.post("/sonic/create-voice", audio_url=recording.as_uri(), name="Aunt")["task_id"]
    voice = server.until(task_id, lambda data: data)
    assert voice["name"] == "Aunt"
    for persona_id in (named, voice["persona_id"]):
        body = {**OWN, "task_type": "persona_music", "custom_mode": True, "prompt": "la", "persona_id": persona_id}
        assert {c["state"] for c in server.finished(server.post("/sonic/create", **body)["task_id"])} == {"succeeded"}
    unknown = {**body, "persona_id": "nobody"}
    assert refused(server, "/sonic/create", **unknown) == (404, "not_found")
    assert refused(server, "/sonic/persona", name="Me", clip_id="none") == (404, "not_found")


def test_a_voice_nobody_hears_is_given_back(server, tmp_path):
    soundfile.write(tmp_path / "short.wav", np.zeros(48_000 * 3), 48_000)
    before = server.balance
    task_id = server.post("/sonic/create-voice", audio_url=(tmp_path / "short.wav").as_uri())["task_id"]
    server.wait_for(lambda: server.task(task_id).get("type") == "failed")
    body = server.task(task_id)
    assert (body["error"], body["refund_processed"]) == ("No voice is heard in this recording.", True)
    assert server.balance == before


def test_words_are_written(server):
    before = server.balance
    drafts = server.post("/sonic/lyrics", description="rain")["results"]
    assert [draft["lyrics"] for draft in drafts] == ["[Verse]\nrain", "[Verse]\nrain again"]
    assert server.post("/sonic/upsample-tags", tags="jazz")["data"] == {"upsampled_tags": "jazz, warm tones"}
    assert server.balance == before - 1
    assert refused(server, "/sonic/lyrics", description="x" * 121) == (400, "validation_error")


def polled(server, family, task_id, word):
    answer = server.wait_for(
        lambda: (
            (a := server.client.get(f"/{family}/task/{task_id}")).status_code != 202
            and a.json().get("status", "succeeded") not in ("pending", "running")
            and a
        )
    )
    return answer.json()


def test_producer_makes_one_song(server, song):
    before = server.balance
    submitted = server.post("/producer/create", task_type="create_music", sound="soft piano", seed="12345", length=10)
    body = polled(server, "producer", submitted["task_id"], "data")
    (item,) = body["data"]
    assert (item["sound"], item["seed"], item["mv"], item["duration"]) == ("soft piano", "12345", "FUZZ-2.0", 10.0)
    assert seconds_of(item["wav_url"]) == 10.0
    assert server.balance == before - 12
    for task_type, more in (("extend_music", {"starts_at": 5}), ("replace_music", {"starts_at": 2, "ends_at": 6})):
        made = server.post("/producer/create", task_type=task_type, clip_id=item["clip_id"], sound="strings", **more)
        (worked,) = polled(server, "producer", made["task_id"], "data")["data"]
        assert worked["duration"] > 10
    cover = server.post("/producer/create", task_type="cover_music", clip_id=song[0]["clip_id"], sound="ska")
    assert len(polled(server, "producer", cover["task_id"], "data")["data"]) == 1
    assert server.client.get(f"/sonic/task/{cover['task_id']}").status_code == 404


def test_producer_gives_files_words_and_uploads(server, song, recording):
    clip_id = song[0]["clip_id"]
    task = server.post("/producer/download", clip_id=clip_id, format="wav")["task_id"]
    (file,) = polled(server, "producer", task, "data")["data"]
    assert seconds_of(file["wav_url"]) == 10.0
    task = server.post("/producer/lyrics-create", description="rain")["task_id"]
    assert [draft["title"] for draft in polled(server, "producer", task, "data")["data"]] == ["One", "Two"]
    task = server.post("/producer/upload", audio_url=recording.as_uri())["task_id"]
    (clip,) = polled(server, "producer", task, "data")["data"]
    assert clip["duration"] == pytest.approx(12, abs=0.1)


def test_nuro_sings_and_plays(server):
    before = server.balance
    vocal = {"type": "vocal", "lyrics": "[verse]\n" + "la " * 100, "genre": "Pop", "gender": "Male", "duration": 30}
    body = polled(server, "nuro", server.post("/nuro/create", **vocal)["task_id"], "status")
    assert (body["status"], body["progress"], body["genre"], body["gender"]) == ("succeeded", 100, "Pop", "Male")
    assert seconds_of(body["audio_url"]) == body["duration"] == 30.0
    bgm = {"type": "bgm", "description": "calm", "duration": 12, "mood": ["calm"]}
    body = polled(server, "nuro", server.post("/nuro/create", **bgm)["task_id"], "status")
    assert (body["status"], body["mood"], body["gender"]) == ("succeeded", "calm", "")
    assert server.balance == before - 20


@pytest.mark.parametrize("family", ["riffusion", "studio"])
def test_the_retired_families_say_so(server, family):
    assert refused(server, f"/{family}/create", prompt="x") == (410, "endpoint_retired")
    answer = server.client.get(f"/{family}/task/old")
    assert (answer.status_code, answer.json()["type"]) == (404, "not_found")


def test_a_cancelled_task_ends_at_once_and_is_given_back(server, tmp_path):
    before = server.balance
    task_id = server.create(gpt_description_prompt=f"wait for {tmp_path / 'never'}")
    clips = server.until(task_id, lambda clips: all("stream_url" in clip for clip in clips))
    assert seconds_of(clips[0]["stream_url"]) == 1.0
    cancelled = server.client.delete(f"/sonic/task/{task_id}").json()
    assert [(clip["state"], clip["error_message"]) for clip in cancelled["data"]] == [("failed", "Cancelled.")] * 2
    assert cancelled["refund_processed"] is True
    assert server.balance == before
    assert httpx.get(clips[0]["stream_url"], trust_env=False).status_code == 404
    # both workers are free again
    assert {clip["state"] for clip in server.finished(server.create())} == {"succeeded"}
    assert server.client.delete(f"/sonic/task/{task_id}").status_code == 200
    assert server.client.delete("/sonic/task/none").status_code == 404


def test_an_upload_waits_for_no_song(server, recording, tmp_path):
    gate = tmp_path / "go"
    busy = server.create(gpt_description_prompt=f"wait for {gate}")
    server.until(busy, lambda clips: {clip["state"] for clip in clips} == {"running"})
    assert server.post("/sonic/upload", url=recording.as_uri())["clip_id"]
    assert server.post("/sonic/upsample-tags", tags="jazz")
    gate.touch()
    server.finished(busy)
