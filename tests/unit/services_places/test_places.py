"""Source files in a real bucket and a real WebDAV folder: put, read by strangers, deleted whatever happens."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from fakes.fault_server import close_before_answer, fault_server, html, reply, reset_before_answer
from fakes.place_servers import BUCKET

from musicapi_desktop.client.places import PlaceOpener
from musicapi_desktop.client.places_upload import UploadCancelled
from musicapi_desktop.domain.errors import DiskError, InvalidRequest, Offline, PlaceError
from musicapi_desktop.domain.place import Place, PlaceKind
from musicapi_desktop.services.places import Places

bucket_only = pytest.mark.parametrize("server", ["s3"], indirect=True)
folder_only = pytest.mark.parametrize("server", ["webdav"], indirect=True)


def got(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


def told(error: PlaceError) -> str:
    return f"{error.message} {error.hint}"


def kept(here) -> None:
    here.places.keep(here.place, here.secret)


def test_a_file_is_put_there_read_by_a_stranger_and_deleted_after_use(here) -> None:
    kept(here)
    steps = []
    url = here.places.public_url(here.file, "job-1", lambda gone, whole: steps.append((gone, whole)))
    answer = got(url)
    assert answer.content == here.file.read_bytes()
    assert answer.headers["content-type"].split(";")[0] in ("audio/wav", "audio/x-wav")
    assert steps[-1] == (700_004, 700_004)
    assert len(steps) > 4
    assert [gone for gone, _ in steps] == sorted(gone for gone, _ in steps)
    assert "Käse" not in url
    here.places.release("job-1")
    assert got(url).status_code == 404
    assert here.places.owners() == frozenset()


def test_one_file_goes_up_once_for_several_jobs_and_stays_until_the_last_is_done(here) -> None:
    kept(here)
    first = here.places.public_url(here.file, "job-1")
    again = []
    second = here.places.public_url(here.file, "job-2", lambda *step: again.append(step))
    assert first.partition("?")[0] == second.partition("?")[0]
    assert again == []
    here.places.release("job-1")
    assert got(second).status_code == 200
    here.places.release("job-2")
    assert got(second).status_code == 404


def test_a_file_that_changed_is_another_file(here) -> None:
    kept(here)
    first = here.places.public_url(here.file, "job-1")
    here.file.write_bytes(b"RIFF" + bytes(1000))
    second = here.places.public_url(here.file, "job-1")
    assert first.partition("?")[0] != second.partition("?")[0]
    here.places.release("job-1")
    assert {got(first).status_code, got(second).status_code} == {404}


def test_what_a_crash_left_is_deleted_at_the_next_start_unless_a_job_still_needs_it(here) -> None:
    kept(here)
    needed = here.places.public_url(here.file, "running")
    here.file.write_bytes(b"RIFF" + bytes(99))
    left = here.places.public_url(here.file, "gone")
    here.places.sweep(frozenset({"running"}))
    assert got(left).status_code == 404
    assert got(needed).status_code == 200
    here.places.release("running")


def test_the_test_writes_looks_and_cleans_up(here) -> None:
    found = here.places.test(here.place, here.secret)
    assert found.answers_head is (here.kind == "webdav")  # a link signed for GET is good for GET alone
    assert found.content_type in ("audio/wav", "audio/x-wav")
    assert here.preferences.get("sources.lying", []) == []


def test_the_secret_is_in_no_file_and_no_repr(here) -> None:
    kept(here)
    url = here.places.public_url(here.file, "job-1")
    written = here.path.read_text()
    assert here.secret not in written
    assert "X-Amz-Signature" not in written
    assert here.secret not in url
    storage = here.opener.open(here.place, here.secret)
    assert here.secret not in repr(storage) + repr(vars(storage)) + repr(here.places.place())
    here.places.release("job-1")


def test_a_wrong_secret_says_so(here) -> None:
    with pytest.raises(PlaceError) as refused:
        here.places.test(here.place, "wrong")
    assert ("secret key does not fit" if here.kind == "s3" else "user name or the password") in told(refused.value)
    assert not refused.value.retryable
    # refused whole, there is nothing to delete
    assert json.loads(here.path.read_text())["sources.lying"] == []


def test_no_place_no_server_no_file_each_have_a_sentence(here) -> None:
    with pytest.raises(PlaceError, match="no place to put this file"):
        here.places.public_url(here.file, "job-1")
    kept(here)
    with pytest.raises(DiskError, match="cannot be read"):
        here.places.public_url(here.file.with_name("gone.wav"), "job-1")
    with pytest.raises(Offline, match="cannot be reached"):
        here.places.test(replace(here.place, address="http://127.0.0.1:9"), here.secret)
    assert here.preferences.get("sources.lying", []) == []
    with pytest.raises(InvalidRequest) as wrong:
        here.places.keep(replace(here.place, address="http://storage.example"), here.secret)
    assert "https" in wrong.value.problems["address"]
    assert here.places.place().address == here.place.address


def test_an_upload_nobody_wants_any_more_stops_and_leaves_nothing(here) -> None:
    kept(here)
    steps = []
    with pytest.raises(UploadCancelled):
        here.places.public_url(here.file, "job-1", lambda *step: steps.append(step), lambda: len(steps) >= 2)
    assert len(steps) == 2
    assert here.preferences.get("sources.lying", []) == []


def test_a_kept_secret_is_told_to_no_other_server(here) -> None:
    kept(here)
    assert here.places.test(replace(here.place, prefix="elsewhere")).content_type
    for other in (replace(here.place, address="https://other.example"), replace(here.place, user="bob")):
        with pytest.raises(InvalidRequest) as asked:
            here.places.test(other)
        assert set(asked.value.problems) == {"secret"}


def test_removing_the_place_takes_what_lies_there_and_the_secret_along(here) -> None:
    kept(here)
    url = here.places.public_url(here.file, "job-1")
    here.places.remove()
    assert got(url).status_code == 404
    assert here.secrets.kept == {}
    assert not here.places.configured()


def test_a_public_address_that_leads_elsewhere_is_told_before_anything_is_sent(here) -> None:
    kept(here)
    here.places.keep(replace(here.place, public=f"{here.url}/nowhere"))
    with pytest.raises(PlaceError, match="nobody can read it") as refused:
        here.places.public_url(here.file, "job-1")
    assert "public address" in refused.value.hint


def test_a_passing_failure_is_tried_again_and_a_page_in_between_is_told(here) -> None:
    with fault_server(reply(status=503), reply(status=201), html(), reply(status=204)) as server:
        place = replace(here.place, kind=PlaceKind.WEBDAV, address=server.url, public="", prefix="", path_style=False)
        here.places.keep(replace(place, bucket="", region=""), here.secret)
        with pytest.raises(PlaceError, match="something else than the file"):
            here.places.public_url(here.file, "job-1")
        assert [seen.method for seen in server.seen] == ["PUT", "PUT", "HEAD", "DELETE"]
    assert here.pauses == [2.0]


@bucket_only
def test_the_buckets_name_may_stand_in_the_host(here, monkeypatch) -> None:
    found = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: found(host.removeprefix(f"{BUCKET}."), *rest, **more)
    )
    url = here.url.replace("127.0.0.1", "localhost")
    here.places.keep(replace(here.place, address=url, path_style=False), here.secret)
    link = here.places.public_url(here.file, "job-1")
    assert urlsplit(link).hostname == f"{BUCKET}.localhost"
    assert got(link).content == here.file.read_bytes()
    here.places.release("job-1")
    assert got(link).status_code == 404


@bucket_only
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bucket": "no-such-bucket"}, "no bucket “no-such-bucket”"),
        ({"user": "AKIASOMEBODYELSE"}, "does not know this access key"),
        ({"prefix": "full/of"}, "no room left"),
    ],
)
def test_every_refusal_of_a_bucket_has_its_sentence(here, change, words) -> None:
    with pytest.raises(PlaceError, match=words) as refused:
        here.places.test(replace(here.place, **change), here.secret)
    assert refused.value.hint


@bucket_only
def test_a_clock_that_is_off_is_told_with_how_far(here) -> None:
    opener = PlaceOpener(lambda: time.time() - 5400)
    try:
        with pytest.raises(PlaceError, match="differ by 90 minutes"):
            Places(here.preferences, here.secrets, opener, lambda: time.time() - 5400, here.pauses.append).test(
                here.place, here.secret
            )
    finally:
        opener.close()


@folder_only
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(status=401, WWW_Authenticate='Digest realm="x"'), "Digest"),
        (reply(status=401, WWW_Authenticate='Basic realm="x"'), "password was not accepted"),
        (reply(status=403), "may not write there"),
        (reply(status=404), "no such folder"),
        (reply(status=405), "does not take files"),
        (reply(status=413), "no room left"),
        (reply(status=423), "locked there"),
        (reply(status=507), "no room left"),
        (reply(status=301, Location="https://elsewhere.example/"), "sends uploads on to elsewhere.example"),
        (reply(status=418), "did not take the file"),
        (close_before_answer, "was lost"),
        (reset_before_answer, "was lost"),
    ],
)
def test_every_refusal_of_a_folder_has_its_sentence(here, answer, words) -> None:
    with fault_server(answer) as server, pytest.raises(PlaceError, match=words) as refused:
        here.places.test(replace(here.place, address=server.url, prefix="", public=""), here.secret)
    assert refused.value.hint


def test_a_certificate_nobody_trusts_is_told(here, untrusted) -> None:
    with fault_server(reply()) as server:
        server.secure(untrusted)
        with pytest.raises(PlaceError, match="could not be trusted") as refused:
            here.places.test(replace(here.place, address=server.url.replace("http:", "https:")), here.secret)
    assert here.secret not in f"{refused.value} {refused.value.detail} {refused.value.__cause__!r}"


def test_the_secret_of_one_place_is_not_kept_for_another_that_needs_none(here) -> None:
    kept(here)
    here.places.keep(Place(PlaceKind.WEBDAV, "https://elsewhere.example/open"))
    assert here.secrets.kept == {}


def test_what_lies_at_an_earlier_place_is_not_asked_for_with_the_secret_of_the_next(here, monkeypatch) -> None:
    kept(here)
    here.places.public_url(here.file, "job-1")
    here.places.keep(replace(here.place, address="https://elsewhere.example", user="SOMEBODYELSE"), "another secret")
    opened, really = [], here.opener.open
    monkeypatch.setattr(here.opener, "open", lambda *asked: opened.append(asked) or really(*asked))
    here.places.release("job-1")
    assert [secret for place, secret in opened if place == here.place] == []
    assert len(here.preferences.get("sources.lying", [])) == 1, "it is tried again when that place is back"
    here.places.keep(here.place, here.secret)
    here.places.sweep(frozenset())
    assert here.preferences.get("sources.lying", [0]) == []
