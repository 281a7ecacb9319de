"""Every command of the app: one table, and the QActions made from it.

Bare keys (Space, letters, digits, arrows) are taken off while the focus is where they mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from musicapi_desktop.presenters.translate import QT_TRANSLATE_NOOP


class Context(StrEnum):
    """Where a command's keys work."""

    WINDOW = "window"
    VIEW = "view"
    """Only while the focus is inside the widget the command was bound to."""


class Group(StrEnum):
    """The headings of the shortcut sheet."""

    PLAYING = QT_TRANSLATE_NOOP("Actions", "Playing")
    MIXER = QT_TRANSLATE_NOOP("Actions", "Mixer")
    CREATE = QT_TRANSLATE_NOOP("Actions", "Create")
    LIBRARY = QT_TRANSLATE_NOOP("Actions", "Library")
    WINDOW = QT_TRANSLATE_NOOP("Actions", "Window")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``count`` above 1 makes a family ``id.1`` … ``id.count`` with ``{n}`` in its keys and text."""

    id: str
    text: str
    keys: tuple[str, ...]
    group: Group
    context: Context = Context.WINDOW
    count: int = 1

    def members(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The (id, translated text, keys) of each member; one for a command that is not a family."""
        text = QCoreApplication.translate("Actions", self.text)
        if self.count == 1:
            yield self.id, text, self.keys
            return
        for n in range(1, self.count + 1):
            yield f"{self.id}.{n}", text.format(n=n), tuple(key.format(n=n) for key in self.keys)


_P, _M, _C, _L, _W = Group.PLAYING, Group.MIXER, Group.CREATE, Group.LIBRARY, Group.WINDOW
_VIEW: Final = Context.VIEW

