"""The local server over real HTTP, from create to stems, as the contract tells it."""

from __future__ import annotations

import io

import httpx
import mido
import numpy as np
import pytest
import soundfile
from fakes.local_server import LocalServer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("served") / "data", "--credits", "5000") as running:
        yield running


@pytest.fixture(scope="module")
def song(server):
    return server.finished(server.create(gpt_description_prompt="a tune to split", seed=7, title="Harbour Lights"))


def fetch(url):
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    assert "authorization" not in answer.request.headers
    return answer.content


def decoded(url):
    samples, rate = soundfile.read(io.BytesIO(fetch(url)), dtype="float32", always_2d=True)
    assert rate == 48_000
    return samples


def loudness(samples):
    return float(np.sqrt(np.mean(np.square(samples))))


def test_a_create_gives_two_takes_that_differ_and_play(song):
    assert [clip["state"] for clip in song] == ["succeeded", "succeeded"]
    assert {clip["title"] for clip in song} == {"Harbour Lights"}
    first, second = (decoded(clip["audio_url"]) for clip in song)
    assert len(first) == len(second) == 480_000
    assert loudness(first) > 0.05
    assert loudness(first - second) > 0.05


def test_a_clip_has_every_key_of_the_contract(song):
    clip = song[0]
    documented = {
        "clip_id", "state", "title", "tags", "lyrics", "image_url", "audio_url", "video_url", "created_at", "mv",
        "gpt_description_prompt", "duration", "negative_tags", "style_weight", "weirdness_constraint",
    }  # fmt: skip
    assert documented <= clip.keys()
    assert clip["duration"] == "10.00"
    assert clip["gpt_description_prompt"] == "a tune to split"
    assert clip["lyrics"] == "[Verse]\nWords by the band"


def test_a_submit_is_the_superset_of_both_documents(server):
    body = server.post(
        "/suno/create", task_type="create_music", custom_mode=True, mv="chirp-v5", prompt="[Verse]\nOne", duration=10
    )
    assert body.keys() == {"code", "message", "task_id"}
    assert (body["code"], body["message"]) == (200, "success")
    clips = server.finished(body["task_id"])
    assert [(clip["lyrics"], clip["mv"]) for clip in clips] == [("[Verse]\nOne", "sonic-v5")] * 2


def test_an_unfinished_clip_has_no_address_yet(server, tmp_path):
    gate = tmp_path / "go"
    task_id = server.create(gpt_description_prompt=f"wait for {gate}")
    clips = server.until(task_id, lambda clips: {clip["state"] for clip in clips} == {"running"})
    assert [(clip["audio_url"], clip["duration"]) for clip in clips] == [(None, None)] * 2
    refused = server.client.post("/sonic/stems/basic", json={"clip_id": clips[0]["clip_id"]})
    assert (refused.status_code, refused.json()["type"]) == (400, "validation_error")
    gate.touch()
    assert {clip["state"] for clip in server.finished(task_id)} == {"succeeded"}


def test_an_instrumental_needs_no_words_and_auto_lyrics_writes_them(server):
    plain = server.create(custom_mode=True, make_instrumental=True, gpt_description_prompt=None, tags="piano")
    written = server.create(custom_mode=True, auto_lyrics=True, prompt="rain on the roof", gpt_description_prompt=None)
    assert [clip["lyrics"] for clip in server.finished(plain)] == ["[Instrumental]"] * 2
    assert [clip["lyrics"] for clip in server.finished(written)] == ["[Verse]\nWords by the band"] * 2


def test_the_same_seed_gives_the_same_samples(server, song):
    again = server.finished(server.create(gpt_description_prompt="a tune to split", seed=7))
    assert fetch(again[0]["audio_url"]) == fetch(song[0]["audio_url"])
    assert fetch(again[1]["audio_url"]) == fetch(song[1]["audio_url"])


def test_basic_stems_add_up_to_the_take(server, song):
    before = server.balance
    stems = server.finished(server.post("/sonic/stems/basic", clip_id=song[0]["clip_id"])["task_id"])
    assert [stem["title"] for stem in stems] == ["Harbour Lights (Vocals)", "Harbour Lights (Instrumental)"]
    assert server.balance == before - 15
    mix, parts = decoded(song[0]["audio_url"]), [decoded(stem["audio_url"]) for stem in stems]
    assert {len(part) for part in parts} == {len(mix)}
    assert loudness(sum(parts) - mix) < 0.02 * loudness(mix)


def test_full_stems_are_twelve_and_add_up(server, song):
    before = server.balance
    stems = server.finished(server.post("/sonic/stems/full", clip_id=song[1]["clip_id"])["task_id"])
    assert [stem["stem_type"] for stem in stems] == [
        "Vocals", "Backing Vocals", "Drums", "Bass", "Guitar", "Keyboard", "Percussion", "Strings", "Synth", "FX",
        "Brass", "Woodwinds",
    ]  # fmt: skip
    assert stems[2]["title"] == "Harbour Lights (Drums)"
    assert len({stem["clip_id"] for stem in stems}) == 12
    assert server.balance == before - 75
    mix, parts = decoded(song[1]["audio_url"]), [decoded(stem["audio_url"]) for stem in stems]
    assert loudness(sum(parts) - mix) < 0.02 * loudness(mix)
    assert [stem["silent"] for stem in stems] == [loudness(part) < 1e-4 for part in parts]


def test_the_wav_is_the_master_and_costs(server, song):
    before = server.balance
    url = server.post("/sonic/wav", clip_id=song[0]["clip_id"])["data"]["wav_url"]
    assert url.endswith(".wav")
    assert fetch(url)[:4] == b"RIFF"
    wav, mp3 = decoded(url), decoded(song[0]["audio_url"])
    assert wav.shape == mp3.shape
    assert loudness(wav - mp3) < 0.02 * loudness(wav)
    assert server.balance == before - 2


