from __future__ import annotations

import json
import threading

from musicapi_desktop.settings.locations import resource, under
from musicapi_desktop.settings.preferences import Preferences


def test_answers_survive_a_restart(tmp_path):
    file = tmp_path / "config" / "preferences.json"
    Preferences(file).set("look.theme", "dark")
    assert Preferences(file).get("look.theme", "system") == "dark"


def test_a_value_of_another_type_counts_as_missing(tmp_path):
    file = tmp_path / "preferences.json"
    file.write_text(json.dumps({"window.zoom": "huge", "sound.volume": -12}))
    preferences = Preferences(file)
    assert preferences.get("window.zoom", 100) == 100
    assert preferences.get("sound.volume", 0.0) == -12.0


def test_a_damaged_file_is_set_aside_and_told(tmp_path):
    file = tmp_path / "preferences.json"
    file.write_text('{"look.theme": "da')
    preferences = Preferences(file)
    assert preferences.damaged
    assert preferences.get("look.theme", "system") == "system"
    assert (tmp_path / "preferences.json.damaged").read_text() == '{"look.theme": "da'
    preferences.set("look.theme", "light")
    assert not Preferences(file).damaged


def test_forgetting_goes_back_to_the_default(tmp_path):
    preferences = Preferences(tmp_path / "preferences.json")
    preferences.set("a", 1)
    preferences.forget("a")
    assert Preferences(tmp_path / "preferences.json").get("a", 7) == 7


def test_everything_lies_under_the_folder_asked_for(tmp_path):
    places = under(tmp_path)
    places.create()
    folders = (places.data, places.music, places.cache, places.config, places.logs, places.engine)
    assert all(f.is_dir() and tmp_path in f.parents for f in folders)


def test_the_tokens_are_found():
    assert resource("themes/tokens.json").is_file()


def test_who_asks_does_not_wait_for_the_disk(tmp_path, monkeypatch):
    preferences = Preferences(tmp_path / "preferences.json")
    begun, go_on = threading.Event(), threading.Event()

    def slow_disk(_file):
        begun.set()
        go_on.wait(10)

    monkeypatch.setattr("os.fsync", slow_disk)
    writer = threading.Thread(target=preferences.set, args=("a", 1))
    writer.start()
    assert begun.wait(10)
    asked = threading.Thread(target=preferences.get, args=("a", 0))
    asked.start()
    asked.join(5)
    waits = asked.is_alive()
    go_on.set()
    writer.join()
    asked.join()
    assert not waits
