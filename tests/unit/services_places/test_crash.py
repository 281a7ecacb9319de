"""A process killed in the middle of an upload: what it left lies in the folder until the next start, and no longer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.place_servers import PASSWORD

ROOT = Path(__file__).parents[3]
CHILD = """
import sys, time
from pathlib import Path
from musicapi_desktop.client.places import PlaceOpener
from musicapi_desktop.services.places import Places
from musicapi_desktop.settings.preferences import Preferences

class Secrets:
    def secret(self, name):
        return secret

secret = sys.stdin.readline().strip()
def told(gone, whole):
    if gone * 2 > whole:
        print("half", flush=True)
        sys.stdin.readline()
places = Places(Preferences(Path(sys.argv[1])), Secrets(), PlaceOpener(time.time), time.time, print)
places.public_url(Path(sys.argv[2]), "job-1", told)
"""


@pytest.mark.parametrize("server", ["webdav"], indirect=True)
def test_what_a_killed_process_left_is_deleted_by_the_next(here, server, tmp_path_factory):
    here.places.keep(here.place, here.secret)
    command = [sys.executable, "-c", CHILD, str(here.path), str(here.file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as child:
        child.stdin.write(PASSWORD + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "half\n"
        child.kill()
    again = type(here.places)(
        type(here.preferences)(here.path), here.secrets, here.opener, here.places._clock, here.pauses.append
    )
    assert again.owners() == {"job-1"}
    again.sweep(frozenset())
    assert again.owners() == frozenset()
    kept = server[0].folder
    assert [each.name for each in kept.rglob("*") if each.is_file()] == []
