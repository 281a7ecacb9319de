"""A stranger's client: plain ``curl`` with bodies as the contract's documents print them, against ``serve``.

Nothing here knows our code; only the host is ours. From create to poll, stems, WAV and batch.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time

import pytest
from fakes.local_server import PATIENCE, TOKEN, LocalServer

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")

CREATE = """
curl -s -X POST "$HOST/api/v1/sonic/create" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '{
  "task_type": "create_music", "custom_mode": true, "mv": "sonic-v5", "title": "Harbour Lights",
  "tags": "indie folk, warm",
  "prompt": "[Verse]\\nLanterns on the water\\n[Chorus]\\nHarbour lights, carry me home"
}'
"""
POLL = 'curl -s "$HOST/api/v1/sonic/task/$ID" -H "Authorization: Bearer $KEY"'
STEMS = """
curl -s -X POST "$HOST/api/v1/sonic/stems/basic" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
  -d '{"clip_id": "'"$ID"'"}'
"""
WAV = """
curl -s -X POST "$HOST/api/v1/sonic/wav" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
  -d '{"clip_id": "'"$ID"'"}'
"""
BATCH = """
curl -s -X POST "$HOST/api/v1/sonic/batch" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '{
  "items": [{"prompt": "upbeat pop about summer"}, {"prompt": "slow piano for a rainy evening"}]
}'
"""
BATCH_BY_BATCH_ID = 'curl -s "$HOST/api/v1/sonic/batch?batch_id=$ID" -H "Authorization: Bearer $KEY"'
BATCH_BY_ID = 'curl -s "$HOST/api/v1/sonic/batch?id=$ID" -H "Authorization: Bearer $KEY"'
CREDITS = 'curl -s "$HOST/api/v1/get-credits" -H "Authorization: Bearer $KEY"'
DOWNLOAD = 'curl -s -o "$FILE" "$ID"'


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("stranger") / "data", "--credits", "500") as server:

        def run(command, clip_or_task="", file=""):
            answer = subprocess.run(
                ["sh", "-c", command],
                env={"PATH": "/usr/bin:/bin", "HOST": server.url, "KEY": TOKEN, "ID": clip_or_task, "FILE": str(file)},
                capture_output=True, text=True, check=True, timeout=PATIENCE,
            )  # fmt: skip
            return json.loads(answer.stdout) if answer.stdout else None

        yield run


def finished(run, command, name, over):
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not over(body := run(command, name)):
        assert time.monotonic() < end, body
        pause.wait(0.1)
    return body


def ended(body):
    return {clip["state"] for clip in body["data"]} <= {"succeeded", "failed"}


def test_create_poll_stems_wav_batch(shell, tmp_path):
    assert shell(CREDITS) == {"credits": 500, "extra_credits": 0}
    song = finished(shell, POLL, shell(CREATE)["task_id"], ended)["data"]
    assert [(clip["title"], clip["state"]) for clip in song] == [("Harbour Lights", "succeeded")] * 2
    shell(DOWNLOAD, song[0]["audio_url"], tmp_path / "song.mp3")
    assert (tmp_path / "song.mp3").read_bytes()[:1] in (b"I", b"\xff")

    stems = finished(shell, POLL, shell(STEMS, song[0]["clip_id"])["task_id"], ended)["data"]
    assert [stem["title"] for stem in stems] == ["Harbour Lights (Vocals)", "Harbour Lights (Instrumental)"]

    url = shell(WAV, song[0]["clip_id"])["data"]["wav_url"]
    shell(DOWNLOAD, url, tmp_path / "song.wav")
    assert (tmp_path / "song.wav").read_bytes()[:4] == b"RIFF"

    batch = shell(BATCH)
    assert batch["submitted"] == 2
    done = finished(shell, BATCH_BY_ID, batch["batch_id"], lambda body: body["status"] not in ("pending", "running"))
    assert done == shell(BATCH_BY_BATCH_ID, batch["batch_id"])
    assert [len(task["data"]) for task in done["tasks"]] == [2, 2]
    assert shell(CREDITS)["credits"] == 500 - 15 - 15 - 2 - 30
