"""The server's process: its lines, its guard, and what survives which of its ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import httpx
import psutil
import pytest
from fakes.local_server import DESCRIBED, PATIENCE, TESTS, TOKEN, LocalServer


def states(clips):
    return {clip["state"] for clip in clips}


def workers(server):
    return [p for p in psutil.Process(server.process.pid).children(recursive=True) if "spawn_main" in str(p.cmdline())]


def wait_for(condition):
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, "not in time"
        pause.wait(0.02)
    return found


def test_everything_is_there_after_a_restart(tmp_path):
    with LocalServer(tmp_path / "data", "--credits", "100") as first:
        clips = first.finished(first.create(seed=3))
        batch = first.post("/sonic/batch", items=[DESCRIBED])
        task_id = clips[0]["audio_url"] and batch["tasks"][0]["task_id"]
        before = first.finished(task_id)
        sound = httpx.get(clips[0]["audio_url"], trust_env=False).content
        assert first.terminate() == 0
    with LocalServer(tmp_path / "data", "--credits", "100") as second:
        assert second.balance == 70
        after = second.task(task_id)["data"]
        assert [clip["clip_id"] for clip in after] == [clip["clip_id"] for clip in before]
        assert second.client.get("/sonic/batch", params={"id": batch["batch_id"]}).json()["status"] == "succeeded"
        address = clips[0]["audio_url"].replace(first.url, second.url)
        assert httpx.get(address, trust_env=False).content == sound
        stems = second.finished(second.post("/sonic/stems/basic", clip_id=clips[0]["clip_id"])["task_id"])
        assert states(stems) == {"succeeded"}
        assert second.balance == 55


def test_a_killed_server_makes_what_it_began_anew(tmp_path):
    gate = tmp_path / "go"
    with LocalServer(tmp_path / "data", "--credits", "100") as first:
        task_id = first.create(gpt_description_prompt=f"wait for {gate}", seed=11)
        first.until(task_id, lambda clips: states(clips) == {"running"})
        orphans = workers(first)
        first.kill()
    assert len(orphans) == 2
    assert psutil.wait_procs(orphans, PATIENCE)[1] == []
    gate.touch()
    with LocalServer(tmp_path / "data", "--credits", "100") as second:
        clips = second.finished(task_id)
        assert states(clips) == {"succeeded"}
        assert second.balance == 85
        same = second.finished(second.create(gpt_description_prompt=f"wait for {gate}", seed=11))
        sounds = [httpx.get(clip["audio_url"], trust_env=False).content for clip in (clips[0], same[0])]
        assert sounds[0] == sounds[1]
    assert not list((tmp_path / "data").rglob("work"))


def test_a_take_that_fails_is_given_back(tmp_path):
    with LocalServer(tmp_path / "data", "--credits", "100") as server:
        task_id = server.create(gpt_description_prompt="break")
        assert states(server.finished(task_id)) == {"failed"}
        body = server.task(task_id)
        assert (body["type"], body["refund_processed"]) == ("failed", True)
        assert "mistake in the engine" in body["error"]
        assert server.balance == 100
        half = server.finished(server.create(gpt_description_prompt="twin fails"))
        assert [clip["state"] for clip in half] == ["succeeded", "failed"]
        assert half[1]["refund_processed"] is True
        assert server.balance == 100 - 15 + 8
        refused = server.client.post("/sonic/wav", json={"clip_id": half[1]["clip_id"]})
        assert refused.status_code == 400


def test_a_worker_that_dies_takes_its_clip_and_nothing_else(tmp_path):
    gate = tmp_path / "go"
    with LocalServer(tmp_path / "data", "--credits", "100") as server:
        crashed = server.create(gpt_description_prompt="crash")
        waiting = server.create(gpt_description_prompt=f"wait for {gate}")
        for clip in server.finished(crashed):
            assert clip["state"] == "failed"
            assert [file.name for file in (tmp_path / "data" / "clips" / clip["clip_id"]).iterdir()] == ["clip.json"]
        server.until(waiting, lambda clips: states(clips) == {"running"})
        victim, *_ = workers(server)
        victim.kill()
        server.until(waiting, lambda clips: "failed" in states(clips))
        gate.touch()
        assert states(server.finished(waiting)) == {"failed", "succeeded"}
        assert states(server.finished(server.create())) == {"succeeded"}
        assert len(workers(server)) == 2


def test_masters_are_kept_as_flac_once_there_is_time(tmp_path):
    with LocalServer(tmp_path / "data") as server:
        clip = server.finished(server.create())[0]
        folder = tmp_path / "data" / "clips" / clip["clip_id"]
        wait_for(lambda: json.loads((folder / "clip.json").read_text())["archived"])
        assert not list(folder.glob("*.wav"))
        assert len(list(folder.glob("*.flac"))) == 13
        url = server.post("/sonic/wav", clip_id=clip["clip_id"])["data"]["wav_url"]
        assert httpx.get(url, trust_env=False).content[:4] == b"RIFF"


def test_without_a_price_list_everything_is_free(tmp_path):
    with LocalServer(tmp_path / "data") as server:
        server.finished(server.create())
        assert server.client.get("/get-credits").json() == {"credits": 1_000_000, "extra_credits": 0}


def test_it_ends_when_its_parent_closes_the_pipe(tmp_path):
    with LocalServer(tmp_path / "data", "--parent-pipe") as server:
        server.create(gpt_description_prompt=f"wait for {tmp_path / 'never'}")
        running = wait_for(lambda: [*workers(server)])
        server.process.stdin.close()
        assert server.process.wait(PATIENCE) == 0
        assert psutil.wait_procs(running, PATIENCE)[1] == []
        assert server.process.stdout.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
def test_sigterm_ends_it_at_once_with_its_workers(tmp_path):
    with LocalServer(tmp_path / "data") as server:
        task_id = server.create(gpt_description_prompt=f"wait for {tmp_path / 'never'}")
        server.until(task_id, lambda clips: states(clips) == {"running"})
        running = workers(server)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0
        assert time.monotonic() - started < 5
        assert psutil.wait_procs(running, PATIENCE)[1] == []


def test_workers_step_back_behind_the_window(tmp_path):
    with LocalServer(tmp_path / "data") as server:
        server.finished(server.create())
        if sys.platform != "win32":
            lowered = min(19, psutil.Process(server.process.pid).nice() + 10)
            assert [p.nice() for p in workers(server)] == [lowered] * 2


def test_the_token_is_nowhere_but_in_the_memory(tmp_path):
    with LocalServer(tmp_path / "data", "--credits", "100") as server:
        server.finished(server.create(gpt_description_prompt="break"))
        server.client.post("/sonic/create", content=b"{")
        processes = [psutil.Process(server.process.pid), *workers(server)]
        assert not [p for p in processes if TOKEN in str(p.cmdline())]
        assert not [p for p in workers(server) if TOKEN in str(p.environ())]
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert server.log in kept
    assert not [file for file in kept if TOKEN.encode() in file.read_bytes()]


def test_a_run_without_a_token_makes_one(tmp_path):
    with LocalServer(tmp_path / "data", token=None) as server:
        word, token = server.process.stdout.readline().split()
        assert word == "token"
        assert len(token) >= 32
        assert server.client.get("/get-credits").status_code == 401
        known = server.client.get("/get-credits", headers={"Authorization": f"Bearer {token}"})
        assert known.status_code == 200


def command(*options):
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    return subprocess.run(
        [sys.executable, "-m", "musicapi_desktop", "serve", *options],
        capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_a_taken_port_and_wrong_arguments_are_told(tmp_path):
    with LocalServer(tmp_path / "data") as server:
        taken = command("--port", str(server.port), "--token", "t", "--data", str(tmp_path / "other"))
    assert taken.returncode == 1
    assert taken.stdout == ""
    assert f"port {server.port}" in taken.stderr
    assert command("--port", "70000").returncode == 2
    assert command("--token", "").returncode == 1
    assert command("--dialect", "no-such-dialect").returncode == 2
    listed = command("--dialect", "list")
    assert (listed.returncode, "poll-202" in listed.stdout) == (0, True)
    assert "ready http://127.0.0.1:N" in command("--help").stdout


HOSTS = ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("guarded") / "data") as running:
        running.song = running.finished(running.create())[0]
        yield running


@pytest.mark.parametrize("host", HOSTS)
def test_another_name_for_this_computer_is_turned_away(guarded, host):
    for path in (f"{guarded.url}/api/v1/get-credits", guarded.song["audio_url"], f"{guarded.url}/"):
        answer = guarded.client.get(path, headers={"Host": host.format(port=guarded.port)})
        assert answer.status_code in (400, 403)


def test_both_names_of_the_server_work(guarded):
    for host in (f"localhost:{guarded.port}", f"127.0.0.1:{guarded.port}"):
        clip = guarded.client.get("/get-credits", headers={"Host": host})
        assert clip.status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_pages_of_other_sites_are_turned_away(guarded, origin):
    for path in ("/get-credits", guarded.song["audio_url"]):
        assert guarded.client.get(path, headers={"Origin": origin}).status_code == 403
    own = guarded.client.get("/get-credits", headers={"Origin": guarded.url})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers


@pytest.mark.parametrize("key", ["", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "Bearer \xe9"])
def test_without_the_token_there_is_nothing(guarded, key):
    for method, path in (("GET", "/get-credits"), ("POST", "/sonic/create"), ("GET", "/sonic/task/x")):
        answer = guarded.client.request(method, path, headers={"Authorization": key.encode("latin-1")})
        assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")


def test_no_answer_waits_for_an_acknowledgement(guarded):
    started = time.monotonic()
    for _ in range(50):
        guarded.client.get("/get-credits")
    assert time.monotonic() - started < 1.5  # 2.2 s with Nagle's algorithm against delayed acknowledgements


def test_only_this_computer_is_served(guarded):
    addresses = {
        connection.laddr.ip
        for connection in psutil.Process(guarded.process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_a_file_comes_in_ranges_and_is_what_it_was(guarded):
    url = guarded.song["audio_url"]
    with httpx.Client(trust_env=False) as client:
        whole = client.get(url)
        etag = whole.headers["etag"]
        assert whole.headers["accept-ranges"] == "bytes"
        assert whole.headers["content-type"] == "audio/mpeg"
        head = client.head(url)
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(whole.content)))
        rest = client.get(url, headers={"Range": "bytes=1000-", "If-Range": etag})
        assert rest.status_code == 206
        assert rest.headers["content-range"] == f"bytes 1000-{len(whole.content) - 1}/{len(whole.content)}"
        assert whole.content[:1000] + rest.content == whole.content
        changed = client.get(url, headers={"Range": "bytes=1000-", "If-Range": '"of another file"'})
        assert (changed.status_code, changed.content) == (200, whole.content)
        assert client.get(url, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416


@pytest.mark.parametrize(
    "name",
    ["none.mp3", "{id}", "{id}.flac", "{id}.wav", "..%2f{id}.mp3", "%2e%2e/ledger.jsonl", "{id}.mp3/x", "\0.mp3"],
)
def test_nothing_else_is_served(guarded, name):
    path = name.format(id=guarded.song["clip_id"]).replace("\0", "%00")
    answer = httpx.get(f"{guarded.url}/files/{path}", trust_env=False)
    assert answer.status_code == 404
