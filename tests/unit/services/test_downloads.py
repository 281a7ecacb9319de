"""Fetching one file: whole or not at all, and never an endless wait."""

from __future__ import annotations

import contextlib

import pytest
from fakes.service import SOUND, fake_service

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain.errors import AudioUnreadable, DiskError, DownloadError, Offline, TooLarge
from musicapi_desktop.services.downloads import Downloads, FetchCancelled
from musicapi_desktop.services.tags import Tags, read_tags


class Incoming:
    def __init__(self, chunks, start=0, total=None, etag='"v1"'):
        self._chunks, self.start, self.total, self.etag = chunks, start, total, etag

    def chunks(self):
        yield from self._chunks


class Script:
    """Opens what the test gives, in turn, and remembers what was asked for."""

    def __init__(self, *incoming):
        self.incoming = list(incoming)
        self.asked = []

    @contextlib.contextmanager
    def open(self, url, *, offset=0, etag=""):
        self.asked.append((offset, etag))
        yield self.incoming.pop(0)


def cut(first):
    yield first
    raise DownloadError("cut")


def fetch(script, target, now=lambda: 0.0, **more):
    return Downloads(script.open, probe, now).fetch_file("http://x/a.mp3", target, tags=more.pop("tags", None), **more)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "deep" / "A.mp3"


def test_a_file_comes_in_pieces_and_gets_its_right_name(target):
    size = len(SOUND)
    script = Script(
        Incoming(cut(SOUND[:1000]), total=size),
        Incoming(cut(SOUND[1000:3000]), start=1000, total=size),
        Incoming([SOUND[3000:]], start=3000, total=size),
    )
    for _ in range(2):
        with pytest.raises(DownloadError):
            fetch(script, target)
        assert not target.exists()
    told = []
    fetched = fetch(script, target, tags=Tags("T"), progress=lambda come, total: told.append((come, total)))
    assert script.asked == [(0, ""), (1000, '"v1"'), (3000, '"v1"')]
    assert fetched.path == target.with_suffix(".wav")
    assert fetched.facts.frames == 4000
    assert read_tags(fetched.path).title == "T"
    assert told == [(3000, size), (size, size)]
    assert [path.name for path in target.parent.iterdir()] == ["A.wav"]


def test_a_file_that_changed_meanwhile_begins_anew(target):
    script = Script(Incoming(cut(b"old" * 500)), Incoming([SOUND], start=0, total=len(SOUND), etag='"v2"'))
    with pytest.raises(DownloadError):
        fetch(script, target)
    assert fetch(script, target).facts.frames == 4000


def test_a_part_without_a_version_begins_anew(target):
    script = Script(Incoming(cut(SOUND[:1000]), etag=""), Incoming([SOUND], total=len(SOUND), etag=""))
    with pytest.raises(DownloadError):
        fetch(script, target)
    fetch(script, target)
    assert script.asked == [(0, ""), (0, "")]


def test_a_body_shorter_than_promised_is_not_a_file(target):
    with pytest.raises(DownloadError, match="incomplete"):
        fetch(Script(Incoming([SOUND], total=len(SOUND) + 1)), target)
    assert not target.with_suffix(".wav").exists()


def test_what_does_not_play_is_dropped(target):
    with pytest.raises(AudioUnreadable):
        fetch(Script(Incoming([b"<html>" * 100])), target)
    assert list(target.parent.iterdir()) == []


def test_too_much_is_refused_announced_or_not(target, monkeypatch):
    with pytest.raises(TooLarge):
        fetch(Script(Incoming([SOUND], total=3 << 30)), target)
    monkeypatch.setattr("musicapi_desktop.services.downloads.MOST_BYTES", 5000)
    with pytest.raises(TooLarge):
        fetch(Script(Incoming(iter(lambda: b"x" * 1000, None))), target)


def test_a_trickle_ends(target):
    clock = iter(range(0, 10**9, 7))
    with pytest.raises(DownloadError, match="too slow"):
        fetch(Script(Incoming(iter(lambda: b"x", None))), target, now=lambda: float(next(clock)))


def test_a_steady_slow_line_is_allowed(target):
    clock = iter(range(0, 10**9, 70))
    chunk = b"\0" * 80_000
    wav = SOUND + b"JUNK" + (10 * len(chunk)).to_bytes(4, "little") + chunk * 10
    chunks = [wav[at : at + len(chunk)] for at in range(0, len(wav), len(chunk))]
    fetched = fetch(Script(Incoming(chunks, total=len(wav))), target, now=lambda: float(next(clock)))
    assert fetched.facts.frames == 4000


def test_a_cancelled_fetch_keeps_its_part(target):
    calls = iter([False, True, True])
    script = Script(Incoming([SOUND[:1000], SOUND[1000:]]), Incoming([SOUND[1000:]], start=1000, total=len(SOUND)))
    with pytest.raises(FetchCancelled):
        fetch(script, target, cancelled=lambda: next(calls))
    assert fetch(script, target).facts.frames == 4000
    assert script.asked[1] == (1000, '"v1"')


def test_a_disk_that_refuses_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DiskError) as caught:
        fetch(Script(Incoming([SOUND])), tmp_path / "file" / "A.mp3")
    assert caught.value.message
    assert caught.value.hint


def test_offline_is_offline(tmp_path):
    with fake_service() as service:
        url = f"{service.base_url}/files/x.mp3"
    downloader = Downloader(connect=0.5)
    with pytest.raises(Offline):
        Downloads(downloader.open, probe, lambda: 0.0).fetch_file(url, tmp_path / "A.mp3", tags=None)
    downloader.close()