ACTIONS: Final = (
    Command(
        "play.toggle",
        QT_TRANSLATE_NOOP("Actions", "Play or pause"),
        ("Space", "Media Play", "Toggle Media Play/Pause"),
        _P,
    ),
    Command("play.selected", QT_TRANSLATE_NOOP("Actions", "Play the selected song"), ("Return", "Enter"), _P, _VIEW),
    Command(
        "play.escape", QT_TRANSLATE_NOOP("Actions", "Stop listening in, clear the loop, leave the field"), ("Esc",), _P
    ),
    Command("play.back", QT_TRANSLATE_NOOP("Actions", "Back 5 seconds"), ("Left",), _P),
    Command("play.forward", QT_TRANSLATE_NOOP("Actions", "Forward 5 seconds"), ("Right",), _P),
    Command("play.back_fine", QT_TRANSLATE_NOOP("Actions", "Back 1 second"), ("Shift+Left",), _P),
    Command("play.forward_fine", QT_TRANSLATE_NOOP("Actions", "Forward 1 second"), ("Shift+Right",), _P),
    Command("play.section_back", QT_TRANSLATE_NOOP("Actions", "To the section before"), ("Ctrl+Left",), _P),
    Command("play.section_forward", QT_TRANSLATE_NOOP("Actions", "To the next section"), ("Ctrl+Right",), _P),
    Command("play.previous", QT_TRANSLATE_NOOP("Actions", "Previous song"), ("Media Previous",), _P),
    Command("play.next", QT_TRANSLATE_NOOP("Actions", "Next song"), ("Media Next",), _P),
    Command("loop.in", QT_TRANSLATE_NOOP("Actions", "Loop starts here"), ("[",), _P),
    Command("loop.out", QT_TRANSLATE_NOOP("Actions", "Loop ends here"), ("]",), _P),
    Command("loop.toggle", QT_TRANSLATE_NOOP("Actions", "Loop on or off"), ("L",), _P),
    Command("take", QT_TRANSLATE_NOOP("Actions", "Switch to take {n}"), ("{n}",), _P, count=9),
    Command("take.blind", QT_TRANSLATE_NOOP("Actions", "Compare takes blind"), ("B",), _P),
    Command("mixer.mute_focused", QT_TRANSLATE_NOOP("Actions", "Mute the strip with the focus"), ("M",), _M),
    Command("mixer.solo_focused", QT_TRANSLATE_NOOP("Actions", "Solo the strip with the focus"), ("S",), _M),
    Command("mixer.mute", QT_TRANSLATE_NOOP("Actions", "Mute stem {n}"), ("Alt+{n}",), _M, count=9),
    Command("mixer.solo", QT_TRANSLATE_NOOP("Actions", "Solo stem {n}"), ("Alt+Shift+{n}",), _M, count=9),
    Command("mixer.closer", QT_TRANSLATE_NOOP("Actions", "Show less of the song, closer"), ("Z",), _M),
    Command("mixer.wider", QT_TRANSLATE_NOOP("Actions", "Show more of the song"), ("Shift+Z",), _M),
    Command("mixer.zoom_loop", QT_TRANSLATE_NOOP("Actions", "Show the loop, or the whole song"), ("Alt+Z",), _M),
    Command("edit.undo", QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",), _M),
    Command("edit.redo", QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z",), _M),
    Command("export", QT_TRANSLATE_NOOP("Actions", "Export"), ("Ctrl+E",), _M),
    Command("create.send", QT_TRANSLATE_NOOP("Actions", "Create"), ("Ctrl+Return", "Ctrl+Enter"), _C, _VIEW),
    Command(
        "create.hold", QT_TRANSLATE_NOOP("Actions", "Add to the queue, held"), ("Alt+Return", "Alt+Enter"), _C, _VIEW
    ),
    Command("create.section_up", QT_TRANSLATE_NOOP("Actions", "Move the section up"), ("Alt+Up",), _C, _VIEW),
    Command("create.section_down", QT_TRANSLATE_NOOP("Actions", "Move the section down"), ("Alt+Down",), _C, _VIEW),
    Command("library.search", QT_TRANSLATE_NOOP("Actions", "Search"), ("Ctrl+F",), _L),
    Command(
        "library.open_mixer",
        QT_TRANSLATE_NOOP("Actions", "Open in the mixer"),
        ("Ctrl+Return", "Ctrl+Enter"),
        _L,
        _VIEW,
    ),
    Command("library.favourite", QT_TRANSLATE_NOOP("Actions", "Favourite"), ("F",), _L, _VIEW),
    Command("library.rate", QT_TRANSLATE_NOOP("Actions", "Rate {n}"), ("Ctrl+{n}",), _L, _VIEW, count=5),
    Command("library.rename", QT_TRANSLATE_NOOP("Actions", "Rename"), ("F2",), _L, _VIEW),
    Command("library.trash", QT_TRANSLATE_NOOP("Actions", "Move to the trash"), ("Del",), _L, _VIEW),
    Command("queue.up", QT_TRANSLATE_NOOP("Actions", "Earlier in the queue"), ("Ctrl+Up",), _L, _VIEW),
    Command("queue.down", QT_TRANSLATE_NOOP("Actions", "Later in the queue"), ("Ctrl+Down",), _L, _VIEW),
    Command("area.create", QT_TRANSLATE_NOOP("Actions", "New song"), ("Ctrl+1",), _W),
    Command("area.library", QT_TRANSLATE_NOOP("Actions", "Library"), ("Ctrl+2",), _W),
    Command("area.mixer", QT_TRANSLATE_NOOP("Actions", "Mixer"), ("Ctrl+3",), _W),
    Command("area.queue", QT_TRANSLATE_NOOP("Actions", "Queue"), ("Ctrl+4",), _W),
    Command("view.inspector", QT_TRANSLATE_NOOP("Actions", "Show or hide the details"), ("Ctrl+I",), _W),
    Command("view.full_screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), ("F11",), _W),
    Command("settings", QT_TRANSLATE_NOOP("Actions", "Settings"), ("Ctrl+,",), _W),
    Command("palette", QT_TRANSLATE_NOOP("Actions", "All commands"), ("Ctrl+K",), _W),
    Command("help.shortcuts", QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), ("F1", "?"), _W),
    Command("app.quit", QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), _W),
)
"""All commands, in the order of the sheet."""

KEYS_PROPERTY: Final = "takes_keys"
"""A widget that acts on bare keys itself says which: ``text``, ``button``, ``list``, ``songs`` or ``radio``."""

_ESCAPE: Final = "play.escape"
"""Its method returns True where it found something to stop; otherwise Esc leaves the field that is typed in."""

_OF_SONGS: Final = frozenset(f"Ctrl+{n}" for n in range(1, 6))
"""In the list of songs these give stars; everywhere else they go to an area."""
_ARROWS: Final = frozenset({"Left", "Right", "Shift+Left", "Shift+Right", "Ctrl+Left", "Ctrl+Right"})
_EDITING: Final = frozenset({"Ctrl+Z", "Ctrl+Shift+Z", "Del"})
_PRESSING: Final = frozenset({"Space", "Return", "Enter"})


def _bare(key: str) -> bool:
    return key in {"Space", "Return", "Enter"} or len(key) == 1


def kept_from(focus: str, key: str) -> bool:
    """Tell whether a widget that takes ``focus`` (one of ``KEYS_PROPERTY``'s words, or empty) needs ``key`` itself."""
    match focus:
        case "text":
            return _bare(key) or key in _ARROWS or key in _EDITING
        case "button":
            return key in _PRESSING
        case "list" | "songs":
            return key in _ARROWS
        case "radio":
            return key in _PRESSING or key in _ARROWS
        case _:
            return False


def focus_kind(widget: QWidget | None) -> str:
    """What the focus is in: ``text``, ``button``, ``list`` or nothing that takes bare keys."""
    said = widget.property(KEYS_PROPERTY) if widget is not None else None
    if isinstance(said, str):
        return said
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit | QAbstractSpinBox):
        return "text"
    if isinstance(widget, QAbstractButton | QComboBox):
        return "button"
    if isinstance(widget, QAbstractItemView | QAbstractSlider | QTabBar):
        return "list"
    return ""


