"""Operations across the window: from a take's menu to the form, from the form to the player, words and voices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox, QPushButton

from musicapi_desktop.domain.events import VoiceAdded
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.models.song_rows import Row
from musicapi_desktop.presenters.archive import Archive
from musicapi_desktop.presenters.audition import Audition
from musicapi_desktop.presenters.compare import ComparePresenter
from musicapi_desktop.presenters.create_operation import Around
from musicapi_desktop.presenters.listening import Listening
from musicapi_desktop.presenters.money import MoneyPresenter, Question, SpendGuard, limits_of
from musicapi_desktop.presenters.smart_lists import SmartLists
from musicapi_desktop.presenters.toast import Toast
from musicapi_desktop.presenters.word_tools import WordTools
from musicapi_desktop.ui.theme.icons import icon

if TYPE_CHECKING:
    from .desk import Desk


class DeskOperations(QObject):
    """Connects what belongs to the operations on takes. Owned by the desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._core, self._p = desk.core, desk.presenters
        self.listening = Listening(self._p.player, self)
        self.words = WordTools(self._p.create, self._core.submit, self._p.profiles, self._core.calls, self._core.relay)
        core = self._core
        self.money = MoneyPresenter(core.prices, core.accounts, core.preferences, core.calls)
        self.guard = SpendGuard(core.ledger, core.preferences, core.calls)
        self.guard.promised = core.queue.promised
        self._p.create.guard = self._p.takes.guard = self.words.guard = self.guard
        self._p.library.keep_lists(SmartLists(core.preferences))
        archive = Archive(self._core.readings, self._core.family)
        self._p.inspector.archive = archive
        self._p.inspector.position = self.listening.position_of
        accounts = self._core.accounts
        self._p.create.around = Around(self._core.library, accounts.profile, archive.parts, self.listening.loop_of)
        desk.create.form.source.position = self.listening.position_of
        self.audition = Audition(core.preferences)
        self._connect()
        self._connect_audition()
        self._add_helpers()
        table = desk.window.actions_table
        for stars in range(1, 6):
            table.bind(f"library.rate.{stars}", partial(desk.library.rate, stars), desk.library.table)
        table.bind("palette", self._open_palette)

    def load(self) -> None:
        """Read the personas there are."""
        voices = self._core.voices
        self._core.calls.run(partial(voices.all, None), self._p.create.know_personas, self._p.takes.tell_failure)

    def _connect(self) -> None:
        takes, create = self._p.takes, self._p.create
        takes.wants_second = self._wants_second
        takes.joinable = self._core.family.joinable
        takes.can_hand_over = self._can_hand_over
        takes.form_asked.connect(self._begin)
        takes.second_asked.connect(create.mash_with)
        takes.compare_asked.connect(self._compare)
        takes.link_asked.connect(self._ask_for_link)
        takes.play_from_asked.connect(self.listening.play_from)
        create.hear_asked.connect(self.listening.play_range)
        create.opened.connect(self._open_form)
        self._p.inspector.relative_asked.connect(self._show_relative)
        self.words.toast.connect(self._desk.window.toast)
        self.money.toast.connect(self._desk.window.toast)
        self.guard.asked.connect(self._ask_to_spend)
        self._p.ledger.guard = partial(limits_of, self._core.preferences)
        self._p.ledger.settings_wanted.connect(partial(self._desk.open_settings, "money"))
        self.money.state_changed.connect(self._p.ledger.load)
        self._desk.player.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._desk.player.customContextMenuRequested.connect(self._player_menu)
        self._core.relay.published.connect(self._hear)

    def _connect_audition(self) -> None:
        library = self._desk.library
        library.audition.setChecked(self.audition.on)
        library.audition.toggled.connect(self._turn_audition)
        library.table.walked.connect(self._walked)
        self.audition.asked.connect(self.listening.play_from)
        self.audition.ended.connect(self._p.player.pause)
        self._p.takes.play_asked.connect(self.audition.left_alone)

    def escape(self) -> bool:
        """Esc: end listening in, then clear the loop; False where there was neither."""
        return self.audition.stop() or self._p.player.clear_loop()

    @Slot(bool)
    def _turn_audition(self, on: bool) -> None:
        try:
            self.audition.turn(on)
        except OSError as error:
            said = self.tr("This could not be saved: {0}.").format(error.strerror or error)
            self._desk.window.toast(Toast(said))

    @Slot()
    def _walked(self) -> None:
        self.audition.arrive(self._desk.library.take_of_keyboard())

    def _add_helpers(self) -> None:
        self.write = self._helper(self.tr("Write for me…"))
        self.write.clicked.connect(self._write_lyrics)
        self._desk.create.form.help_with("lyrics", self.write)
        self.enlarge = self._helper(self.tr("Enlarge"))
        self.enlarge.clicked.connect(self.words.enlarge_style)
        self._desk.create.form.help_with("style", self.enlarge)
        self.words.state_changed.connect(self._show_helpers)
        self._p.create.state_changed.connect(self._show_helpers)
        self._show_helpers()

    def _helper(self, text: str) -> QPushButton:
        button = QPushButton(icon("pencil", "text_dim"), text)
        button.setProperty("kind", "link")
        return button

    @Slot()
    def _show_helpers(self) -> None:
        state, has_style = self.words.state, bool(self._p.create.state.draft.style.strip())
        said = self.tr("Enlarging…") if state.enlarging else self.tr("Enlarge")
        self.enlarge.setText(f"{said} · {state.style_price}" if state.style_price and has_style else said)
        self.enlarge.setAccessibleName(self.tr("Enlarge the style: {0}").format(self.enlarge.text()))
        self.enlarge.setVisible(has_style)
        self.enlarge.setEnabled(not state.enlarging)
        self.write.setAccessibleName(self.tr("Write lyrics for me"))

    @Slot()
    def _write_lyrics(self) -> None:
        from musicapi_desktop.ui.create.lyrics_dialog import LyricsDialog

        dialog = LyricsDialog(self.words, self._p.create.state.draft.description, self._desk.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _open_palette(self) -> None:
        from musicapi_desktop.ui.palette import Entry, Palette, entries_of

        entries = entries_of(self._desk.window.actions_table)
        chosen = self._p.inspector.state
        song, take = chosen.song, chosen.take
        if song is not None and take is not None:
            takes = self._p.takes
            name = f"{chosen.title} {take.letter}"
            entries += [
                Entry(f"{offer.text}: {name}", offer.price, partial(takes.ask, offer, song, take))
                for offer in chosen.offers
            ]
        palette = Palette(entries, self._desk.window)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open_over(self._desk.window)

    @Slot(object)
    def _compare(self, song_ids: list[str]) -> None:
        from musicapi_desktop.ui.library.compare_dialog import CompareDialog

        core = self._core
        presenter = ComparePresenter(
            core.library, self._p.player, self.listening, self._p.takes, core.calls, core.relay
        )
        presenter.open_songs(song_ids)
        dialog = CompareDialog(presenter, self._desk.window)
        presenter.setParent(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _wants_second(self) -> bool:
        return self._p.create.wants_second

    def _can_hand_over(self, profile: Profile) -> bool:
        return profile.local or self._core.outside.places.configured()

    @Slot(object, object, object, str)
    def _begin(self, operation: Operation, song: Song, take: Take, url: str) -> None:
        self._p.create.begin(operation, song, take, url)

    @Slot(QPoint)
    def _player_menu(self, at: QPoint) -> None:
        """The menu of the take that is in the player; while takes are compared blind it would tell which it is."""
        from musicapi_desktop.ui.library.take_menu import TakeMenu

        player = self._p.player
        if player.song is not None and player.current_take is not None and not player.state.blind:
            menu = TakeMenu([Row(player.song, player.current_take)], self._p.takes, self._desk.window)
            menu.popup(self._desk.player.mapToGlobal(at))

    @Slot()
    def _open_form(self) -> None:
        self._desk.window.open_create()

    @Slot(str, str)
    def _show_relative(self, song_id: str, take_id: str) -> None:
        self._desk.show_in_library(song_id, take_id)

    @Slot(object, object, object)
    def _ask_for_link(self, operation: Operation, song: Song, take: Take) -> None:
        """A file of this computer is no address: offer a place, or a link of the person's own."""
        box = QMessageBox(self._desk.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Hand the file over"))
        box.setText(self.tr("The service fetches audio from a public link."))
        box.setInformativeText(
            self.tr("Set up a place of your own once, and files go there by themselves; or paste a link to this file.")
        )
        place = box.addButton(self.tr("Set up a place"), QMessageBox.ButtonRole.ActionRole)
        link = box.addButton(self.tr("Paste a link"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        place.clicked.connect(partial(self._desk.open_settings, "places"))
        link.clicked.connect(partial(self._paste_link, operation, song, take))
        box.finished.connect(box.deleteLater)
        box.open()

    def _paste_link(self, operation: Operation, song: Song, take: Take, _checked: bool = False) -> None:
        dialog = QInputDialog(self._desk.window)
        dialog.setWindowTitle(self.tr("Paste a link"))
        dialog.setLabelText(self.tr("A link that leads straight to the audio of “{0}”").format(song.title))
        dialog.resize(460, dialog.sizeHint().height())

        def chosen(url: str) -> None:
            if url.strip():
                self._p.takes.ask_with_link(operation, song, take, url.strip())

        dialog.textValueSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _ask_to_spend(self, question: Question) -> None:
        box = QMessageBox(self._desk.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Spend credits"))
        box.setText(question.text)
        box.setInformativeText(question.hint)
        send = box.addButton(question.button, QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Do not send"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        send.clicked.connect(question.go_on)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot(object)
    def _hear(self, event: object) -> None:
        if isinstance(event, VoiceAdded):
            self.load()
