"""The pages of the place for source files and of webhooks: over a real WebDAV server and a real port."""

from __future__ import annotations

import socket
import time

import pytest
from fakes.place_servers import PASSWORD, USER, running
from fakes.pump import Keys
from fakes.shell import CLOUD, shell
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton, QWidget

from musicapi_desktop.bridge.webhook_listener import WebhookListener
from musicapi_desktop.client.places import PlaceOpener
from musicapi_desktop.client.webhook_probe import deliver
from musicapi_desktop.domain.errors import KeyringError
from musicapi_desktop.domain.place import PlaceKind
from musicapi_desktop.presenters.places import PlacesPresenter
from musicapi_desktop.presenters.webhooks import WebhooksPresenter
from musicapi_desktop.services.places import Places
from musicapi_desktop.services.webhooks import Ears, Webhooks
from musicapi_desktop.ui.settings.places_page import PlacesPage
from musicapi_desktop.ui.settings.webhooks_page import WebhooksPage
from musicapi_desktop.ui.theme import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Secrets(Keys):
    secret = Keys.get
    broken = False

    def where_secret(self, name):
        return "in the system keyring (Secret Service)" if name in self.kept else ""

    def set_secret(self, name, secret, *, session_only=False):
        if self.broken and not session_only:
            raise KeyringError("This system has no keyring that can hold a secret safely.", "Keep it for this session.")
        self.set(name, secret)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with running("webdav", tmp_path_factory.mktemp("webdav") / "kept") as server:
        yield server.url


@pytest.fixture
def here(tmp_path, qapp):
    theme.current().apply(qapp, theme.DARK)
    with shell(tmp_path, CLOUD) as made:
        made.secrets = Secrets()
        yield made


@pytest.fixture
def page(here, qtbot):
    opener = PlaceOpener(time.time, connect=2.0, read=5.0)
    here.places = Places(here.preferences, here.secrets, opener, time.time, lambda _s: None)
    here.presenter = PlacesPresenter(here.places, here.calls)
    made = PlacesPage(here.presenter)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()
    opener.close()


@pytest.fixture
def hooks(here, qtbot):
    webhooks = Webhooks(here.preferences, here.secrets, Ears(time.monotonic), time.time, deliver)
    webhooks.listener = WebhookListener(webhooks.receive)
    with socket.create_server(("127.0.0.1", 0)) as free:
        webhooks.choose_port(free.getsockname()[1])
    here.webhooks = webhooks
    here.presenter = WebhooksPresenter(webhooks, here.profiles, here.calls)
    made = WebhooksPage(here.presenter)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()
    webhooks.end()


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def write(field: QLineEdit, text: str) -> None:
    field.clear()
    QTest.keyClicks(field, text)


def fill(page: PlacesPage, url: str, password: str) -> None:
    page.kind.chosen.emit(str(PlaceKind.WEBDAV))
    write(page.form.address, f"{url}/dav")
    write(page.form.public, f"{url}/public")
    write(page.form.user, USER)
    write(page.form.secret.line, password)


def shown(page: QWidget) -> str:
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return "\n".join(words + [field.text() for field in page.findChildren(QLineEdit)])


def test_a_place_is_tested_kept_and_its_secret_leaves_the_window(here, page, folder, qtbot) -> None:
    fill(page, folder, PASSWORD)
    assert page.form.secret.line.echoMode() is QLineEdit.EchoMode.Password
    click(page.keep)
    qtbot.waitUntil(lambda: "It works: a small file was put there" in shown(page))
    assert here.places.place().public == f"{folder}/public"
    assert here.secrets.kept == {"place": PASSWORD}
    assert PASSWORD not in shown(page) + repr(here.presenter.state)
    assert page._in_use.isVisible()
    click(page.locate)
    qtbot.waitUntil(lambda: "The secret is in the system keyring (Secret Service)." in shown(page))