def test_a_download_names_every_format_asked_for(server, song):
    before = server.balance
    files = server.post("/sonic/download", clip_id=song[1]["clip_id"], formats=["wav", "mp3"])["data"]["files"]
    assert {file["format"]: fetch(file["url"])[:4] for file in files}.keys() == {"mp3", "wav"}
    assert server.balance == before - 2
    for formats in (None, [], "mp3", ["ogg"], [["mp3"]]):
        refused = server.client.post("/sonic/download", json={"clip_id": song[1]["clip_id"], "formats": formats})
        assert (refused.status_code, refused.json()["type"]) == (400, "validation_error")


def test_tempo_and_notes_come_from_the_score(server, song):
    before = server.balance
    tempo = server.post("/sonic/bpm", clip_id=song[0]["clip_id"])["data"]
    assert tempo == {"avg_bpm": 120.0, "max_bpm": 120.0, "min_bpm": 120.0}
    midi = server.post("/sonic/midi", clip_id=song[0]["clip_id"])["data"]
    assert [part["name"] for part in midi["instruments"]] == ["Vocals", "Drums", "Bass"]
    bass = midi["instruments"][2]["notes"]
    assert bass[0] == {"start": 0.0, "end": 0.5, "pitch": 40, "velocity": 0.787}
    file = mido.MidiFile(file=io.BytesIO(fetch(midi["midi_url"])))
    assert [track.name for track in file.tracks[1:]] == ["Vocals", "Drums", "Bass"]
    played = [message for message in file.tracks[3] if message.type.startswith("note")]
    # at 120 beats a minute half a second is a beat of 480 ticks; the repeated note ends before it starts again
    assert [(m.type, m.time) for m in played] == [
        ("note_on", 0), ("note_off", 480), ("note_on", 0), ("note_off", 480)
    ]  # fmt: skip
    assert {message.channel for message in file.tracks[2] if message.type == "note_on"} == {9}
    assert server.balance == before - 2
    stem = server.finished(server.post("/sonic/stems/basic", clip_id=song[0]["clip_id"])["task_id"])[0]
    own = server.post("/sonic/midi", clip_id=stem["clip_id"])["data"]["instruments"]
    assert [part["name"] for part in own] == ["Vocals"]


def test_words_have_times_and_cost_once(server, song):
    before = server.balance
    words = server.post("/sonic/aligned-lyrics", clip_id=song[0]["clip_id"])["data"]["alignment"]
    assert "".join(word["word"] for word in words) == "[Verse]\nWords by bands\n"
    assert [(word["start_s"], word["end_s"]) for word in words] == [(1.0, 1.8), (2.0, 2.8), (3.0, 3.8)]
    server.post("/sonic/aligned-lyrics", clip_id=song[0]["clip_id"])
    assert server.balance == before - 1
    silent = server.finished(server.create(make_instrumental=True))[0]
    refused = server.client.post("/sonic/aligned-lyrics", json={"clip_id": silent["clip_id"]})
    assert (refused.status_code, refused.json()["type"]) == (404, "not_found")


def test_a_stem_has_a_wav_and_no_stems(server, song):
    stem = server.finished(server.post("/sonic/stems/basic", clip_id=song[0]["clip_id"])["task_id"])[0]
    url = server.post("/sonic/wav", clip_id=stem["clip_id"])["data"]["wav_url"]
    assert loudness(decoded(url) - decoded(stem["audio_url"])) < 0.002
    refused = server.client.post("/sonic/stems/full", json={"clip_id": stem["clip_id"]})
    assert (refused.status_code, refused.json()["type"]) == (400, "validation_error")


def test_a_batch_reports_the_bad_item_by_index_and_charges_the_good(server):
    good = {"custom_mode": False, "mv": "sonic-v6", "gpt_description_prompt": "one of three", "duration": 10}
    before = server.balance
    sent = server.post(
        "/sonic/batch", items=[good, {**good, "mv": "no-such-model"}, {"prompt": "a brief", "duration": 10}]
    )
    assert sent["submitted"] == 2
    assert [task["index"] for task in sent["tasks"]] == [0, 1, 2]
    assert sent["tasks"][1]["error"]["type"] == "validation_error"
    assert "sonic-v6-mini" in sent["tasks"][1]["error"]["error"]
    assert server.balance == before - 30
    for task in (sent["tasks"][0], sent["tasks"][2]):
        server.finished(task["task_id"])
    by_key = [server.client.get("/sonic/batch", params={key: sent["batch_id"]}).json() for key in ("batch_id", "id")]
    assert by_key[0] == by_key[1]
    assert by_key[0]["status"] == "partial"
    assert [task["status"] for task in by_key[0]["tasks"]] == ["succeeded", "failed", "succeeded"]
    assert [len(task["data"] or []) for task in by_key[0]["tasks"]] == [2, 0, 2]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/sonic/task/no-such-task", None),
        ("GET", "/sonic/batch?id=no-such-batch", None),
        ("POST", "/sonic/wav", {"clip_id": "no-such-clip"}),
        ("POST", "/sonic/stems/full", {"clip_id": "../../etc/passwd"}),
    ],
)
def test_what_is_unknown_is_not_found(server, method, path, body):
    answer = server.client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["type"]) == (404, "not_found")


def test_an_unknown_path_answers_like_the_platform(server):
    answer = server.client.get("/sonic/feed")
    assert answer.status_code == 404
    assert not answer.headers["content-type"].startswith("application/json")
    assert server.client.get("/sonic/create").status_code == 405