class Actions(QObject):
    """The QActions of one window. ``bind`` gives a command its method; what is not bound is not offered."""

    bound = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._focus = ""
        self._methods: dict[str, Callable[[], object]] = {}
        self._actions: dict[str, QAction] = {}
        self._known = {member[0]: (command, member) for command in ACTIONS for member in command.members()}
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def bind(self, action_id: str, method: Callable[[], object], owner: QWidget | None = None) -> QAction:
        """Let a command call ``method``. ``owner`` is the view it belongs to; needed where its context is VIEW.

        Raises KeyError for an unknown id. Binding again replaces the method.
        """
        command, (_id, text, _keys) = self._known[action_id]
        self._methods[action_id] = method
        if action_id in self._actions:
            return self._actions[action_id]
        home = owner if owner is not None and command.context is Context.VIEW else self._window
        action = QAction(text, home)
        action.setData(action_id)
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if command.context is Context.VIEW
            else Qt.ShortcutContext.WindowShortcut
        )
        action.setShortcuts(self._live(action_id))
        action.triggered.connect(self._triggered)
        home.addAction(action)
        self._actions[action_id] = action
        self.bound.emit(action_id)
        return action

    def bind_family(self, family: str, method: Callable[[int], object]) -> None:
        """Bind every member of a family to ``method(n)``, n from 1."""
        command = next(c for c in ACTIONS if c.id == family and c.count > 1)
        for n, (member, _text, _keys) in enumerate(command.members(), 1):
            self.bind(member, _Nth(method, n))

    def action(self, action_id: str) -> QAction | None:
        """The QAction of a bound command, for menus."""
        return self._actions.get(action_id)

    def enable(self, action_id: str, on: bool) -> None:
        """Offer a bound command, or not."""
        action = self._actions.get(action_id)
        if action is not None:
            action.setEnabled(on)

    def trigger(self, action_id: str) -> bool:
        """Do a command as if its key was pressed; False where it is not bound or not enabled."""
        action = self._actions.get(action_id)
        if action is None or not action.isEnabled():
            return False
        action.trigger()
        return True

    def is_bound(self, command: Command) -> bool:
        """True where the command, or a member of the family, does something."""
        return any(member[0] in self._methods for member in command.members())

    @Slot()
    def _triggered(self) -> None:
        sender = self.sender()
        if not isinstance(sender, QAction):
            return
        action_id = str(sender.data())
        used = self._methods[action_id]()
        focus = QApplication.focusWidget()
        if action_id == _ESCAPE and used is not True and focus is not None and focus_kind(focus) == "text":
            focus.clearFocus()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        kind = focus_kind(new)
        if new is None or kind == self._focus:
            return
        self._focus = kind
        for action_id, action in self._actions.items():
            live = self._live(action_id)
            if live != action.shortcuts():
                action.setShortcuts(live)

    def _live(self, action_id: str) -> list[QKeySequence]:
        command, (_id, _text, keys) = self._known[action_id]
        rating = self._focus == "songs" and command.context is Context.WINDOW
        taken = _OF_SONGS if rating else frozenset[str]()
        return [QKeySequence(key) for key in keys if not kept_from(self._focus, key) and key not in taken]


@dataclass(frozen=True, slots=True)
class _Nth:
    """A family's method with its number."""

    method: Callable[[int], object]
    n: int

    def __call__(self) -> object:
        return self.method(self.n)


def keys_text(command: Command) -> str:
    """The keys of a command as the sheet shows them, in the system's own spelling."""
    shown: list[str] = []
    for key in command.keys:
        if "Media" in key or key == "Enter" or key.endswith("+Enter"):
            continue
        # "Return" is the key that everybody calls Enter; the keypad's own is the same command
        spelled = (
            QKeySequence(key.format(n=1)).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
        )
        shown.append(f"{spelled} … {command.count}" if command.count > 1 else spelled)
    return " · ".join(shown)
