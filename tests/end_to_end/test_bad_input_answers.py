"""A server that answers nonsense, seen from the window: a clear sentence, nothing lost, nothing sent twice."""

from __future__ import annotations

import pytest
from fakes.fault_server import fault_server
from fakes.fault_server import reply as scripted
from fakes.service import SOUND, fake_service
from fakes.window import KEY, opened

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services import pacing

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CREATE = "/api/v1/sonic/create"
TASK = "/api/v1/sonic/task/"
FILES = "/files/"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A contract server is asked every 15 seconds; here the answers are what counts."""
    monkeypatch.setattr(pacing, "POLL_CLOUD", 0.2)
    monkeypatch.setattr(pacing, "_FIRST_PAUSE", 0.1)


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def visit(qapp, tmp_path, service):
    with opened(qapp, tmp_path / "data", server=service.base_url) as made:
        yield made


def in_turn(*answers):
    left = list(answers)
    return lambda *_: left.pop(0) if left else None


@pytest.mark.parametrize(
    "body",
    [b"<html><body>Sign in to the hotel</body></html>", [], {"message": "success"}, {"task_id": None}],
    ids=["html", "list", "no task", "null task"],
)
def test_a_press_answered_with_nonsense_is_put_to_the_person(visit, service, body):
    service.on("POST", CREATE, lambda *_: (200, body))
    visit.describe("a quiet song about the sea")
    visit.press_create()
    visit.says("The answer was lost after sending. Balance before 1,000, now 1,000.")
    assert visit.job().state is JobState.PERHAPS_SENT
    assert len(service.posts) == 1
    service.usual("POST", CREATE)
    visit.core.queue.send_again(visit.job().id)
    visit.ended()
    assert len(service.posts) == 2
    assert service.posts[0] == service.posts[1]


def test_odd_answers_to_questions_are_asked_again(visit, service):
    odd = (
        (200, b"<html>maintenance</html>"),
        (200, []),
        (202, {"code": 202, "type": "not_ready", "error": "wait"}),
        (200, {"code": 200, "data": [{"clip_id": "x", "state": "dancing"}]}),
        (200, {"code": "200", "data": None}),
    )
    service.on("GET", TASK, in_turn(*odd))
    visit.describe()
    visit.press_create()
    visit.ended()
    (song,) = visit.songs()
    assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
    assert len(service.posts) == 1
    assert all(words.startswith("No sound device") for words in visit.told)


def test_numbers_that_come_as_strings_count(visit, service):
    service.on("GET", "/api/v1/get-credits", lambda *_: (200, {"credits": "985", "extra_credits": "15"}))
    service.clip_of = lambda *_: {"duration": "104.88", "bpm": "112.5", "created_at": 1751328000, "status": "200"}
    visit.describe()
    visit.press_create()
    visit.ended()
    (song,) = visit.songs()
    assert [take.bpm for take in song.takes] == [112.5, 112.5]
    # what was decoded is believed before what was told
    assert [round(take.seconds, 1) for take in song.takes] == [0.5, 0.5]
    visit.until("the balance", lambda: visit.presenters.profiles.state.credits == 1000)


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_never_carries_the_key_away(visit, service, status):
    with fault_server(scripted({"task_id": "elsewhere"})) as elsewhere:

        def away(handler, _body):
            handler.reply(status, {}, Location=f"{elsewhere.url}{CREATE}")
            return "done"

        service.on("POST", CREATE, away)
        visit.describe()
        visit.press_create()
        visit.says("Your key was sent nowhere else.")
        assert elsewhere.seen == []
    assert visit.job().state is JobState.FAILED
    assert visit.job().request.description == "a quiet song"
    assert len(service.posts) == 1
    assert KEY not in (visit.core.places.logs / "app.log").read_text()


def announced(size, content):
    def script(handler, _body):
        handler.send_response(200)
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        handler.wfile.write(content)
        handler.wfile.flush()
        return handler.hang_up()

    return script


FILE_FAULTS = {
    "three gigabytes": (announced(3 << 30, SOUND), "This file is larger than any song."),
    "cut": (announced(len(SOUND) + 1000, SOUND), "was lost in the middle of a file."),
    "a page behind .mp3": (
        lambda *_: (200, b"<html>not a song</html>"),
        "does not hold audio that can be played.",
    ),
    "gone": (lambda *_: (404, b"no such file"), "This file is no longer where it was."),
}


@pytest.mark.parametrize(("script", "sentence"), FILE_FAULTS.values(), ids=FILE_FAULTS)
def test_a_file_that_does_not_come_is_told_and_can_be_fetched_again(visit, service, script, sentence):
    service.on("GET", FILES, script)
    visit.describe()
    visit.press_create()
    visit.says(sentence)
    visit.ended(1, JobState.FAILED)
    assert not list((visit.core.places.music).rglob("*.mp3"))
    service.usual("GET", FILES)
    visit.core.queue.try_again(visit.job().id)
    visit.ended()
    (song,) = visit.songs()
    assert all(visit.core.library.path(take.path).is_file() for take in song.takes)
    assert len(service.posts) == 1


def test_one_that_fails_stops_no_other(visit, service):
    service.on("POST", CREATE, in_turn((400, {"error": "tags: the word “x” is not allowed"})))
    for words in ("the first", "the second", "the third"):
        visit.describe(words)
        visit.press_create()
        visit.until("the press to be kept", lambda: visit.presenters.create.state.can_create)
    visit.ended(2)
    visit.ended(1, JobState.FAILED)
    assert [body["gpt_description_prompt"] for _path, body in service.posts] == ["the first", "the second", "the third"]
