"""The server with the real composer: the seam between the two, heard over HTTP."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pytest
import soundfile
from fakes.local_server import REAL, LocalServer

WORDS = "[Verse]\nLanterns on the water\nCarry me away\n[Chorus]\nHarbour lights, harbour lights"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("music") / "data", maker=REAL) as running:
        yield running


def decoded(clip):
    answer = httpx.get(clip["audio_url"], trust_env=False)
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="float32", always_2d=True)
    assert (rate, samples.shape[1]) == (48_000, 2)
    return samples


def loudness(samples):
    return float(np.sqrt(np.mean(np.square(samples))))


@pytest.fixture(scope="module")
def song(server):
    fields = {"custom_mode": True, "prompt": WORDS, "tags": "indie folk, warm", "title": "Harbour Lights", "seed": 21}
    clips = server.finished(server.create(**fields))
    assert [clip["state"] for clip in clips] == ["succeeded", "succeeded"], server.log.read_text()[-3000:]
    return clips


def test_two_takes_of_the_asked_length_that_differ(song):
    first, second = (decoded(clip) for clip in song)
    for samples in (first, second):
        assert 8 <= len(samples) / 48_000 <= 14
        assert loudness(samples) > 0.02
        assert np.abs(samples).max() < 1.1
    shorter = min(len(first), len(second))
    assert loudness(first[:shorter] - second[:shorter]) > 0.02
    assert [(clip["title"], clip["tags"], clip["lyrics"]) for clip in song] == [
        ("Harbour Lights", "indie folk, warm", WORDS)
    ] * 2


def test_the_stems_add_up_to_the_take(server, song):
    stems = server.finished(server.post("/sonic/stems/full", clip_id=song[0]["clip_id"])["task_id"])
    assert len(stems) == 12
    mix, parts = decoded(song[0]), [decoded(stem) for stem in stems]
    assert {len(part) for part in parts} == {len(mix)}
    assert loudness(sum(parts) - mix) < 0.05 * loudness(mix)
    assert sum(not stem["silent"] for stem in stems) >= 3
    assert all(loudness(part) < 1e-4 for part, stem in zip(parts, stems, strict=True) if stem["silent"])


def test_the_score_is_read(server, song):
    clip_id = song[0]["clip_id"]
    assert 40 <= server.post("/sonic/bpm", clip_id=clip_id)["data"]["avg_bpm"] <= 220
    parts = server.post("/sonic/midi", clip_id=clip_id)["data"]["instruments"]
    assert {"Bass"} <= {part["name"] for part in parts}
    notes = [note for part in parts for note in part["notes"]]
    assert all(0 <= note["start"] < note["end"] and 0 < note["velocity"] <= 1 for note in notes)


def test_work_on_a_song_and_on_a_recording_is_real(server, song, tmp_path):
    body = {"clip_id": song[0]["clip_id"], "mv": "sonic-v6", "infill_start_s": 3, "infill_end_s": 6}
    task_id = server.post("/sonic/replace-section", **body, infill_lyrics="New words", auto_concat=True)["task_id"]
    pairs = server.until(task_id, lambda pairs: all(p["full"] or p["replaced"]["state"] == "failed" for p in pairs))
    before, after = decoded(song[0]), decoded(pairs[0]["full"])
    assert len(after) == pytest.approx(len(before), abs=48_000)
    assert loudness(after[: 48_000 * 2] - before[: 48_000 * 2]) < 0.02
    assert loudness(after[48_000 * 4 : 48_000 * 5] - before[48_000 * 4 : 48_000 * 5]) > 0.01
    soundfile.write(tmp_path / "mine.wav", before[: 48_000 * 6], 48_000)
    clip_id = server.post("/sonic/upload", url=(tmp_path / "mine.wav").as_uri())["clip_id"]
    assert 40 <= server.post("/sonic/bpm", clip_id=clip_id)["data"]["avg_bpm"] <= 220
    stems = server.finished(server.post("/sonic/stems/basic", clip_id=clip_id)["task_id"])
    parts = [decoded(stem) for stem in stems]
    assert loudness(sum(parts) - before[: 48_000 * 6]) < 0.05
    assert [stem["draft"] for stem in stems] == [True, True]
