"""The Create panel, driven with real keys and the mouse."""

from __future__ import annotations

import threading

import pytest
from fakes.shell import CLOUD, shell
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton

from musicapi_desktop.domain.errors import DiskError, InvalidRequest
from musicapi_desktop.domain.events import BalanceChanged, EngineChanged, EngineState
from musicapi_desktop.domain.request import Mode, Voice
from musicapi_desktop.presenters.create import DRAFT_KEY
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.create.first_start import FirstStartPage
from musicapi_desktop.ui.create.panel import CreatePanel
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.widgets.chip_field import Chip

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def dressed(qapp):
    theme.current().apply(qapp, theme.DARK)


@pytest.fixture
def here(tmp_path):
    with shell(tmp_path) as made:
        yield made


@pytest.fixture
def cloud(tmp_path):
    with shell(tmp_path, CLOUD) as made:
        yield made


@pytest.fixture
def opened(qtbot):
    windows: list[QMainWindow] = []

    def open_panel(made, height: int = 808) -> CreatePanel:
        window = QMainWindow()
        panel = CreatePanel(made.create)
        window.setCentralWidget(panel)
        panel.bind_actions(Actions(window))
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(372, height)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        panel.focus_first()
        qtbot.waitUntil(lambda: focused() is not None)
        return panel

    return open_panel


def typed(widget, text: str) -> None:
    QTest.keyClicks(widget, text)


def focused():
    return QApplication.focusWidget()


def sent(made, qtbot):
    qtbot.waitUntil(lambda: bool(made.submit.kept))
    return made.submit.kept[-1]


def test_a_described_song_is_sent_with_ctrl_enter(here, opened, qtbot) -> None:
    panel = opened(here)
    assert panel.foot.button.text() == "Describe a song first"
    assert not panel.foot.button.isEnabled()
    typed(panel.form.description, "a slow waltz")
    assert panel.foot.button.text() == "Create 2 takes"
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    request, profile, held = sent(here, qtbot)
    assert (request.mode, request.description, held) == (Mode.DESCRIBE, "a slow waltz", False)
    assert profile.local


def test_alt_enter_holds_and_the_button_sends(here, opened, qtbot) -> None:
    panel = opened(here)
    typed(panel.form.description, "rain")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert sent(here, qtbot)[2] is True
    qtbot.waitUntil(panel.foot.button.isEnabled)
    QTest.mouseClick(panel.foot.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(here.submit.kept) == 2)
    assert here.submit.kept[1][2] is False


def test_a_press_while_the_last_one_is_being_kept_does_nothing(here, opened, qtbot) -> None:
    panel = opened(here)
    typed(panel.form.description, "rain")
    here.submit.gate = threading.Event()
    for _ in range(3):
        QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    here.submit.gate.set()
    sent(here, qtbot)
    qtbot.waitUntil(panel.foot.button.isEnabled)
    assert len(here.submit.kept) == 1


def test_the_button_carries_the_price_of_the_profile_in_use(cloud, opened, qtbot) -> None:
    panel = opened(cloud)
    typed(panel.form.description, "rain")
    QTest.mouseClick(panel.foot.songs._more, Qt.MouseButton.LeftButton)
    assert panel.foot.button.text() == "Create 4 takes · about 30 credits"
    cloud.relay.publish(BalanceChanged(CLOUD.id, 20))
    qtbot.waitUntil(lambda: panel.foot._credits.whole() == "20 credits left")
    assert panel.foot._credits.property("kind") == "warn"
    cloud.create.set_place("local")
    qtbot.waitUntil(lambda: panel.foot.button.text() == "Create 4 takes")
    assert panel.foot._credits.whole() == "free on this computer"
    assert panel.model.text() == "On this computer"


def test_without_a_key_the_button_opens_the_settings(cloud, opened, qtbot) -> None:
    cloud.accounts.keys.clear()
    panel = opened(cloud)
    asked: list[str] = []
    cloud.profiles.settings_wanted.connect(asked.append)
    cloud.profiles.refresh()
    qtbot.waitUntil(lambda: panel.foot.button.text() == "Add a key to create")
    QTest.mouseClick(panel.foot.button, Qt.MouseButton.LeftButton)
    assert asked == ["profiles"]
    assert not cloud.submit.kept


