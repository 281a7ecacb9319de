"""Whatever is sent, the local server answers with a sentence: never a 500, never a charge."""

from __future__ import annotations

import socket

import pytest
from fakes.local_server import DESCRIBED, TOKEN, LocalServer

OWN_WORDS = {"custom_mode": True, "mv": "sonic-v6", "prompt": "[Verse]\nWords", "duration": 10}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("bodies") / "data", "--credits", "100") as running:
        yield running
        assert "Traceback" not in running.log.read_text()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"mv": "sonic-v9"}, "sonic-v6, sonic-v6-wild"),
        ({"mv": "sonic-v4-5-all"}, "Allowed models"),
        ({"mv": None}, "Allowed models"),
        ({"mv": 6}, "mv must be a string"),
        ({"custom_mode": "true"}, "custom_mode must be a boolean"),
        ({"custom_mode": None}, "custom_mode must be a boolean"),
        ({"make_instrumental": 1}, "make_instrumental must be a boolean"),
        ({"use_suno_cdn": "yes"}, "use_suno_cdn must be a boolean"),
        ({"prompt": ""}, "prompt is required"),
        ({"prompt": "   \n"}, "prompt is required"),
        ({"prompt": ["a"]}, "prompt must be a string"),
        ({"prompt": "x" * 5001}, "at most 5000"),
        ({"mv": "sonic-v4", "prompt": "x" * 3001}, "at most 3000"),
        ({"mv": "chirp-v3-5", "tags": "x" * 201}, "at most 200"),
        ({"tags": "x" * 1001}, "at most 1000"),
        ({"tags": ["pop", "rock"]}, "tags must be a string"),
        ({"title": "x" * 81}, "at most 80"),
        ({"title": 5}, "title must be a string"),
        ({"title": "a\0b"}, "NUL"),
        ({"style_weight": "0.5"}, "style_weight must be a number"),
        ({"style_weight": True}, "style_weight must be a number"),
        ({"weirdness_constraint": 1.5}, "between 0 and 1"),
        ({"duration": "60"}, "duration must be a number"),
        ({"duration": 9}, "from 10 to 360"),
        ({"duration": 361}, "from 10 to 360"),
        ({"duration": 60.5}, "integer"),
        ({"duration": 10**400}, "from 10 to 360"),
        ({"vocal_gender": "female"}, "vocal_gender must be"),
        ({"vocal_gender": "f", "mv": "sonic-v4"}, "not available"),
        ({"custom_mode": False}, "gpt_description_prompt is required"),
        ({"custom_mode": False, "gpt_description_prompt": "x" * 401}, "at most 400"),
        ({"custom_mode": False, "gpt_description_prompt": "x", "auto_lyrics": True}, "auto_lyrics"),
        ({"task_type": "extend_music"}, "continue_clip_id is required"),
        ({"task_type": "persona_music"}, "persona_id is required"),
        ({"task_type": "remaster", "continue_clip_id": "x", "duration": 60}, "duration is not available"),
        ({"task_type": "add_vocals", "continue_clip_id": "x", "mv": "sonic-v4"}, "not available"),
        ({"continue_at": -1}, "continue_at must be between"),
        ({"task_type": ["create_music"]}, "task_type must be one of"),
        ({"webhook_url": "http://example.com"}, "https"),
        ({"webhook_url": "https://"}, "not a valid address"),
        ({"webhook_url": "ftp://127.0.0.1"}, "https"),
        ({"seed": -1}, "seed"),
        ({"seed": "7"}, "seed"),
    ],
)
def test_a_wrong_field_is_named(server, wrong, named):
    answer = server.client.post("/sonic/create", json={**OWN_WORDS, **wrong})
    assert answer.status_code == 400
    body = answer.json()
    assert body["type"] == "validation_error"
    assert body["error"] == body["message"]
    assert named in body["error"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"12",
        b"{",
        b'{"a": NaN}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"custom_mode": ' + b"[" * 50_000,
        b"9" * 5000,
        b"custom_mode=true&mv=sonic-v6",
    ],
    ids=lambda raw: repr(raw[:12]),
)
@pytest.mark.parametrize("path", ["/sonic/create", "/sonic/batch", "/sonic/wav", "/sonic/stems/basic"])
def test_what_is_no_object_is_refused(server, path, raw):
    for media_type in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = server.client.post(path, content=raw, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


@pytest.mark.parametrize("entries", [None, [], {}, "three", [DESCRIBED] * 11])
def test_a_batch_of_no_size_is_refused(server, entries):
    answer = server.client.post("/sonic/batch", json={"items": entries})
    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


def test_a_batch_of_nonsense_is_refused_item_by_item(server):
    answer = server.client.post("/sonic/batch", json={"items": [None, [], "x", 3, {}]})
    assert answer.status_code == 200
    assert answer.json()["submitted"] == 0
    assert [task["error"]["type"] for task in answer.json()["tasks"]] == ["validation_error"] * 5
    assert server.client.get("/sonic/batch", params={"id": answer.json()["batch_id"]}).json()["status"] == "failed"


@pytest.mark.parametrize("clip_id", [None, "", 7, ["a"], "  "])
def test_a_clip_must_be_named(server, clip_id):
    answer = server.client.post("/sonic/wav", json={"clip_id": clip_id})
    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


def test_ten_megabytes_are_too_much(server):
    answer = server.client.post("/sonic/create", content=b'{"prompt": "' + b"x" * 10_000_000 + b'"}')
    assert (answer.status_code, answer.json()["type"]) == (413, "validation_error")


def test_nothing_of_all_this_was_charged(server):
    assert server.balance == 100


def test_every_script_comes_back_as_it_was_sent(server):
    words = "[Verse]\nשלום 🎵 مرحبا\u202e naïve\n\tе́"
    clips = server.finished(server.create(**{**OWN_WORDS, "prompt": words, "title": "🎵" * 80}))
    assert [(clip["lyrics"], clip["title"]) for clip in clips] == [(words, "🎵" * 80)] * 2


def test_half_a_character_harms_nothing(server):
    raw = b'{"custom_mode": true, "mv": "sonic-v6", "prompt": "half \\ud83c of it", "duration": 10}'
    task_id = server.client.post("/sonic/create", content=raw).json()["task_id"]
    assert server.finished(task_id)[0]["lyrics"] == "half \ufffd of it"


def test_short_credits_are_a_403_that_says_so(server):
    while server.balance >= 15:
        server.finished(server.create())
    answer = server.client.post("/sonic/create", json=DESCRIBED)
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert "credits" in answer.json()["error"].lower()


def test_a_client_that_leaves_in_the_middle_harms_nothing(server):
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = (
            f"POST /api/v1/sonic/create HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        )
        connection.sendall(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
    assert server.client.get("/get-credits").status_code == 200
