"""Records on disk: whole, exact, and never lost to one damaged file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from musicapi_desktop.offline.server.cabinet import Cabinet
from musicapi_desktop.offline.server.hold import FolderTaken, hold
from musicapi_desktop.offline.server.records import BatchRecord, ClipRecord, Entry, Order, State, Stem, TaskRecord

ORDER = Order("sonic-v6", "T", "l\u2028", "", "a, b", "", True, "f", 60.0, 0.25, None, seed=2**53 - 1)
TASK = TaskRecord("t1", "create_music", 12.5, 15, ("c1", "c2"), ORDER)
CLIP = ClipRecord(
    "c1", "t1", 0, State.SUCCEEDED, 12.5, "chirp-v5", "Ünïcode 🎵", "tags", "lyrics", style_weight=0.5, seconds=10.25,
    bpm=97.3, key="C minor", seed=2**53 - 1, engine="1.0", owner="c1", parts=("mix",),
    stems=(Stem("Drums", "03 Drums", False), Stem("FX", "10 FX", True)), archived=True,
)  # fmt: skip
BATCH = BatchRecord("b1", 1.0, (Entry(0, "t1"), Entry(1, kind="validation_error", error="no")))


@pytest.fixture
def cabinet(tmp_path):
    cabinet = Cabinet(tmp_path)
    cabinet.keep_clip(CLIP)
    cabinet.keep_task(TASK)
    cabinet.keep_batch(BATCH)
    return cabinet


def test_records_come_back_as_they_were(tmp_path, cabinet):
    again = Cabinet(tmp_path)
    assert (again.tasks, again.clips, again.batches) == ({"t1": TASK}, {"c1": CLIP}, {"b1": BATCH})
    assert again.clips_of(TASK) == [CLIP]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"clip_id": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_record_is_moved_aside_and_the_rest_is_read(tmp_path, cabinet, damage):
    cabinet.keep_clip(replace(CLIP, clip_id="c2"))
    file = tmp_path / "clips" / "c1" / "clip.json"
    file.write_bytes(damage)
    again = Cabinet(tmp_path)
    assert set(again.clips) == {"c2"}
    assert file.with_suffix(".damaged").read_bytes() == damage
    assert set(Cabinet(tmp_path).clips) == {"c2"}


def test_a_write_that_fails_keeps_the_old_record(tmp_path, cabinet, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        cabinet.keep_clip(replace(CLIP, title="other"))
    assert cabinet.clips["c1"] == CLIP
    assert json.loads((tmp_path / "clips" / "c1" / "clip.json").read_text())["title"] == CLIP.title


def test_a_folder_belongs_to_one_server(tmp_path):
    with hold(tmp_path / "data", 0.0), pytest.raises(FolderTaken), hold(tmp_path / "data", 0.1):
        pass
    with hold(tmp_path / "data", 0.0):
        pass
