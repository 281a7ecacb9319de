from __future__ import annotations

import json

from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.services.mix_memory import MixMemory


def test_a_mix_comes_back_as_it_was(tmp_path):
    kept = KeptMix(MixState({"stem": Strip(level=-3.5, mute=True)}, master=-1.0), loop=(1.0, 2.0), loop_on=True)
    MixMemory(tmp_path / "mixes").put("take", kept)
    assert MixMemory(tmp_path / "mixes").get("take") == kept


def test_an_unknown_or_damaged_mix_counts_as_none(tmp_path):
    memory = MixMemory(tmp_path)
    assert memory.get("take") is None
    (tmp_path / "take.json").write_text('{"mix": ')
    assert memory.get("take") is None
    (tmp_path / "take.json").write_text(json.dumps({"mix": 7, "loop": "no"}))
    assert memory.get("take") == KeptMix()


def test_a_disk_that_refuses_is_logged_and_not_raised(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    MixMemory(blocked).put("take", KeptMix())
    assert "was not kept" in caplog.text