def test_with_a_broken_engine_and_no_key_the_button_says_so(here, opened, qtbot) -> None:
    panel = opened(here)
    here.relay.publish(EngineChanged(EngineState.BROKEN, "It ended."))
    qtbot.waitUntil(lambda: panel.foot.button.text() == "Add a key to create")


def test_text_is_kept_when_switching_and_only_the_modes_own_is_sent(here, opened, qtbot) -> None:
    panel = opened(here)
    typed(panel.form.description, "a hidden idea")
    QTest.mouseClick(panel.modes.segment("lyrics"), Qt.MouseButton.LeftButton)
    assert panel.form.lyrics.isVisible()
    assert not panel.form.description.isVisible()
    assert panel.foot.button.text() == "Write some lyrics first"
    panel.focus_first()
    typed(focused(), "la la")
    QTest.mouseClick(panel.modes.segment("instrumental"), Qt.MouseButton.LeftButton)
    assert panel.foot.button.text() == "Name a style first"
    assert not panel.form.voice.isVisible()
    panel.focus_first()
    typed(focused(), "lofi,")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    request, _profile, _held = sent(here, qtbot)
    assert (request.description, request.lyrics, request.style) == ("", "", "lofi")
    QTest.mouseClick(panel.modes.segment("describe"), Qt.MouseButton.LeftButton)
    assert panel.form.description.toPlainText() == "a hidden idea"


def test_arrow_keys_move_between_the_modes(here, opened) -> None:
    panel = opened(here)
    first = panel.modes.segment("describe")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert here.create.state.draft.mode is Mode.LYRICS
    assert focused() is panel.modes.segment("lyrics")
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    assert here.create.state.draft.mode is Mode.INSTRUMENTAL


def style_field(panel):
    line = panel.form.style_words.line()
    line.setFocus()
    return line


def chips(panel) -> list[str]:
    return list(panel.form.style_words.words())


def test_chips_and_text_are_two_views_of_one_string(here, opened) -> None:
    panel = opened(here)
    line = style_field(panel)
    typed(line, "synthwave,female vocal")
    QTest.keyClick(line, Qt.Key.Key_Return)
    typed(line, "112 b")
    assert chips(panel) == ["synthwave", "female vocal"]
    assert here.create.state.draft.style == "synthwave, female vocal, 112 b"
    here.create.set_style("jazz, swing")
    assert chips(panel) == ["jazz", "swing"]
    assert line.text() == ""


def test_backspace_takes_the_last_chip_and_arrows_reach_the_others(here, opened) -> None:
    panel = opened(here)
    here.create.set_style("a, b, c, d")
    line = style_field(panel)
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert chips(panel) == ["a", "b", "c"]
    QTest.keyClick(line, Qt.Key.Key_Left)
    QTest.keyClick(line, Qt.Key.Key_Left)
    assert line.accessibleDescription() == "b"
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert chips(panel) == ["a", "c"]
    assert here.create.state.draft.style == "a, c"


def test_a_click_on_the_cross_removes_and_a_double_click_changes(here, opened) -> None:
    panel = opened(here)
    here.create.set_style("a, bossa nova")
    cross = panel.form.style_words.findChildren(QPushButton)[0]
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert chips(panel) == ["bossa nova"]
    chip = next(c for c in panel.form.style_words.findChildren(Chip) if c.isVisible())
    QTest.mouseDClick(chip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(12, 12))
    assert (chips(panel), panel.form.style_words.line().text()) == ([], "bossa nova")


def test_pasting_splits_and_twice_the_same_word_is_one(here, opened) -> None:
    panel = opened(here)
    line = style_field(panel)
    QApplication.clipboard().setText("lofi, rhodes ,LOFI, vinyl")
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert chips(panel) == ["lofi", "rhodes", "vinyl"]


