"""The form in the service of operations on takes: its fields, its range, what is sent, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes.shell import CLOUD, shell
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from musicapi_desktop.domain.persona import Persona
from musicapi_desktop.domain.profile import LOCAL_PROFILE
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, System
from musicapi_desktop.domain.song import AudioFacts, Song, Take, TakeState
from musicapi_desktop.presenters.create_operation import Around
from musicapi_desktop.presenters.create_state import to_send
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.create.model_menu import ModelMenu
from musicapi_desktop.ui.create.panel import CreatePanel
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.wire.capabilities import rules_of

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

O = Operation  # noqa: E741  # reads better in tables
PARTS = (("Intro", 0.0, 16.0), ("Verse", 16.0, 52.0), ("Chorus", 52.0, 86.0), ("Outro", 86.0, 198.0))
OVERVIEW = bytes(range(50, 250))


def take(song_id, letter, **about):
    facts = AudioFacts(198 * 48000, 48000, 2, "mp3", OVERVIEW, -14.0, -1.0)
    known = {
        "clip_id": f"clip-{song_id}",
        "path": "song/A.mp3",
        "model": "sonic-v5",
        "lyrics": "[Verse]\nRain",
        **about,
    }
    return Take(f"{song_id}-{letter}", song_id, letter, state=TakeState.READY, facts=facts, bpm=120.0, **known)


def song(song_id="one", profile_id=CLOUD.id, **about):
    made = Song(song_id, "Neon Rain", style="synthwave", profile_id=profile_id)
    return replace(made, takes=(take(song_id, "A", **about),))


class Shelf:
    def __init__(self, *songs):
        self.songs = {each.id: each for each in songs}

    def song(self, song_id):
        return self.songs.get(song_id)

    def path(self, relative):
        return Path("/music") / relative


@pytest.fixture(autouse=True)
def dressed(qapp):
    theme.current().apply(qapp, theme.DARK)


@pytest.fixture
def made(tmp_path):
    with shell(tmp_path, CLOUD) as here:
        profiles = {CLOUD.id: CLOUD, LOCAL_PROFILE.id: LOCAL_PROFILE}
        shelf = Shelf(song(), song("two"))
        here.create.around = Around(shelf, profiles.get, lambda _take: PARTS)
        here.create.clock = lambda: 1000.0
        yield here


@pytest.fixture
def panel(made, qtbot):
    window = QMainWindow()
    shown = CreatePanel(made.create)
    window.setCentralWidget(shown)
    shown.bind_actions(Actions(window))
    qtbot.addWidget(window)
    window.resize(372, 900)
    window.show()
    qtbot.waitExposed(window)
    # nobody else holds the window: the panel would go with it
    yield shown
    window.close()


@pytest.fixture
def begin(made, qtbot):
    def begin(operation, of=None):
        chosen = of or song()
        with qtbot.waitSignal(made.create.opened):
            made.create.begin(operation, chosen, chosen.takes[0])
        return made.create.state

    return begin


def sent(made, qtbot):
    qtbot.waitUntil(lambda: bool(made.submit.kept))
    return made.submit.kept[-1][0]


def test_the_form_serves_an_operation_and_goes_back_to_what_stood_there(made, panel, begin) -> None:
    made.create.set_description("a slow waltz")
    state = begin(O.COVER)
    assert panel._heading.text() == "Cover"
    assert panel.form.source.isVisible()
    assert panel.form.source.card._title.whole() == "Neon Rain"
    assert panel.foot.button.text() == "Cover · about 15 credits"
    assert (state.draft.lyrics, state.draft.style, state.draft.model) == ("[Verse]\nRain", "synthwave", "sonic-v5")
    QTest.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert made.create.state.draft.description == "a slow waltz"
    assert panel._heading.text() == "New song"
    assert not panel.form.source.isVisible()


def test_what_is_sent_names_the_take_and_the_profile_it_belongs_to(made, panel, begin, qtbot) -> None:
    made.accounts.chosen = LOCAL_PROFILE.id
    made.profiles.reload()
    begin(O.COVER)
    made.create.set_audio_weight(0.7)
    made.create.create()
    request = sent(made, qtbot)
    assert request.operation is O.COVER
    assert request.source == Source("one", "one-A", "clip-one", "Neon Rain")
    assert request.audio_weight == 0.7
    assert made.submit.kept[-1][1] is CLOUD, "a clip is known to its own account alone"
    qtbot.waitUntil(lambda: made.create.state.plain)


@pytest.mark.parametrize(
    ("operation", "shown", "not_shown"),
    [
        (O.REMASTER, {"variation", "title"}, {"lyrics", "style", "voice"}),
        (O.ADD_INSTRUMENTAL, {"style"}, {"lyrics", "voice"}),
        (O.ADD_VOCALS, {"lyrics", "voice"}, {"description"}),
        (O.REPLACE_SECTION, {"section_lyrics", "lyrics", "join"}, {"description", "duration"}),
        (O.VOX, set(), {"lyrics", "style", "title"}),
        (O.PERSONA, {"title", "description"}, {"lyrics", "voice"}),
    ],
)
def test_only_the_fields_that_an_operation_has_are_shown(panel, begin, operation, shown, not_shown) -> None:
    state = begin(operation)
    assert shown <= state.shown
    assert not not_shown & state.shown
    for name in ("lyrics", "style", "title", "voice", "section_lyrics"):
        assert panel.form._blocks[name].isVisible() is (name in state.shown), name


def test_a_span_is_dragged_and_snaps_to_sections_and_beats(made, panel, begin) -> None:
    begin(O.REPLACE_SECTION)
    picker = panel.form.source.picker
    assert (picker.start, picker.end) == (52.0, 86.0), "the chorus to begin with"
    drag(picker, 86.0, 16.9)
    draft = made.create.state.draft
    assert draft.end is not None
    assert draft.end > (draft.start or 0.0)
    drag(picker, draft.start, 17.0)
    assert made.create.state.draft.start == 16.0, "the edge of the verse is near"
    drag(picker, 16.0, 30.2)
    assert made.create.state.draft.start == pytest.approx(30.0), "else the beat, half a second long here"


def drag(picker, start, end) -> None:
    y = picker.height() - 10
    at = QPoint(picker.x_of(start), y)
    QTest.mousePress(picker, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    to = QPoint(picker.x_of(end), y)
    QTest.mouseMove(picker, to)
    picker._move_handle(picker._snapped(to.x(), Still()))
    QTest.mouseRelease(picker, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)


class Still:
    """An event with no key held."""

    def modifiers(self):
        return Qt.KeyboardModifier.NoModifier


def test_a_range_is_set_with_the_keyboard_too(made, panel, begin) -> None:
    begin(O.REPLACE_SECTION)
    picker = panel.form.source.picker
    QTest.keyClick(picker, Qt.Key.Key_Right)
    assert made.create.state.draft.start == pytest.approx(52.5), "a beat"
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert made.create.state.draft.end == pytest.approx(85.9)
    panel.form.source.start.setValue(40.0)
    assert made.create.state.draft.start == 40.0
    assert panel.form.source.start.text() == "0:40.0"
    assert panel.form.source.start.valueFromText("1:07.4") == pytest.approx(67.4)


def test_a_sample_keeps_within_what_the_service_takes(made, panel, begin) -> None:
    begin(O.SAMPLE)
    picker = panel.form.source.picker
    QTest.keyClick(picker, Qt.Key.Key_Home)
    draft = made.create.state.draft
    assert (draft.start, draft.end) == (0.0, 60.0)


def test_an_extension_goes_on_from_the_end_or_from_a_place(made, panel, begin, qtbot) -> None:
    begin(O.EXTEND)
    assert made.create.state.draft.start is None, "the service knows the end to the sample"
    QTest.keyClick(panel.form.source.picker, Qt.Key.Key_Left)
    assert made.create.state.draft.start == pytest.approx(197.5)
    QTest.keyClick(panel.form.source.picker, Qt.Key.Key_End)
    assert made.create.state.draft.start is None
    made.create.set_range(86.0, 198.0)
    made.create.set_mode(Mode.INSTRUMENTAL)
    made.create.create()
    assert (sent(made, qtbot).start, sent(made, qtbot).end) == (86.0, None)


def test_the_range_can_be_heard_before_it_is_sent(made, panel, begin, qtbot) -> None:
    begin(O.REPLACE_SECTION)
    with qtbot.waitSignal(made.create.hear_asked) as asked:
        QTest.mouseClick(panel.form.source.hear, Qt.MouseButton.LeftButton)
    assert asked.args == ["one", "one-A", 52.0, 86.0]


def test_a_mash_up_waits_for_its_second_take(made, panel, begin, qtbot) -> None:
    begin(O.MASHUP)
    made.create.set_lyrics("[Verse]\nTwo")
    assert made.create.wants_second
    assert panel.foot.button.text() == "Choose a second take"
    second = song("two")
    made.create.mash_with(second, second.takes[0])
    assert not made.create.wants_second
    assert panel.form.source.second.isVisible()
    made.create.create()
    assert sent(made, qtbot).second == Source("two", "two-A", "clip-two", "Neon Rain")


def test_a_take_that_is_no_clip_is_handed_over_as_a_file(made, begin, qtbot) -> None:
    begin(O.UPLOAD_COVER, song("mine", profile_id="", clip_id=""))
    made.create.create()
    assert sent(made, qtbot).url == "file:///music/song/A.mp3"


def test_an_old_take_is_told_before_sending(made, panel, begin, qtbot) -> None:
    made.create.clock = lambda: 10 * 86400.0
    begin(O.REMASTER, song(created_at=86400.0))
    assert "older than a day" in panel.form.source._note.text()
    assert panel.foot.button.isEnabled()


def test_fix_and_try_again_brings_the_operation_back(made, panel, begin, qtbot) -> None:
    begin(O.REPLACE_SECTION)
    made.create.set_section_lyrics("New words")
    made.create.create()
    request = sent(made, qtbot)
    qtbot.waitUntil(lambda: made.create.state.plain)
    with qtbot.waitSignal(made.create.opened):
        made.create.use(request)
    draft = made.create.state.draft
    assert (draft.operation, draft.section_lyrics, draft.start, draft.end) == (
        O.REPLACE_SECTION,
        "New words",
        52.0,
        86.0,
    )


def test_nuro_asks_for_its_lists_and_sends_them(made, panel, qtbot) -> None:
    made.create.set_model("", System.NURO)
    made.create.set_mode(Mode.INSTRUMENTAL)
    assert [mode.value for mode in made.create.state.modes] == ["lyrics", "instrumental"]
    made.create.set_description("rain on a tin roof")
    made.create.set_duration(30)
    genre = panel.form.extras.field("genre")
    QTest.keyClicks(genre.line(), "ambient,epic,")
    assert panel.foot.button.text() == "Create 1 take · about 10 credits"
    made.create.create()
    request = sent(made, qtbot)
    assert (request.operation, request.extra["genre"], request.model) == (O.NURO_BGM, ["ambient", "epic"], "")


def test_more_words_than_a_list_holds_are_told(made, panel) -> None:
    made.create.set_model("", System.NURO)
    made.create.set_mode(Mode.INSTRUMENTAL)
    made.create.set_description("rain")
    made.create.set_extra("genre", ["rock", "jazz", "folk", "funk", "epic", "dark"])
    assert panel.form.extras._notes["genre"].text() == "At most 5 of these."
    assert not panel.foot.button.isEnabled()


def test_the_parts_of_nuros_second_version_are_written_as_text(made, panel) -> None:
    made.create.set_model("", System.NURO)
    made.create.set_mode(Mode.INSTRUMENTAL)
    made.create.set_extra("version", "v2.0")
    line = panel.form.extras.field("segments")
    QTest.keyClicks(line, "intro 10, verse 30")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert made.create.state.draft.extra["segments"] == [
        {"name": "intro", "duration": 10},
        {"name": "verse", "duration": 30},
    ]


def test_producer_has_its_own_strengths(made, panel, qtbot) -> None:
    made.create.set_model("FUZZ-2.0", System.PRODUCER)
    made.create.set_mode(Mode.INSTRUMENTAL)
    made.create.set_style("sea shanty")
    made.create.set_extra("sound_strength", 0.8)
    made.create.set_extra("seed", "42")
    made.create.create()
    request = sent(made, qtbot)
    assert (request.operation, request.extra) == (O.PRODUCER_CREATE, {"sound_strength": 0.8, "seed": "42"})


def test_a_persona_sings(made, panel, qtbot) -> None:
    made.create.know_personas((Persona("p1", "Mara", CLOUD.id), Persona("p2", "Other", "elsewhere")))
    assert [panel.form.options.singer.itemText(i) for i in range(panel.form.options.singer.count())] == [
        "No persona",
        "Mara",
    ]
    made.create.set_persona("p1")
    made.create.set_description("rain")
    made.create.create()
    request = sent(made, qtbot)
    assert (request.operation, request.persona_id) == (O.WITH_PERSONA, "p1")


def test_one_request_goes_to_several_models(made, panel, qtbot) -> None:
    made.create.set_description("rain")
    made.create.compare_with(("sonic-v5", "sonic-v4-5"))
    assert panel._also.whole() == "Compared with Sonic v5, Sonic v4.5"
    assert panel.foot.button.text() == "Create 6 takes · about 45 credits"
    made.create.create()
    qtbot.waitUntil(lambda: len(made.submit.kept) == 3)
    assert [request.model for request, _, _ in made.submit.kept] == ["sonic-v6", "sonic-v5", "sonic-v4-5"]


def test_a_model_nobody_heard_of_can_be_named(made, panel) -> None:
    made.create.set_model("sonic-v9")
    assert panel.model.text() == "sonic-v9"
    menu = ModelMenu(made.create, panel)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert "sonic-v9" in texts
    assert "Other model…" in texts
    assert "FUZZ-2.0" in texts


def test_the_service_may_write_the_words_of_a_brief(made, panel, qtbot) -> None:
    made.create.set_mode(Mode.LYRICS)
    made.create.set_lyrics("about the harbour")
    QTest.mouseClick(panel.form.auto_lyrics, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    made.create.create()
    assert sent(made, qtbot).extra == {"auto_lyrics": True}


@pytest.mark.parametrize("operation", [O.EXTEND, O.REPLACE_SECTION, O.REMASTER, O.MASHUP, O.SAMPLE, O.PERSONA])
def test_every_control_of_an_operation_has_a_name(panel, begin, operation) -> None:
    begin(operation)
    unnamed = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert unnamed == []


def test_an_example_is_made_with_the_family_in_use(made, panel) -> None:
    made.create.set_model("FUZZ-2.0", System.PRODUCER)
    made.create.fill_example(0)
    assert made.create.state.operation is O.PRODUCER_CREATE
    assert made.create.state.can_create


def test_an_address_that_an_operation_has_no_field_for_goes_no_further() -> None:
    """A dropped file may carry any request in its tags."""
    planted = Request(description="rain", url="file:///etc/passwd", extra={"webhook_url": "https://elsewhere.example"})
    sent = to_send(planted, rules_of(O.CREATE))
    assert (sent.url, sent.extra, sent.description) == ("", {}, "rain")
    assert to_send(replace(planted, operation=O.UPLOAD_COVER), rules_of(O.UPLOAD_COVER)).url == planted.url
