from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from types import SimpleNamespace

import pytest
from fakes.place_servers import ACCESS, BUCKET, PASSWORD, REGION, SECRET, USER, running
from fakes.pump import Keys

from musicapi_desktop.client.places import PlaceOpener
from musicapi_desktop.domain.place import Place, PlaceKind
from musicapi_desktop.services.places import Places
from musicapi_desktop.settings.preferences import Preferences


class Secrets(Keys):
    secret = Keys.get
    set_secret = Keys.set
    where_secret = Keys.where


@pytest.fixture(scope="session", params=["s3", "webdav"])
def server(request, tmp_path_factory):
    with running(request.param, tmp_path_factory.mktemp(request.param) / "kept") as made:
        yield made, request.param


def place_at(url: str, kind: str, **more) -> Place:
    if kind == "s3":
        return Place(PlaceKind.S3, url, ACCESS, BUCKET, REGION, **{"prefix": "in/ä b", "path_style": True, **more})
    return Place(PlaceKind.WEBDAV, f"{url}/dav", USER, **{"prefix": "in/ä b", "public": f"{url}/public", **more})


@pytest.fixture
def here(server, tmp_path):
    """The place of one kind on its real server, the service over it, and a file to put there."""
    made, kind = server
    opener = PlaceOpener(time.time, connect=2.0, read=5.0)
    secrets = Secrets()
    preferences = Preferences(tmp_path / "preferences.json")
    pauses = []
    places = Places(preferences, secrets, opener, time.time, pauses.append)
    file = tmp_path / "Käse song.wav"
    file.write_bytes(b"RIFF" + bytes(700_000))
    yield SimpleNamespace(
        kind=kind,
        url=made.url,
        place=place_at(made.url, kind),
        secret=SECRET if kind == "s3" else PASSWORD,
        places=places,
        opener=opener,
        secrets=secrets,
        preferences=preferences,
        path=tmp_path / "preferences.json",
        pauses=pauses,
        file=file,
    )
    opener.close()


@pytest.fixture(scope="session")
def untrusted(tmp_path_factory):
    """A server's certificate that no authority knows."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