def test_a_word_in_both_style_and_leave_out_is_flagged(here, opened) -> None:
    panel = opened(here)
    QTest.mouseClick(panel.modes.segment("instrumental"), Qt.MouseButton.LeftButton)
    here.create.set_style("choir, taiko")
    here.create.set_leave_out("Choir")
    note = panel.form._notes["leave_out"]
    assert note.isVisible()
    assert note.text() == "“Choir” is in both Style and Leave out."
    assert panel.foot.button.isEnabled()


def test_a_count_warns_near_the_limit_and_stops_past_it(here, opened) -> None:
    panel = opened(here)
    count = panel.form._heads["description"]._count
    here.create.set_description("x" * 300)
    assert count.property("kind") == "caption"
    here.create.set_description("x" * 360)
    assert (count.text(), count.property("kind")) == ("360 / 400", "warn")
    here.create.set_description("x" * 401)
    assert count.property("kind") == "error"
    assert panel.form._notes["description"].text().startswith("1 character too long")
    assert panel.foot.button.text() == "The description is too long"
    assert not panel.foot.button.isEnabled()


def test_limits_follow_the_model_and_lost_fields_keep_their_text(cloud, opened) -> None:
    panel = opened(cloud)
    cloud.create.set_mode(Mode.LYRICS)
    cloud.create.set_lyrics("x" * 4000)
    cloud.create.set_voice(Voice.FEMALE)
    assert panel.form.voice.isVisible()
    cloud.create.set_model("sonic-v4")
    assert not panel.form.voice.isVisible()
    assert panel.foot.button.text() == "The lyrics are too long"
    cloud.create.set_model("sonic-v5")
    assert panel.form.voice.value() == "f"
    assert panel.foot.button.isEnabled()


def test_bad_characters_are_told_before_anything_is_sent(here, opened) -> None:
    panel = opened(here)
    here.create.set_description("ab\0c")
    assert panel.foot.button.text() == "A field holds a character that cannot be sent"
    here.create.set_description("🎵 שיר 夜")
    assert panel.foot.button.isEnabled()


def lyrics_field(panel, here):
    here.create.set_mode(Mode.LYRICS)
    panel.focus_first()
    return panel.form.lyrics.text


def test_section_buttons_write_the_tag_where_the_cursor_is(here, opened) -> None:
    panel = opened(here)
    text = lyrics_field(panel, here)
    for name in ("[Verse]", "[Chorus]"):
        button = next(b for b in panel.form.lyrics.findChildren(QPushButton) if b.accessibleName() == f"Insert {name}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert focused() is text
        typed(text, "la la")
    assert here.create.state.draft.lyrics == "[Verse]\nla la\n\n[Chorus]\nla la"


def test_a_bracket_offers_tags(here, opened, qtbot) -> None:
    panel = opened(here)
    text = lyrics_field(panel, here)
    typed(text, "[ch")
    popup = text._tags._list.popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert here.create.state.draft.lyrics == "[Chorus]\n"
    typed(text, "la [so")
    assert not popup.isVisible()


def test_a_style_is_completed_into_a_chip(here, opened, qtbot) -> None:
    panel = opened(here)
    line = style_field(panel)
    typed(line, "synthw")
    popup = line.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: chips(panel) == ["synthwave"])
    assert line.text() == ""
    assert here.create.state.draft.style == "synthwave"


def test_words_used_before_are_offered_first(here, opened, qtbot) -> None:
    panel = opened(here)
    here.create.set_description("rain")
    here.create.set_style("glockenspiel, taiko")
    QTest.mouseClick(panel.foot.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: here.create.style_words()[:2] == ("glockenspiel", "taiko"))


