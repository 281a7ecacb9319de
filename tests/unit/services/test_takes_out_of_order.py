"""Takes land in any order, and always inside the song's folder."""

from __future__ import annotations

import pytest
from fakes.pump import Pump
from fakes.service import fake_service

from musicapi_desktop.domain.errors import BugError
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.services.song_folder import SongFolders


def test_the_second_take_may_be_done_first(tmp_path):
    with fake_service() as service:
        # take A needs two polls more than take B, and has no name before
        service.clip_of = lambda _task, number, polls: (
            {"state": "running", "title": "", "audio_url": None} if number == 0 and polls < 3 else {}
        )
        pump = Pump(tmp_path, service.base_url)
        (job,) = pump.make()
        assert pump.run(until=lambda: any(take.path for take in pump.song(job).takes))
        song = pump.song(job)
        assert song.title == "Harbour Lights"
        assert [take.path for take in song.takes] == ["", f"{song.folder}/B.wav"]
        pump.run()
        song = pump.song(job)
        assert pump.job(job.id).state is JobState.READY
        assert [take.path for take in song.takes] == [f"{song.folder}/A.wav", f"{song.folder}/B.wav"]
        assert all(pump.folders.path(take.path).is_file() for take in song.takes)
        pump.close()


@pytest.mark.parametrize("named", ["/B.mp3", "B.mp3", "../B.mp3", "Song/../../B.mp3"])
def test_a_file_is_written_into_a_songs_folder_or_not_at_all(tmp_path, named):
    folders = SongFolders(tmp_path / "Music")
    with pytest.raises(BugError):
        folders.target(named)
    assert folders.target("Song/A.mp3") == tmp_path / "Music" / "Song" / "A.mp3"
