"""The steps of the tour: write, create, play, split, mix, export; then close, open again, and play what is there."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.presenters.examples import EXAMPLES
from musicapi_desktop.presenters.export_state import Stage
from musicapi_desktop.ui.create.panel import CreatePanel
from musicapi_desktop.ui.export.dialog import ExportDialog
from musicapi_desktop.ui.mixer.strip import Strip
from musicapi_desktop.ui.settings.dialog import SettingsDialog
from musicapi_desktop.ui.widgets.segmented import Segment, Segmented
from musicapi_desktop.ui.window_state import Area

from .desk import Desk
from .tour_hands import Hands, TourFailed

_Dialog = TypeVar("_Dialog", bound=QDialog)

_SONG = EXAMPLES[0].request
TITLE, STYLE, LYRICS = _SONG.title, _SONG.style, _SONG.lyrics
_MAKING = 240.0
_SPLITTING = 240.0
_CONTROL = Qt.KeyboardModifier.ControlModifier


def main_job(desk: Desk, hands: Hands) -> None:
    """Points 3 to 9 of the main job in a window with an empty library."""
    hands.picture("first-start")
    _write(desk, hands)
    song = _create(desk, hands)
    _play(desk, hands, song)
    _save_wav(desk, hands, song)
    _split(desk, hands, song)
    _mix(desk, hands)
    _look_around(desk, hands)


def again(desk: Desk, hands: Hands) -> None:
    """A later start, with no network needed: everything is still there and plays."""
    song = _song(desk)
    if [take.state for take in song.takes] != [TakeState.READY, TakeState.READY]:
        raise TourFailed("the takes are not all there after the second start")
    if len(song.takes[0].stems) != _STEMS or not song.takes[0].wav_path:
        raise TourFailed("the stems or the WAV are not there after the second start")
    hands.click(desk.library.table.viewport(), desk.library.table.cover_area(0).center())
    hands.until("sound after the second start", lambda: desk.presenters.player.look().position > _HEARD)
    hands.tell("opened again: library, stems and WAV are there; it plays")
    hands.picture("opened-again")


_STEMS = 12
_HEARD = 0.4


def _song(desk: Desk) -> Song:
    song_ids = desk.core.library.songs()
    song = desk.core.library.song(song_ids[0]) if song_ids else None
    if song is None:
        raise TourFailed("the library has no song")
    return song


def _write(desk: Desk, hands: Hands) -> None:
    panel: CreatePanel = desk.create
    hands.click(_segment(panel.modes, "lyrics"))
    hands.type(panel.form.lyrics.text, LYRICS)
    hands.type(panel.form.style_words.line(), STYLE + ",")
    hands.type(panel.form.leave_out.line(), "distortion,")
    hands.type(panel.form.title, TITLE)
    hands.click(_segment(panel.form.voice, "f"))
    hands.tell(f"wrote {len(LYRICS)} characters of lyrics; the button says “{panel.foot.button.text()}”")
    hands.picture("writing")


def _segment(choices: Segmented, value: str) -> Segment:
    return next(segment for segment in choices.findChildren(Segment) if segment.value == value)


def _create(desk: Desk, hands: Hands) -> Song:
    hands.type(desk.create.form.title, "")
    hands.key(Qt.Key.Key_Return, _CONTROL)
    seen = hands.until("the row of the new song", lambda: desk.presenters.library.model.rowCount() > 0)
    hands.tell(f"pressed Create; the row was there after {seen * 1000:.0f} ms")
    hands.rest(900)
    hands.picture("making")
    ready = hands.until("both takes", lambda: _landed(desk) == 2, _MAKING) + seen + 1.0
    song = _song(desk)
    seconds = [take.seconds for take in song.takes]
    hands.tell(f"two takes of {seconds[0]:.0f} s and {seconds[1]:.0f} s made on this computer in {ready:.1f} s")
    if song.title != TITLE:
        raise TourFailed(f"the song is called {song.title!r}")
    return song


def _landed(desk: Desk) -> int:
    ids = desk.core.library.songs()
    song = desk.core.library.song(ids[0]) if ids else None
    failed = [job for job in desk.core.queue.jobs() if job.state is JobState.FAILED]
    if failed:
        raise TourFailed(f"a job failed: {failed[0].failure}")
    return sum(take.state is TakeState.READY for take in song.takes) if song is not None else 0


def _play(desk: Desk, hands: Hands, song: Song) -> None:
    player, table = desk.presenters.player, desk.library.table
    model = desk.presenters.library.model
    hands.until("two rows", lambda: [model.key(row)[1] for row in range(2)] == [take.id for take in song.takes])
    hands.click(table.viewport(), QPoint(220, table.rowViewportPosition(0) + 28))
    hands.key(Qt.Key.Key_Return)
    heard = hands.until("sound", lambda: player.look().position > _HEARD)
    hands.tell(f"take {player.state.take} plays; {_HEARD} s heard after {heard:.2f} s")
    wave_width = desk.player.wave.width()
    hands.click(desk.player.wave, QPoint(int(wave_width * 0.4), desk.player.wave.height() - 24))
    hands.until("the seek", lambda: player.look().position > player.state.seconds * 0.39)
    hands.rest(600)
    hands.picture("playing")
    before = player.look().position
    other = "2" if player.state.take == "A" else "1"
    hands.key(Qt.Key(ord(other)))
    hands.until(
        "the other take", lambda: player.state.take == ("B" if other == "2" else "A") and not player.state.loading
    )
    jump = abs(player.look().position - before)
    if jump > 1.0:
        raise TourFailed(f"the other take began {jump:.2f} s away")
    hands.tell(f"take {player.state.take} at the same position (within {jump:.2f} s)")
    left, right = int(wave_width * 0.5), int(wave_width * 0.6)
    hands.drag(
        desk.player.wave, QPoint(left, desk.player.wave.height() - 24), QPoint(right, desk.player.wave.height() - 24)
    )
    hands.until("the loop", lambda: player.state.loop is not None and player.state.loop_on)
    hands.tell(
        f"loop from {player.state.loop[0]:.1f} s to {player.state.loop[1]:.1f} s" if player.state.loop else "loop"
    )
    hands.picture("looping")
    hands.key(Qt.Key.Key_Escape)
    hands.until("no loop", lambda: player.state.loop is None)


def _save_wav(desk: Desk, hands: Hands, song: Song) -> None:
    take = song.takes[0]
    _take_menu(desk, hands, song)
    hands.picture("take-menu")
    hands.choose("Save WAV")
    hands.until("the service's WAV", lambda: bool(_take(desk, song, take).wav_path), _MAKING)
    target = hands.folder / f"{TITLE} {take.letter}.wav"
    _take_menu(desk, hands, song)
    hands.choose("Save as")
    hands.save_to(target)
    hands.until("the saved WAV", target.exists, 30.0)
    hands.tell(f"saved {target.name}: {_wav_words(target)}")


def _split(desk: Desk, hands: Hands, song: Song) -> None:
    take = song.takes[0]
    _take_menu(desk, hands, song)
    hands.choose("Split into stems", "All parts")
    split = hands.until("all stems", lambda: len(_take(desk, song, take).stems) >= _STEMS, _SPLITTING)
    hands.tell(f"split into {len(_take(desk, song, take).stems)} stems in {split:.1f} s")


def _take_menu(desk: Desk, hands: Hands, song: Song) -> None:
    table = desk.library.table
    row = next(r for r in range(4) if desk.presenters.library.model.key(r) == (song.id, song.takes[0].id))
    at = QPoint(220, table.rowViewportPosition(row) + 28)
    hands.click(table.viewport(), at)
    hands.right_click(table, at)
    hands.until("the take's menu", lambda: QApplication.activePopupWidget() is not None)


def _take(desk: Desk, song: Song, take: Take) -> Take:
    now = desk.core.library.song(song.id)
    found = now.take(take.id) if now is not None else None
    if found is None:
        raise TourFailed("the take is gone")
    return found


def _mix(desk: Desk, hands: Hands) -> None:
    table, mixer, player = desk.library.table, desk.presenters.mixer, desk.presenters.player
    table.setFocus(Qt.FocusReason.OtherFocusReason)
    hands.key(Qt.Key.Key_Return, _CONTROL)
    hands.until("the mixer", lambda: desk.window.area() is Area.MIXER)
    hands.until("the strips", lambda: len(_strips(desk)) >= 4 and not player.state.loading, 30.0)
    desk.window.setFocus()
    if not player.state.playing:
        player.play()
    hands.until("sound from the stems", lambda: player.look().playing and bool(player.look().peaks), 15.0)
    hands.until("the waveforms", lambda: len(mixer.waveforms) > len(_strips(desk)), 60.0)
    hands.picture("mixer")
    strips = _strips(desk)
    hands.click(strips[0].solo)
    hands.until("the solo", lambda: strips[0].lane.strip.solo)
    hands.picture("mixer-solo")
    hands.click(strips[0].solo)
    hands.click(strips[3].mute)
    strips[2].fader.setFocus(Qt.FocusReason.OtherFocusReason)
    for _ in range(6):
        hands.key(Qt.Key.Key_Down)
    hands.rest(300)
    hands.tell(f"{strips[3].lane.name} muted, {strips[2].lane.name} at {strips[2].lane.strip.level:+.1f} dB")
    hands.picture("mixer-set")
    _export(desk, hands)
    mixer.keep()
    player.pause()


def _export(desk: Desk, hands: Hands) -> None:
    export = desk.presenters.export
    hands.click(desk.mixer.header.export)
    hands.until("the export dialog", lambda: _dialog(desk, ExportDialog) is not None)
    dialog = _dialog(desk, ExportDialog)
    if dialog is None:
        return
    shot = Hands(dialog, hands.folder, hands.tell, hands.next_number)
    export.choose_folder(hands.folder)
    export.set_template("{title} mix")
    shot.picture("export")
    shot.click(dialog.start)
    written = hands.until("the exported mix", lambda: export.state.stage is Stage.DONE, 60.0)
    shot.picture("exported")
    hands.next_number = shot.next_number
    target = hands.folder / export.state.written[0].name
    hands.tell(f"exported {target.name} in {written:.1f} s: {_wav_words(target)}, {export.state.written[0].figures}")
    export.restore_template()
    dialog.close()


def _strips(desk: Desk) -> list[Strip]:
    return [s for s in desk.mixer.findChildren(Strip) if s.isVisible() and not s.lane.silent]


def _look_around(desk: Desk, hands: Hands) -> None:
    hands.key(Qt.Key.Key_4, _CONTROL)
    hands.until("the queue", lambda: desk.window.area() is Area.QUEUE)
    hands.picture("queue")
    desk.open_settings("profiles")
    hands.until("the settings", lambda: _dialog(desk, SettingsDialog) is not None)
    dialog = _dialog(desk, SettingsDialog)
    if dialog is not None:
        shot = Hands(dialog, hands.folder, hands.tell, hands.next_number)
        shot.picture("settings")
        hands.next_number = shot.next_number
        dialog.close()
    hands.key(Qt.Key.Key_2, _CONTROL)
    desk.looked.emit("light")
    hands.picture("library-light")
    desk.looked.emit("dark")


def _dialog(desk: Desk, kind: type[_Dialog]) -> _Dialog | None:
    return next((d for d in desk.window.findChildren(kind) if d.isVisible()), None)


def _wav_words(path: Path) -> str:
    with wave.open(str(path)) as file:
        seconds = file.getnframes() / file.getframerate()
        return (
            f"{seconds:.1f} s, {file.getframerate()} Hz, {file.getsampwidth() * 8} bit, {file.getnchannels()} channels"
        )