def test_alt_arrows_move_a_section_as_one_step_of_undo(here, opened) -> None:
    panel = opened(here)
    text = lyrics_field(panel, here)
    before = "[Verse]\none\n\n[Chorus]\ntwo"
    here.create.set_lyrics(before)
    text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(text, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert here.create.state.draft.lyrics == "[Chorus]\ntwo\n\n[Verse]\none"
    typed(text, "!")
    assert here.create.state.draft.lyrics.startswith("[Chorus]\ntwo!")
    QTest.keyClick(text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert here.create.state.draft.lyrics == before


def test_the_gutter_counts_syllables_of_the_lines_in_sight(here, opened, qtbot) -> None:
    panel = opened(here)
    text = lyrics_field(panel, here)
    here.create.set_lyrics("[Verse]\nNeon rain, let me go (let me go)\n\nslow")
    found = [count for _top, _height, count in text.lines_in_sight(text.rect())]
    assert found == [0, 6, 0, 1]
    formats = text.document().begin().layout().formats()
    assert formats[0].format.foreground().color() == theme.current().color("accent")


def test_clear_can_be_undone(here, opened) -> None:
    panel = opened(here)
    toasts: list[object] = []
    here.create.toast.connect(toasts.append)
    assert not panel.clear.isVisible()
    typed(panel.form.description, "rain")
    here.create.set_songs(3)
    QTest.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert panel.form.description.toPlainText() == ""
    assert here.create.state.draft.songs == 3
    assert toasts[0].action == "Undo"
    toasts[0].run()
    assert panel.form.description.toPlainText() == "rain"


def test_the_draft_is_kept_as_one_types_and_comes_back(here, opened, qtbot, tmp_path) -> None:
    panel = opened(here)
    typed(panel.form.description, "rain on tin")
    here.create.set_voice(Voice.MALE)
    here.create.set_weirdness(0.35)
    # on the disk: the value is known in memory a moment before
    kept = tmp_path / "preferences.json"
    qtbot.waitUntil(lambda: kept.exists() and "rain on tin" in kept.read_text("utf-8"), timeout=3000)
    with shell(tmp_path) as again:
        draft = again.create.state.draft
        assert (draft.description, draft.voice, draft.weirdness) == ("rain on tin", Voice.MALE, 0.35)


def test_closing_writes_a_draft_that_was_not_written_yet(here, tmp_path) -> None:
    here.create.set_title("Last words")
    here.create.flush()
    with shell(tmp_path) as again:
        assert again.create.state.draft.title == "Last words"


def test_a_damaged_draft_starts_empty(here, tmp_path) -> None:
    here.preferences.set(DRAFT_KEY, {"mode": "sing", "songs": 4000, "weirdness": "much", "title": 3, "voice": []})
    with shell(tmp_path) as again:
        assert again.create.state.draft == type(again.create.state.draft)()


def test_more_options_show_what_is_set_on_the_closed_header(here, opened) -> None:
    panel = opened(here)
    here.create.set_title("Neon")
    here.create.set_duration(90)
    here.create.set_weirdness(0.35)
    assert panel.form._more._shown == ("title", "weirdness 0.35", "length 1:30")
    assert not panel.form.title.isVisible()
    QTest.mouseClick(panel.form._more._button, Qt.MouseButton.LeftButton)
    assert panel.form.title.isVisible()
    assert panel.form._more._shown == ()
    row = panel.form.options._weights["weirdness"][0]
    row._slider.setFocus()
    QTest.keyClick(row._slider, Qt.Key.Key_Right)
    assert here.create.state.draft.weirdness == pytest.approx(0.36)
    QTest.keyClick(row._box, Qt.Key.Key_Space)
    assert here.create.state.draft.weirdness is None


def test_examples_fill_an_empty_form(here, opened) -> None:
    panel = opened(here)
    chip = next(b for b in panel.findChildren(QPushButton) if b.text() == "Synthwave drive")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert here.create.state.draft.title == "Neon Rain"
    assert not chip.isVisible()


def test_a_refused_field_is_told_under_the_field(here, opened, qtbot) -> None:
    panel = opened(here)
    typed(panel.form.description, "rain")
    here.submit.error = InvalidRequest({"description": "The words were refused."})
    here.create.create()
    qtbot.waitUntil(panel.form._notes["description"].isVisible)
    assert panel.form._notes["description"].text() == "The words were refused."


def test_a_full_disk_is_told_and_the_form_keeps_its_words(here, opened, qtbot) -> None:
    panel = opened(here)
    typed(panel.form.description, "rain")
    here.submit.error = DiskError("The disk is full.", "Free some space.")
    with qtbot.waitSignal(here.create.toast) as said:
        here.create.create()
    assert said.args[0].text == "The disk is full. Free some space."
    assert panel.form.description.toPlainText() == "rain"
    qtbot.waitUntil(panel.foot.button.isEnabled)


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
@pytest.mark.parametrize("height", [508, 628, 808])
def test_no_label_or_button_is_cut(here, opened, qapp, look, height) -> None:
    theme.current().apply(qapp, look)
    panel = opened(here, height)
    for mode in Mode:
        here.create.set_mode(mode)
        panel.form._more.set_open(True)
        qapp.processEvents()
        for button in panel.findChildren(QPushButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
        assert panel._area.horizontalScrollBar().maximum() == 0
        assert panel._area.widget().width() <= panel._area.viewport().width()


def test_everything_that_takes_the_focus_has_a_name(here, opened, qtbot) -> None:
    panel = opened(here)
    page = FirstStartPage(here.create)
    qtbot.addWidget(page)
    for part in (*panel.findChildren(object), *page.findChildren(object)):
        if not part.isWidgetType() or part.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        spoken = QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
        assert spoken or part.objectName().startswith("qt_"), part


def test_the_form_can_be_walked_with_tab(here, opened) -> None:
    panel = opened(here)
    here.create.set_description("rain")
    here.create.set_mode(Mode.LYRICS)
    here.create.set_lyrics("la")
    panel.focus_first()
    seen = []
    for _ in range(14):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
    wanted = [panel.form.style_words.line(), panel.form.leave_out.line(), panel.form.title, panel.foot.button]
    assert [part for part in dict.fromkeys(seen) if part in wanted] == wanted


def test_first_start_makes_an_example_with_one_press(here, qtbot) -> None:
    page = FirstStartPage(here.create)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    QTest.mouseClick(page.cards[1].make, Qt.MouseButton.LeftButton)
    request, profile, _held = sent(here, qtbot)
    assert (request.mode, request.title, request.duration) == (Mode.INSTRUMENTAL, "Iron Tide", 90.0)
    assert profile.local
    assert not page.import_folder.isVisible()
    page.offer_import()
    with qtbot.waitSignal(page.import_wanted, timeout=500):
        QTest.mouseClick(page.import_folder, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("width", "in_line"), [(1004, 3), (844, 3), (464, 1)])
def test_example_cards_stand_in_one_line_where_they_fit(here, qtbot, qapp, width, in_line) -> None:
    page = FirstStartPage(here.create)
    qtbot.addWidget(page)
    page.resize(width, 628)
    page.show()
    qtbot.waitExposed(page)
    qapp.processEvents()
    tops = {card.y() for card in page.cards}
    assert len(tops) == len(page.cards) // in_line
    for card in page.cards:
        assert card.make.width() >= card.make.minimumSizeHint().width()
        assert 0 <= card.x() <= card.geometry().right() < width


def test_two_returns_leave_an_empty_line_with_the_same_air(qtbot):
    from musicapi_desktop.ui.widgets.text_box import TextBox

    box = TextBox("Lyrics")
    qtbot.addWidget(box)
    QTest.keyClicks(box, "one")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "two")
    assert box.toPlainText() == "one\n\ntwo"
    blocks = [box.document().findBlockByNumber(n) for n in range(3)]
    assert len({block.blockFormat().lineHeight() for block in blocks}) == 1


def test_the_first_page_settles_at_every_size(qtbot, tmp_path):
    # cards that narrowed with the scrolled row made the scroll bar come and go until the stack ran out
    with shell(tmp_path) as world:
        page = FirstStartPage(world.create)
        qtbot.addWidget(page)
        page.show()
        for width in range(560, 1100, 9):
            for height in (420, 500, 560, 640, 760):
                page.resize(width, height)
                QApplication.processEvents()
        assert len({card.geometry().top() for card in page.cards}) == 1
