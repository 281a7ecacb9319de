"""Signatures against the examples of the documents and against botocore's own signer."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.client.places_signing import EMPTY_SHA256, Credentials, encoded, signed_headers, signed_link
from musicapi_desktop.domain.place import Place, PlaceKind, file_url, local_file, problems_of, tidy

# the worked examples of AWS, "Authenticating Requests" (Amazon S3 API reference)
OURS = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
AT = 1_369_353_600.0


def test_the_documents_presigned_example():
    link = signed_link(OURS, "https://examplebucket.s3.amazonaws.com/test.txt", 86400, AT)
    assert link.endswith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_the_documents_get_example():
    headers = signed_headers(
        OURS, "GET", "https://examplebucket.s3.amazonaws.com/test.txt", {"Range": "bytes=0-9"}, EMPTY_SHA256, AT
    )
    assert headers["Authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1, max_size=20),
    st.integers(1, 604800),
)
def test_any_name_signs_as_botocore_does(name, seconds):
    url = f"http://127.0.0.1:9000/our-songs/in/{encoded('x' + name, slashes=True)}"
    theirs = TheirCredentials(OURS.access, OURS.secret)
    link = signed_link(OURS, url, seconds, AT)
    bare, _, told = link.rpartition("&X-Amz-Signature=")
    request = AWSRequest(method="GET", url=bare)
    request.context["timestamp"] = "20130524T000000Z"
    signer = S3SigV4QueryAuth(theirs, "s3", "us-east-1")
    canonical = signer.canonical_request(request)
    assert signer.signature(signer.string_to_sign(request, canonical), request) == told
    ours = signed_headers(OURS, "PUT", url, {"Content-Type": "audio/wav"}, EMPTY_SHA256, AT)
    request = AWSRequest(method="PUT", url=url, headers={k: v for k, v in ours.items() if k != "Authorization"})
    request.context["timestamp"] = "20130524T000000Z"
    signer = S3SigV4Auth(theirs, "s3", "us-east-1")
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert ours["Authorization"].endswith(f"Signature={signature}")


def test_the_secret_is_in_no_repr():
    assert OURS.secret not in repr(OURS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""), ("address", "http://storage.example"), ("address", "https://a b"), ("address", "ftp://x.example"),
        ("address", "https://u:p@x.example"), ("address", "https://x.example/?q=1"), ("address", "https://x:99999"),
        ("public", "nonsense://x"), ("bucket", ""), ("bucket", "our songs"), ("region", "a/b"), ("user", ""),
        ("user", "a\nb"), ("prefix", "../up"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_by_field(field, value):
    good = {"address": "https://s3.example", "user": "AKIA", "bucket": "our-songs"}
    assert problems_of(tidy(Place(PlaceKind.S3, **good))) == {}
    assert set(problems_of(tidy(Place(PlaceKind.S3, **{**good, field: value})))) == {field}


def test_a_place_is_tidied():
    place = tidy(Place(PlaceKind.S3, " s3.eu-central-1.amazonaws.com/ ", " AKIA ", " b ", prefix="/in//x/", minutes=1))
    assert place.address == "https://s3.eu-central-1.amazonaws.com"
    assert (place.region, place.prefix, place.minutes, place.user) == ("eu-central-1", "in/x", 5, "AKIA")
    assert tidy(Place(PlaceKind.S3, "https://fra1.storage.example")).region == "us-east-1"


def test_file_addresses_go_there_and_back(tmp_path):
    path = tmp_path / "Käse & 100 %.wav"
    assert local_file(file_url(path)) == path
    assert urlsplit(file_url(path)).scheme == "file"
    for other in ("", "https://x.example/a.mp3", "file://host/a.mp3", "http://[", "musicapi://x"):
        assert local_file(other) is None
