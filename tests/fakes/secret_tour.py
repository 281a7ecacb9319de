"""The main job on the real window with secrets typed into it, as a process of its own that tells when to look.

Started in a private session with a real keyring. What it needs comes by stdin, so that no secret is in its arguments
or its environment; at each ``look`` it waits for a line.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fakes.window import QUICK, Visit
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from musicapi_desktop.app.bootstrap import Run
from musicapi_desktop.app.command_line import Options
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.place import file_url
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.secrets.keys import Keys
from musicapi_desktop.ui.settings.dialog import SettingsDialog
from musicapi_desktop.ui.settings.places_page import PlacesPage
from musicapi_desktop.ui.settings.webhooks_page import WebhooksPage


def look(where: str) -> None:
    sys.stdout.write(f"look {where}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


class Tour:
    def __init__(self, visit: Visit, told: dict[str, str]) -> None:
        self.visit = visit
        self.told = told
        self.core = visit.core
        self.askers: list[threading.Thread] = []
        asked = Keys._asked

        def noted(keys: Keys, question: Callable[[KeyringBackend], object]) -> object:
            self.askers.append(threading.current_thread())
            return asked(keys, question)

        Keys._asked = noted

    def type_secrets(self) -> None:
        """The key, the place's password and the webhooks, each on its page of the settings."""
        visit, told = self.visit, self.told
        visit.desk.open_settings("profiles")
        dialog = visit.window.findChild(SettingsDialog)
        form = dialog.profiles.form
        visit.paste(form.name, "Loopback")
        form.host.setEditText(told["service"])
        visit.paste(form.key, "sk_wrong_" + told["key"])
        click(form.add)
        visit.until("the refusal", lambda: bool(form._said.text()))
        visit.paste(form.key, told["key"])
        click(form.add)
        visit.until("the profile", lambda: len(self.core.accounts.profiles()) == 2)
        core = self.core
        core.accounts.change(replace(core.accounts.profiles()[-1], interval=QUICK))
        dialog.show_page("places")
        page = dialog.findChild(PlacesPage)
        page.kind.chosen.emit("webdav")
        visit.paste(page.form.address, f"{told['folder']}/dav")
        visit.paste(page.form.public, f"{told['folder']}/public")
        visit.paste(page.form.user, told["user"])
        visit.paste(page.form.secret.line, told["password"])
        page.form.secret.peek.click()
        click(page.keep)
        visit.until("the place", self.core.outside.places.configured)
        click(page.locate)
        assert self.askers
        assert threading.main_thread() not in self.askers, "the window waited for the keyring"
        dialog.show_page("webhooks")
        self.turn_webhooks_on(dialog.findChild(WebhooksPage))
        visit.window.grab().save(str(Path(told["data"]) / "settings.png"))
        dialog.close()

    def turn_webhooks_on(self, page: WebhooksPage) -> None:
        webhooks, profile = self.core.outside.webhooks, self.core.accounts.profiles()[-1]
        address = f"http://127.0.0.1:{webhooks.port}/in"
        webhooks.turn_on(profile.id, address, self.told["hook"])
        page.cards()[0].address.setText(address)
        click(page.cards()[0].turn_on)
        self.visit.until("the webhooks' test", lambda: "came in here" in page.cards()[0]._said.text())

    def make(self) -> None:
        """A song, its stems, a cover of a file of this computer, a refusal, a mistake of ours."""
        visit, core = self.visit, self.core
        visit.describe("a quiet song")
        visit.press_create()
        visit.ended(1)
        song = visit.songs()[0]
        visit.presenters.player.open_by_id(song.id, song.takes[0].id)
        source = core.library.path(song.takes[0].path)
        words = {"lyrics": "la", "style": "folk", "title": "From a file"}
        profile = core.accounts.active()
        # as a script may ask: with webhooks of the request's own
        hooks = {
            "webhook_url": f"http://127.0.0.1:{core.outside.webhooks.port}/in", "webhook_secret": self.told["hook"]
        }  # fmt: skip
        core.submit.create(
            Request(Operation.UPLOAD_COVER, Mode.LYRICS, "sonic-v5", url=file_url(source), extra=hooks, **words),
            profile,
        )
        core.submit.create(Request(Operation.UPLOAD, url=file_url(source)), profile)
        visit.ended(3)
        visit.until("an empty place", lambda: not core.outside.places.owners())
        look("while it runs")
        core.accounts.set_key(profile.id, "sk_refused_" + self.told["key"])
        visit.describe("a song that is refused")
        visit.press_create()
        visit.until(
            "the refusal", lambda: core.queue is not None and "key" in visit.presenters.queue.state.reason.lower()
        )
        try:
            quoted = [self.told[name] for name in ("key", "password", "hook")]
            raise RuntimeError(f"a mistake of ours that quotes {quoted}, and Bearer {quoted[0]}")
        except RuntimeError:
            sys.excepthook(*sys.exc_info())


def main() -> None:
    told = json.loads(sys.stdin.readline())
    app = QApplication(sys.argv[:1])
    run = Run(app, Options(data=Path(told["data"]), size=(1280, 720), theme="dark"))
    assert run.instance.first()
    visit = Visit(run, Path(told["data"]))
    try:
        tour = Tour(visit, told)
        tour.type_secrets()
        tour.make()
        assert not [job for job in visit.jobs() if job.state is JobState.FAILED]
        look("before the end")
    finally:
        visit.close()
    look("after the end")


if __name__ == "__main__":
    main()
