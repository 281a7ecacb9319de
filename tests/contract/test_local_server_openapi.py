"""The server's own OpenAPI document, tried by schemathesis: no 500, no answer outside its schema.

The command is the one schemathesis documents; MUSICAPI_CONTRACT_ALL=1 (``bench contract``) gives it all the time it
wants, and then it tries more than 2,000 cases. ``positive_data_acceptance`` is left out: what one field means to
another (a model's limits, custom_mode and prompt) is a 400 that JSON Schema does not say.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import httpx
import numpy as np
import pytest
import soundfile
from fakes.spoken_server import TOKEN, SpokenServers

ALL = os.environ.get("MUSICAPI_CONTRACT_ALL") == "1"
TIME = ("--max-examples", "30") if ALL else ("--max-examples", "1", "--max-time", "12")
COMMAND = [
    sys.executable, "-m", "schemathesis.cli", "run", "{schema}", "--url", "{url}",
    "-H", f"Authorization: Bearer {TOKEN}", "--exclude-checks", "positive_data_acceptance",
    "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--generation-database", "none",
    "--seed", "1", "--warnings", "off", "--no-color", *TIME,
]  # fmt: skip
LEAST_CASES = 2000 if ALL else 50


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openapi")
    tape = folder / "tape.flac"
    soundfile.write(tape, np.random.default_rng(1).normal(0, 0.1, 12 * 8000), 8000)
    process = SpokenServers()
    url = process.serve(folder / "data", [], 2000)
    with httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        clips = [client.post("/sonic/upload", json={"url": tape.as_uri()}).json()["clip_id"] for _ in range(2)]
        named = client.post("/sonic/persona", json={"name": "Me", "clip_id": clips[0]}).json()["persona_id"]
        body = {"custom_mode": False, "mv": "sonic-v6", "gpt_description_prompt": "a tune"}
        task = client.post("/sonic/create", json=body).json()["task_id"]
        batch = client.post("/sonic/batch", json={"items": [body]}).json()["batch_id"]
        document = client.get(f"{url}/openapi.json").json()
    known = {
        "clip_id": clips[0], "continue_clip_id": clips[0], "sample_clip_id": clips[0], "persona_id": named,
        "mashup_clip_ids": clips, "url": tape.as_uri(), "audio_url": tape.as_uri(), "task_id": task, "id": batch,
        "batch_id": batch,
    }  # fmt: skip
    yield url, document, known, folder
    process.close()


def with_examples(value, known):
    """The document with what this server has made, so that answers other than refusals are looked at too."""
    if isinstance(value, list):
        return [with_examples(entry, known) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {name: with_examples(inner, known) for name, inner in value.items()}
    for name, schema in found.get("properties", {}).items():
        if name in known and isinstance(schema, dict) and "$ref" not in schema:
            schema["examples"] = [known[name]]
    if found.get("in") and found.get("name") in known:
        found["example"] = known[found["name"]]
    return found


def test_the_document_tells_every_call_and_field(served):
    _url, document, _known, _folder = served
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) == 34
    create = document["paths"]["/api/v1/sonic/create"]["post"]
    fields = create["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert {"task_type", "continue_clip_id", "persona_id", "variation_category", "use_suno_cdn"} <= fields.keys()
    assert fields["title"] == {"type": ["string", "null"], "maxLength": 80}


@pytest.mark.timeout(1200)
def test_no_answer_is_outside_the_document(served, record_property):
    url, document, known, folder = served
    schema = folder / "openapi.json"
    schema.write_text(json.dumps(with_examples(document, known)))
    command = [part.format(schema=schema, url=url) if "{" in part else part for part in COMMAND]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1100, check=False, cwd=folder)
    (folder / "schemathesis.txt").write_text(done.stdout)
    counted = re.search(r"(\d+) generated", done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert counted, done.stdout[-3000:]
    assert int(counted[1]) >= LEAST_CASES
    record_property("schemathesis cases", int(counted[1]))