def test_what_does_not_work_is_not_kept(here, page, folder, qtbot) -> None:
    fill(page, folder, "wrong")
    QTest.keyClick(page.form.secret.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The user name or the password was not accepted." in shown(page))
    assert here.places.place() is None
    assert here.secrets.kept == {}
    write(page.form.address, "http://cloud.example/dav")
    click(page.keep)
    qtbot.waitUntil(lambda: "Use https" in shown(page))


def test_without_a_keyring_the_session_is_offered(here, page, folder, qtbot) -> None:
    here.secrets.broken = True
    fill(page, folder, PASSWORD)
    assert not page.session.isVisible()
    click(page.keep)
    qtbot.waitUntil(page.session.isVisible)
    assert here.places.place() is None
    click(page.session)
    qtbot.waitUntil(lambda: here.places.place() is not None)


def test_removing_takes_two_presses(here, page, folder, qtbot) -> None:
    fill(page, folder, PASSWORD)
    click(page.keep)
    qtbot.waitUntil(page.remove.isVisible)
    click(page.remove)
    assert here.places.place() is not None
    click(page.remove)
    qtbot.waitUntil(lambda: not page.remove.isVisible())
    assert here.places.place() is None
    assert here.secrets.kept == {}


def test_the_fields_follow_the_kind_and_keep_their_text(page) -> None:
    write(page.form.bucket, "our-songs")
    write(page.form.address, "https://s3.example")
    page.kind.chosen.emit(str(PlaceKind.WEBDAV))
    assert not page.form.bucket.isVisible()
    assert page.form.address.text() == ""
    assert page.form.user.accessibleName() == "User"
    page.kind.chosen.emit(str(PlaceKind.S3))
    assert page.form.bucket.isVisible()
    assert page.form.bucket.text() == "our-songs"
    assert page.form.address.text() == "https://s3.example"
    assert page.form.user.accessibleName() == "Access key id"


def test_webhooks_are_off_until_turned_on_and_a_test_goes_round(here, hooks, qtbot) -> None:
    card = hooks.cards()[0]
    assert here.webhooks.listener.port is None
    assert not card.turn_off.isVisible()
    write(card.address, f"http://127.0.0.1:{here.webhooks.port}/in")
    click(card.turn_on)
    qtbot.waitUntil(lambda: "It works: a signed test went out to that address and came in here." in shown(hooks))
    assert here.webhooks.listener.port == here.webhooks.port
    (secret,) = here.secrets.kept.values()
    assert secret not in shown(hooks) + repr(here.presenter.state)
    click(card.turn_off)
    qtbot.waitUntil(lambda: here.webhooks.listener.port is None)
    assert here.secrets.kept == {}


def test_a_tunnel_that_leads_nowhere_is_told(here, hooks, qtbot) -> None:
    card = hooks.cards()[0]
    write(card.address, "http://127.0.0.1:9/in")
    click(card.turn_on)
    qtbot.waitUntil(lambda: "Start your tunnel" in shown(hooks))
    write(card.address, "http://tunnel.example")
    click(card.turn_on)
    qtbot.waitUntil(lambda: "The service sends to https addresses only." in shown(hooks))


def test_a_port_that_cannot_be_is_told(here, hooks, qtbot) -> None:
    write(hooks.port, "80")
    QTest.keyClick(hooks.port, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "A port from 1024 to 65535." in shown(hooks))
    here.webhooks.turn_on(CLOUD.id, "https://tunnel.example")
    before = here.webhooks.port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        write(hooks.port, str(taken.getsockname()[1]))
        QTest.keyClick(hooks.port, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "cannot be listened at" in shown(hooks))
    assert here.webhooks.port == before


@pytest.mark.parametrize("which", ["page", "hooks"])
def test_no_button_is_cut_when_all_are_there(which, request) -> None:
    made = request.getfixturevalue(which)
    made.resize(526, 600)  # the room the dialog gives it
    parts = made if which == "page" else made.cards()[0]
    for button in (parts.session, *((parts.locate, parts.remove) if which == "page" else (parts.turn_off,))):
        button.show()
    QTest.qWait(1)
    for button in made.findChildren(QPushButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            assert button.mapTo(made, QPoint(button.width(), 0)).x() <= made.width(), button.text()


@pytest.mark.parametrize("which", ["page", "hooks"])
def test_every_control_has_a_name_and_is_reached_by_keys(which, request) -> None:
    made = request.getfixturevalue(which)
    controls = [c for kind in (QAbstractButton, QLineEdit) for c in made.findChildren(kind) if c.isVisible()]
    assert len(controls) > 2
    for control in controls:
        assert control.accessibleName() or control.text(), control
        if isinstance(control, QLineEdit):
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
