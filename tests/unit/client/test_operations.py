"""Every operation of the client: the path, the body and the value, one row each."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fakes.fault_server import fault_server, html, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain import errors
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.schema import AlignedWord, Files, LyricsDraft, Midi, Submitted, Tempo, Uploaded, Vox

TASK = {"message": "success", "task_id": "t1"}
BODY = {"mv": "sonic-v5", "custom_mode": False, "gpt_description_prompt": "x"}
DONE = Submitted("t1")
C = {"clip_id": "c1"}
WORD = {"word": "la ", "start_s": 1.0, "end_s": 2.0, "p_align": 0.9, "success": True}
OPERATIONS = {
    "create": (lambda c: c.create(BODY), "sonic/create", BODY, TASK, DONE),
    "replace_section": (lambda c: c.replace_section(C), "sonic/replace-section", C, TASK, DONE),
    "sample": (lambda c: c.sample(BODY), "sonic/sample", BODY, TASK, DONE),
    "mashup": (lambda c: c.mashup(BODY), "sonic/mashup", BODY, TASK, DONE),
    "upload": (lambda c: c.upload("https://a.test/a.mp3"), "sonic/upload", {"url": "https://a.test/a.mp3"},
               {"code": 200, "clip_id": "c9", "message": "success"}, Uploaded("c9")),
    "upload async": (lambda c: c.upload("u", "https://b.test"), "sonic/upload",
                     {"url": "u", "callback_url": "https://b.test"}, TASK, Uploaded("", "t1")),
    "upload_extend": (lambda c: c.upload_extend({"url": "u", "continue_at": 9.5}), "sonic/upload-extend",
                      {"url": "u", "continue_at": 9.5},
                      {**TASK, "steps": {"upload": {"clip_id": "c0"}, "extend": {}}}, Submitted("t1", "c0")),
    "upload_cover": (lambda c: c.upload_cover({"url": "u"}), "sonic/upload-cover", {"url": "u"}, TASK, DONE),
    "create_voice": (lambda c: c.create_voice("u"), "sonic/create-voice", {"audio_url": "u"}, TASK, DONE),
    "persona": (lambda c: c.persona({"name": "Ann", "clip_id": "c1"}), "sonic/persona",
                {"name": "Ann", "clip_id": "c1"}, {"code": 200, "persona_id": "p1", "message": "success"}, "p1"),
    "stems basic": (lambda c: c.stems("c1", full=False), "sonic/stems/basic", C, TASK, DONE),
    "stems full": (lambda c: c.stems("c1", full=True), "sonic/stems/full", C, TASK, DONE),
    "wav": (lambda c: c.wav("c1"), "sonic/wav", C, {"message": "success", "data": {"wav_url": "w"}}, "w"),
    "download": (lambda c: c.download("c1", ("wav", "mp3")), "sonic/download", {**C, "formats": ["wav", "mp3"]},
                 {"code": 200, "data": {"files": [{"format": "wav", "url": "w"}]}}, Files({"wav": "w"})),
    "download later": (lambda c: c.download("c1", ("wav",)), "sonic/download", {**C, "formats": ["wav"]},
                       {"type": "not_ready", "error": "soon"}, None),
    "midi": (lambda c: c.midi("c1"), "sonic/midi", C, {"data": {"midi_url": "m"}}, Midi("m")),
    "bpm": (lambda c: c.bpm("c1"), "sonic/bpm", C, {"data": {"avg_bpm": 118, "max_bpm": 120, "min_bpm": 116}},
            Tempo(118, 120, 116)),
    "vox": (lambda c: c.vox("c1", 10.0, 30.0), "sonic/vox", {**C, "vocal_start_s": 10.0, "vocal_end_s": 30.0},
            {"data": {"vox_audio_id": "v1"}}, Vox("v1")),
    "vox whole": (lambda c: c.vox("c1"), "sonic/vox", C, {"data": {"vox_audio_id": "v1"}}, Vox("v1")),
    "aligned_lyrics": (lambda c: c.aligned_lyrics("c1"), "sonic/aligned-lyrics", C, {"data": {"alignment": [WORD]}},
                       (AlignedWord("la ", 1.0, 2.0, 0.9, True),)),
    "upsample_tags": (lambda c: c.upsample_tags("folk"), "sonic/upsample-tags", {"tags": "folk"},
                      {"data": {"upsampled_tags": "indie folk"}}, "indie folk"),
    "lyrics": (lambda c: c.lyrics("the sea"), "sonic/lyrics", {"description": "the sea"},
               {"results": [{"title": "Tide", "lyrics": "la"}]}, (LyricsDraft("Tide", "la"),)),
    "producer": (lambda c: c.producer(BODY), "producer/create", BODY, TASK, DONE),
    "producer video": (lambda c: c.producer(C, routes.PRODUCER_VIDEO), "producer/video-clip", C, TASK, DONE),
    "nuro": (lambda c: c.nuro({"type": "vocal"}), "nuro/create", {"type": "vocal"}, TASK, DONE),
}  # fmt: skip


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(server.url, "sk_operations") as made:
        yield made


@pytest.mark.parametrize(("call", "path", "sent", "answer", "expected"), OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_sends_its_body_and_returns_its_value(server, client, call, path, sent, answer, expected):
    server.answer(reply(answer))
    assert call(client) == expected
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", f"/api/v1/{path}")
    assert seen.json == sent


@pytest.mark.parametrize("call", [row[0] for row in OPERATIONS.values()], ids=OPERATIONS)
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (reply({"type": "endpoint_retired", "error": "moved"}, status=410), errors.Retired),
        (reply({"type": "insufficient_credits", "error": "no"}, status=402), errors.NoCredits),
        (reply({"type": "upstream_error", "error": "no", "retriable": True}, status=502), errors.ServiceBroken),
        (html(), errors.AnswerNotUnderstood),
    ],
    ids=["retired", "money", "broken", "page"],
)
def test_an_operation_that_is_refused_is_told_in_the_apps_errors(server, client, call, script, expected):
    server.answer(script)
    with pytest.raises(expected):
        call(client)


@pytest.mark.parametrize("call", [lambda c: c.stems("", full=True), lambda c: c.wav(" "), lambda c: c.midi("")])
def test_an_empty_clip_is_never_sent(server, client, call):
    with pytest.raises(errors.InvalidRequest):
        call(client)
    assert server.seen == []


def test_any_path_can_be_called_for_scripts(server, client):
    server.answer(reply({"credits": 3}))
    assert client.call("GET", routes.CREDITS) == {"credits": 3}
    server.answer(reply({"error": "no"}, status=404))
    with pytest.raises(errors.NotFound):
        client.call("POST", "/api/v1/sonic/feed", {"a": 1})
    assert server.seen[-1].json == {"a": 1}


def test_a_download_goes_through_the_systems_proxy_and_a_loopback_never_does(server, monkeypatch):
    with fault_server(reply(raw=b"by proxy")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "direct.test")
        server.answer(reply(raw=b"direct"))
        downloader = Downloader()
        with downloader.open("http://cdn.test/a.mp3?sig=1") as download:
            assert b"".join(download.chunks()) == b"by proxy"
        with downloader.open(server.url) as download:
            assert b"".join(download.chunks()) == b"direct"
        downloader.close()
        assert [seen.target for seen in proxy.seen] == ["http://cdn.test/a.mp3?sig=1"]


def test_the_key_is_given_to_a_proxy_for_no_secure_host(monkeypatch):
    with (
        fault_server(reply(status=502, raw=b"")) as proxy,
        Client("https://api.music.test", "sk_planted_key") as client,
    ):
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(errors.Offline):
            client.create({})
        (seen,) = proxy.seen
        assert (seen.method, seen.target) == ("CONNECT", "api.music.test:443")
        assert "authorization" not in seen.headers
        assert "sk_planted_key" not in str(seen)


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_proxy_of_another_kind_is_told_in_words(monkeypatch, address):
    monkeypatch.setenv("https_proxy", address)
    with Client("https://api.music.test", "sk_x") as client, pytest.raises(errors.Offline) as told:
        client.create({})
    assert "proxy" in told.value.message


def test_the_room_is_cheap_until_a_client_is_made():
    code = (
        "import sys, musicapi_desktop.client, musicapi_desktop.wire.codec, musicapi_desktop.domain.retry;"
        "print([m for m in ('httpx', 'httpcore', 'ssl', 'truststore') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
