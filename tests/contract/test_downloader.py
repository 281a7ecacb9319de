"""Fetching files: ranges, redirects, broken lines, and never a key."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time

import pytest
from fakes import fault_server as fake
from fakes.fault_server import fault_server, head, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation

SONG = bytes(range(256)) * 2000


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def downloader():
    made = Downloader(connect=1.0, read=0.3, total=5.0)
    yield made
    made.close()


def audio(body=SONG, status=200, **headers):
    return reply(status=status, raw=body, Content_Type="audio/mp3", ETag='"v1"', **headers)


def whole(downloader, url, **wanted):
    with downloader.open(url, **wanted) as download:
        return download, b"".join(download.chunks())


def test_a_file_comes_whole_with_what_is_known_of_it(server, downloader):
    server.answer(audio())
    download, data = whole(downloader, server.url + "/a.mp3")
    assert data == SONG
    assert (download.status, download.start, download.total) == (200, 0, len(SONG))
    assert (download.etag, download.content_type) == ('"v1"', "audio/mp3")
    seen = server.seen[0]
    assert "authorization" not in seen.headers
    assert seen.headers["accept-encoding"] == "identity"
    assert "range" not in seen.headers


def test_the_rest_of_a_file_is_asked_for_only_while_it_is_the_same(server, downloader):
    server.answer(audio(SONG[1000:], 206, Content_Range=f"bytes 1000-{len(SONG) - 1}/{len(SONG)}"))
    download, data = whole(downloader, server.url, offset=1000, etag='"v1"')
    assert (download.start, download.total, data) == (1000, len(SONG), SONG[1000:])
    assert server.seen[0].headers["range"] == "bytes=1000-"
    assert server.seen[0].headers["if-range"] == '"v1"'


def test_a_server_without_ranges_starts_again_from_the_first_byte(server, downloader):
    server.answer(audio())
    download, data = whole(downloader, server.url, offset=1000, etag='"old"')
    assert (download.start, data) == (0, SONG)


def test_a_part_that_is_whole_already_needs_nothing_more(server, downloader):
    server.answer(audio(b"", 416, Content_Range=f"bytes */{len(SONG)}"))
    download, data = whole(downloader, server.url, offset=len(SONG))
    assert (download.start, download.total, data) == (len(SONG), len(SONG), b"")


@pytest.mark.parametrize(
    ("status", "content_range"),
    [(206, "bytes 2000-9999/10000"), (206, "nonsense"), (416, "bytes */5"), (416, ""), (204, ""), (300, "")],
)
def test_an_answer_that_leaves_a_hole_is_refused(server, downloader, status, content_range):
    server.answer(audio(b"", status, Content_Range=content_range))
    with pytest.raises(errors.DownloadError):
        whole(downloader, server.url, offset=1000)


def test_a_length_without_measure_is_reported_and_not_read(server, downloader):
    server.answer(fake.endless(b"\0" * 1024, 3 * 1024**3))
    with downloader.open(server.url) as download:
        assert download.total == 3 * 1024**3


def test_a_file_without_a_length_has_no_total(server, downloader):
    server.answer(lambda talk: talk.write(head(200, {}) + SONG))
    download, data = whole(downloader, server.url)
    assert (download.total, data) == (None, SONG)


@pytest.mark.parametrize("etag", ['W/"weak"', "bare", ""])
def test_a_weak_etag_is_no_proof_that_a_file_is_the_same(server, downloader, etag):
    server.answer(reply(raw=SONG, ETag=etag))
    assert whole(downloader, server.url)[0].etag == ""


def broken_after(count):
    return lambda talk: (talk.write(head(200, {"Content-Length": str(len(SONG))}) + SONG[:count]), talk.reset())


@pytest.mark.parametrize(
    "script",
    [fake.cut_body(SONG[:5000], len(SONG)), fake.reset_in_body, broken_after(70_000), fake.reset_before_answer,
     fake.hang],
    ids=["cut", "reset", "reset later", "reset first", "hang"],
)  # fmt: skip
def test_a_broken_line_is_worth_trying_again(server, downloader, script):
    server.answer(script)
    with pytest.raises(errors.DownloadError) as told:
        whole(downloader, server.url)
    assert told.value.retryable
    assert told.value.hint


def test_a_trickle_ends_at_the_deadline(server):
    server.answer(fake.trickle(head(200, {"Content-Length": "100000"})))
    downloader = Downloader(read=1.0, total=0.4)
    started = time.monotonic()
    with pytest.raises(errors.DownloadError):
        whole(downloader, server.url)
    downloader.close()
    assert time.monotonic() - started < 2.0


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(403, False), (404, False), (410, False), (401, False), (429, True), (500, True), (503, True)],
)
def test_a_refused_file_says_whether_it_may_come_later(server, downloader, status, retryable):
    server.answer(reply(status=status, raw=b"no"))
    with pytest.raises(errors.DownloadError) as told:
        whole(downloader, server.url)
    assert told.value.retryable is retryable


def test_packed_bytes_nobody_asked_for_are_refused(server, downloader):
    server.answer(audio(Content_Encoding="gzip"))
    with pytest.raises(errors.DownloadError):
        whole(downloader, server.url)


def test_a_redirect_is_followed_to_another_host_without_any_key(server, downloader):
    with fault_server(audio()) as other:
        server.answer(reply(status=302, Location=other.url + "/real.mp3"))
        download, data = whole(downloader, server.url, offset=0)
        assert (data, download.url) == (SONG, other.url + "/real.mp3")
        assert "authorization" not in other.seen[0].headers


def test_a_relative_redirect_stays_on_the_host(server, downloader):
    server.by_path["/a"] = reply(status=307, Location="b")
    server.by_path["/b"] = audio()
    assert whole(downloader, server.url + "/a")[1] == SONG


def test_a_circle_of_redirects_ends(server, downloader):
    server.answer(reply(status=302, Location="/again"))
    with pytest.raises(errors.DownloadError):
        whole(downloader, server.url)
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.test/a.mp3",
        "",
        "nowhere",
        "https://",
        "http://user:pass@127.0.0.1/",
        "http://[::1",
    ],
)
def test_an_address_that_is_no_web_address_is_refused(downloader, url):
    with pytest.raises(errors.DownloadError) as told:
        whole(downloader, url)
    assert told.value.retryable is False


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "http://["])
def test_a_redirect_to_something_else_than_the_web_is_refused(server, downloader, target):
    server.answer(reply(status=302, Location=target))
    with pytest.raises(errors.DownloadError) as told:
        whole(downloader, server.url)
    assert told.value.retryable is False


@pytest.mark.parametrize("target", ["http://cdn.test/a.mp3", "http://127.0.0.1:9/a.mp3", "https://localhost/a.mp3"])
def test_a_server_elsewhere_may_not_send_us_to_less_safety(target):
    from musicapi_desktop.client.download import _checked_url

    with pytest.raises(errors.DownloadError):
        _checked_url(target, came_from="https://cdn.test/b.mp3")


def test_where_no_connection_opens_we_are_offline(downloader):
    with fault_server() as gone:
        pass
    with pytest.raises(errors.Offline):
        whole(downloader, gone.url)


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_another_thread_ends_a_download(server, end):
    server.answer(fake.trickle(head(200, {"Content-Length": "100000"})))
    downloader = Downloader()
    failures = []
    reading = threading.Event()

    def fetch():
        try:
            with downloader.open(server.url) as download:
                for _chunk in download.chunks():
                    reading.set()
        except errors.KnownError as error:
            failures.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert server.arrived.wait(5)
    started = time.monotonic()
    getattr(downloader, end)()
    thread.join(5)
    downloader.close()
    assert time.monotonic() - started < 1.0
    assert [type(error) for error in failures] == [errors.DownloadError]
    with pytest.raises(errors.Offline):
        whole(downloader, server.url)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for localhost that no system trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
               "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(server, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    server.secure(context)
    return server.url.replace("http://127.0.0.1", "https://localhost")


def test_a_certificate_nobody_vouches_for_is_told_in_words(secure):
    with Client(secure, "sk_contract") as client, pytest.raises(errors.Offline) as told:
        client.credits()
    assert "could not be trusted" in told.value.message


def test_the_systems_trust_is_our_trust(secure, server, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "cert.pem"))
    server.answer(reply({"credits": 5}))
    with Client(secure, "sk_contract") as client:
        assert client.credits().total == 5
        server.answer(fake.hang)

        def lose_an_answer():
            with pytest.raises(errors.AnswerLost):
                client.perform(Operation.CREATE, {})

        thread = threading.Thread(target=lose_an_answer)
        server.arrived.clear()
        thread.start()
        assert server.arrived.wait(5)
        started = time.monotonic()
        client.cancel()
        thread.join(5)
        assert time.monotonic() - started < 1.0
