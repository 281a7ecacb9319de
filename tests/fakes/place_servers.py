"""Two real servers on loopback, each in a process of its own.

S3-compatible storage is moto; a WebDAV folder is wsgidav: written under ``/dav`` with USER and PASSWORD, read by
anybody under ``/public``. moto stores and answers as S3 does but does not check signatures, so a gate before it does:
with botocore's own signer, of headers and of links, the method included (a link signed for GET is refused for HEAD, as
the real storage does).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote

ACCESS, SECRET = "AKIDEXAMPLE0000TEST", "planted/secret+key0123456789abcdefghijkl"
BUCKET, REGION = "our-songs", "eu-central-1"
USER, PASSWORD = "ann", "planted-password-0123"
_ENV = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    folder: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextlib.contextmanager
def running(kind: str, folder: Path):
    """``kind`` is s3 or webdav; what the server keeps lies in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, kind, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **_ENV},
        )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert line.startswith("ready "), (folder.parent / f"{folder.name}.log").read_text()
        yield Server(line.split()[1], process, folder)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _refusal(start, status, code):
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


def _signature_gate(app):
    """WSGI: let through what carries a good signature of ACCESS, and refuse the rest in S3's own words."""

    def gate(environ, start):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        query = {key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}
        code = _why_not(environ, query, body)
        return app(environ, start) if code is None else _refusal(start, *code)

    return gate


def _why_not(environ, query, body):
    """The status and code a request is refused with, None where it is good."""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    scope = query.get("X-Amz-Credential") or authorization.partition("Credential=")[2]
    stamp = query.get("X-Amz-Date") or environ.get("HTTP_X_AMZ_DATE", "")
    if not scope:
        return "403 Forbidden", "AccessDenied"
    if not scope.startswith(f"{ACCESS}/"):
        return "403 Forbidden", "InvalidAccessKeyId"
    age = time.time() - datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    if age > int(query.get("X-Amz-Expires", 900)) or age < -900:
        return "403 Forbidden", "AccessDenied" if "X-Amz-Expires" in query else "RequestTimeTooSkewed"
    told = query.get("X-Amz-Signature") or authorization.rpartition("Signature=")[2]
    if told != _expected(environ, query, stamp):
        return "403 Forbidden", "SignatureDoesNotMatch"
    if environ.get("HTTP_X_AMZ_CONTENT_SHA256", "UNSIGNED-PAYLOAD") not in (
        "UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest(),
    ):  # fmt: skip
        return "400 Bad Request", "XAmzContentSHA256Mismatch"
    return ("507 Insufficient Storage", "XMinioStorageFull") if "/full/" in environ["RAW_URI"] else None


def _expected(environ, query, stamp):
    """The signature botocore makes of the same request."""
    from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    url = f"http://{environ['HTTP_HOST']}{environ['RAW_URI'].partition('?')[0]}"
    by_link = "X-Amz-Signature" in query
    kind = S3SigV4QueryAuth if by_link else S3SigV4Auth
    region = (query.get("X-Amz-Credential") or environ["HTTP_AUTHORIZATION"]).split("/")[2]
    signer = kind(Credentials(ACCESS, SECRET), "s3", region)
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url)
    request.context["timestamp"] = stamp
    if by_link:
        kept = [(k, v) for k, v in sorted(query.items()) if k != "X-Amz-Signature"]
        request.url = url + "?" + "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in kept)
    else:
        signed = environ["HTTP_AUTHORIZATION"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        for name in signed:
            key = name.upper().replace("-", "_")
            request.headers[name] = environ.get(f"HTTP_{key}") or environ.get(key, "")
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


def _storage():
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app

    inner = DomainDispatcherApplication(create_backend_app)

    app = _signature_gate(inner)

    def prepare(url):
        client = boto3.client(
            "s3", endpoint_url=url, region_name=REGION, aws_access_key_id=ACCESS, aws_secret_access_key=SECRET
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    return app, prepare


def _dav(folder: Path):
    from wsgidav.wsgidav_app import WsgiDAVApp

    return WsgiDAVApp(
        {
            "provider_mapping": {"/dav": str(folder), "/public": {"root": str(folder), "readonly": True}},
            "simple_dc": {"user_mapping": {"/dav": {USER: {"password": PASSWORD}}, "/public": True, "/": True}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 1,
            "dir_browser": {"enable": False},
        }
    ), lambda _url: None


def _main(kind: str, folder: Path) -> None:
    import threading

    if kind == "s3":
        from werkzeug.serving import make_server

        app, prepare = _storage()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.port}"
    else:
        from cheroot.wsgi import Server

        app, prepare = _dav(folder)
        server = Server(("127.0.0.1", 0), app)
        server.prepare()
        threading.Thread(target=server.serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.bind_addr[1]}"
    prepare(url)
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
