"""The one style sheet, built from tokens and keyed by the dynamic property ``kind``.

Each function returns the rules of one family of widgets with ``$role`` placeholders. A new kind is a block of its own.
Rings of the focus take a pixel from the padding, so nothing moves when the focus does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template

from musicapi_desktop.settings.locations import resource

from . import fonts


def sheet(scheme: str, colours: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    """The sheet for a scheme (``dark`` or ``light``) with its colours (role → ``#rrggbb``) and sizes in pixels."""
    values: dict[str, object] = {
        **colours,
        **sizes,
        **{f"pt_{step}": fonts.points(step) for step in fonts.STEPS},
        "icons": resource("themes").as_posix(),
        "scheme": scheme,
    }
    return Template(_template()).substitute(values)


@cache
def _template() -> str:
    return "\n".join(
        (
            _base(),
            _labels(),
            _frames(),
            _buttons(),
            _fields(),
            _choices(),
            _sliders(),
            _tables(),
            _scrolling(),
            _popups(),
        )
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A box with a border that becomes a ring of the focus. Pixels; ``height`` is the whole, 0 leaves it open."""

    ground: str
    line: str
    ink: str = "$text"
    radius: int = 8
    height: int = 0
    pad: int = 12

    def rules(self, selector: str, hover: str = "", extra: str = "") -> str:
        """The rules of ``selector``: at rest, under the pointer, with the focus, disabled."""
        return "\n".join(
            (
                f"{selector} {{ background: {self.ground}; color: {self.ink}; border: 1px solid {self.line};",
                f"  border-radius: {self.radius}px; {self._inside(1)} {extra} }}",
                f"{self._each(selector, ':hover')} {{ background: {hover}; }}" if hover else "",
                f"{self._each(selector, ':focus')} {{ border: 2px solid $focus; {self._inside(2)} }}",
                f"{self._each(selector, ':disabled')} {{ color: $text_faint; }}",
            )
        )

    def _inside(self, border: int) -> str:
        height = f"min-height: {self.height - 2 * border}px; max-height: {self.height - 2 * border}px;"
        return f"padding: 0 {max(0, self.pad - border)}px; {height if self.height else ''}"

    def _each(self, selector: str, state: str) -> str:
        return ", ".join(part.strip() + state for part in selector.split(","))


def _base() -> str:
    return """
    QWidget { color: $text; font-size: ${pt_base}pt; }
    QMainWindow, QDialog { background: $bg; }
    QSplitter::handle { background: $line; }
    QSplitter::handle:horizontal { width: 1px; }
    QSplitter::handle:vertical { height: 1px; }
    """


def _labels() -> str:
    return """
    QLabel { background: transparent; }
    QLabel[kind="display"] { font-size: ${pt_display}pt; font-weight: 700; }
    QLabel[kind="heading"] { font-size: ${pt_heading}pt; font-weight: 700; }
    QLabel[kind="title"] { font-size: ${pt_title}pt; font-weight: 600; }
    QLabel[kind="field"] { font-size: ${pt_small}pt; font-weight: 500; }
    QLabel[kind="strong"] { font-weight: 600; }
    QLabel[kind="dim"] { color: $text_dim; }
    QLabel[kind="faint"] { color: $text_faint; }
    QLabel[kind="caption"] { color: $text_dim; font-size: ${pt_small}pt; }
    QLabel[kind="tiny"] { color: $text_faint; font-size: ${pt_caption}pt; }
    QLabel[kind="error"] { color: $bad; font-size: ${pt_small}pt; }
    QLabel[kind="warn"] { color: $warn; font-size: ${pt_small}pt; }
    QLabel[kind="ok"] { color: $ok; font-size: ${pt_small}pt; }
    QLabel[kind="badge"] { background: $accent; color: $on_accent; border-radius: 8px; font-size: ${pt_caption}pt;
      font-weight: 700; padding: 0 4px; min-width: 8px; min-height: 16px; max-height: 16px; }
    QLabel[kind="tag"] { background: $raised; color: $text_dim; border: 1px solid $line; border-radius: 5px;
      font-size: ${pt_caption}pt; font-weight: 600; padding: 1px 5px; }
    QLabel[kind="key"] { background: $raised; color: $text; border: 1px solid $line_strong; border-radius: 5px;
      font-size: ${pt_caption}pt; font-weight: 600; padding: 1px 6px; }
    """


def _frames() -> str:
    return """
    QFrame[kind="panel"] { background: $panel; border: none; }
    QFrame[kind="bg"] { background: $bg; border: none; }
    QFrame[kind="rail"] { background: $sunk; border: none; border-right: 1px solid $line; }
    QFrame[kind="bar"] { background: $panel; border: none; border-top: 1px solid $line; }
    QFrame[kind="head"] { background: $bg; border: none; border-bottom: 1px solid $line; }
    QFrame[kind="foot"] { background: $panel; border: none; border-top: 1px solid $line; }
    QFrame[kind="card"] { background: $panel; border: 1px solid $line; border-radius: 12px; }
    QFrame[kind="sunk"] { background: $sunk; border: 1px solid $line; border-radius: 8px; }
    QFrame[kind="sunk"][ring="true"] { border: 2px solid $focus; }
    QFrame[kind="sunk"][wrong="true"] { border: 1px solid $bad; }
    QFrame[kind="toast"] { background: $raised; border: 1px solid $line_strong; border-radius: 10px; }
    QFrame[kind="line"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
    QFrame[kind="chip"] { background: $raised; border: 1px solid $line; border-radius: 12px; }
    QLabel[kind="chip_on"] { background: $accent_soft; color: $accent; border-radius: 11px; padding: 0 8px;
      font-size: ${pt_small}pt; min-height: 22px; max-height: 22px; }
    QFrame[kind="chip"][marked="true"] { border: 2px solid $focus; }
    QLabel[kind="chip_text"] { font-size: ${pt_small}pt; }
    QFrame[kind="segments"] { background: $sunk; border: none; border-radius: 8px; }
    """


def _buttons() -> str:
    of = 'QAbstractButton[kind="{}"]'.format
    primary = _Box("$accent", "$accent", "$on_accent", 8, 0, 16)
    chip = _Box("$raised", "$line", "$text", 13, 26, 11)
    rail = _Box("transparent", "transparent", "$text_dim", 10, 0, 0)
    small = "font-size: ${pt_small}pt;"
    return "\n".join(
        (
            _Box("$raised", "$line", "$text", 8, 32, 13).rules("QPushButton, " + of("plain"), "$selection"),
            primary.rules(of("primary"), extra="font-weight: 600; min-height: 32px;"),
            f'{of("primary")}[large="true"] {{ min-height: 42px; font-size: ${{pt_title}}pt; font-weight: 700; }}',
            f"{of('primary')}:hover {{ border-color: $text; }}",
            f"{of('primary')}:disabled {{ background: $accent_soft; color: $text_dim; border-color: $accent_soft; }}",
            _Box("transparent", "transparent", "$text_dim", 8, 32, 11).rules(of("quiet"), "$raised"),
            _Box("transparent", "transparent", "$text_dim", 6, 24, 5).rules(of("link"), "$raised", small),
            _Box("transparent", "transparent", "$text", 8, 32, 5).rules(of("icon"), "$raised"),
            _Box("transparent", "$line_strong", "$bad", 8, 32, 13).rules(of("danger"), "$raised"),
            chip.rules(of("chip"), "$selection", small),
            f"{of('chip')}:checked {{ background: $accent_soft; color: $accent; border-color: $accent_soft; }}",
            _Box("transparent", "$line_strong", "$text_dim", 12, 24, 9).rules(of("tag_chip"), "$raised", small),
            _Box("$accent_soft", "$accent_soft", "$accent", 13, 26, 11).rules(of("chip_on"), extra=small),
            _Box("transparent", "transparent", "$text_dim", 6, 24, 2).rules(of("tiny_icon"), "$selection"),
            _Box("transparent", "transparent", "$text_dim", 9, 18, 2).rules(of("chip_cross"), "$selection"),
            _Box("$raised", "$line", "$text", 8, 32, 12).rules(of("menu"), "$selection", "padding-right: 28px;"),
            f"{of('menu')}:focus {{ padding-right: 27px; }}",
            chip.rules(of("chip_menu"), "$selection", small + " padding-right: 28px;"),
            f"{of('chip_menu')}:focus {{ padding-right: 27px; }}",
            _Box("transparent", "transparent", "$text_dim", 6, 24, 2).rules(
                of("disclosure"), extra=small + " text-align: left;"
            ),
            f"{of('disclosure')}:hover {{ color: $text; }}",
            rail.rules(of("rail"), "$panel", "font-size: ${pt_caption}pt;"),
            f"{of('rail')}:checked {{ background: $raised; color: $text; }}",
            _Box("transparent", "transparent", "$text_dim", 7, 30, 10).rules(of("segment"), "$panel"),
            f"{of('segment')}:checked {{ background: $raised; color: $text; border: 1px solid $line_strong; }}",
            f"{of('segment')}:checked:focus {{ border: 2px solid $focus; }}",
            f"{of('segment')}:disabled {{ color: $line_strong; }}",
            "QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }",
        )
    )


def _fields() -> str:
    one_line = _Box("$sunk", "$line", radius=8, height=34, pad=10)
    return "\n".join(
        (
            one_line.rules("QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox"),
            """
            QLineEdit, QPlainTextEdit, QTextEdit { selection-background-color: $selection; selection-color: $text; }
            QPlainTextEdit, QTextEdit { background: $sunk; border: 1px solid $line; border-radius: 8px; padding: 5px; }
            QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 4px; }
            QLineEdit[wrong="true"], QTextEdit[wrong="true"] { border: 1px solid $bad; }
            QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { background: transparent; border: none; padding: 0;
              min-height: 24px; max-height: 24px; }
            QTextEdit[kind="bare"], QTextEdit[kind="bare"]:focus { background: transparent; border: none;
              padding: 0; }
            QSpinBox[kind="stepper"] { min-height: 22px; max-height: 22px; padding: 0 2px; border-radius: 6px;
              font-weight: 600; }
            QSpinBox[kind="stepper"]:focus { min-height: 20px; max-height: 20px; padding: 0 1px; }
            QDoubleSpinBox[kind="time"] { min-height: 22px; max-height: 22px; padding: 0 4px; border-radius: 6px; }
            QDoubleSpinBox[kind="time"]:focus { min-height: 20px; max-height: 20px; padding: 0 3px; }
            QComboBox::drop-down { border: none; width: 24px; }
            QComboBox::down-arrow { image: url($icons/down-$scheme.svg); width: 14px; height: 14px; }
            QComboBox QAbstractItemView { background: $raised; border: 1px solid $line_strong; outline: none;
              selection-background-color: $selection; }
            QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
              width: 0; border: none; }
            """,
        )
    )


def _choices() -> str:
    return """
    QCheckBox, QRadioButton { spacing: 8px; background: transparent; border-radius: 6px; padding: 2px; }
    QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; padding: 0; }
    QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $line_strong;
      background: $sunk; }
    QCheckBox::indicator { border-radius: 4px; }
    QRadioButton::indicator { border-radius: 9px; }
    QCheckBox::indicator:checked { background: $accent; border-color: $accent;
      image: url($icons/check-$scheme.svg); }
    QRadioButton::indicator:checked { background: $accent; border: 5px solid $sunk; width: 8px; height: 8px; }
    QProgressBar { background: $line; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
    QProgressBar::chunk { background: $accent; border-radius: 2px; }
    """


def _sliders() -> str:
    return """
    QSlider { background: transparent; min-height: 22px; border-radius: 6px; }
    QSlider::groove:horizontal { height: 4px; background: $line_strong; border-radius: 2px; }
    QSlider::sub-page:horizontal { background: $text; border-radius: 2px; }
    QSlider::sub-page:horizontal:disabled { background: $line_strong; }
    QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text; }
    QSlider::handle:horizontal:focus { border: 2px solid $focus; width: 14px; height: 14px; margin: -7px 0;
      border-radius: 9px; }
    QSlider::handle:horizontal:disabled { background: $line_strong; }
    """


def _tables() -> str:
    return """
    QAbstractItemView { background: $bg; border: none; outline: none; selection-background-color: $selection;
      selection-color: $text; }
    QAbstractItemView:focus { border: none; }
    QHeaderView { background: $bg; border: none; }
    QHeaderView::section { background: $bg; color: $text_dim; border: none; border-bottom: 1px solid $line;
      padding: 0 6px; font-size: ${pt_small}pt; min-height: 28px; }
    QHeaderView::section:hover { color: $text; }
    QListView[kind="nav"], QListView[kind="nav"]:focus { background: transparent; border: none; }
    QListView[kind="nav"]::item { color: $text_dim; border-radius: 8px; min-height: 34px; padding: 0 10px;
      border: 1px solid transparent; }
    QListView[kind="nav"]::item:hover { background: $raised; }
    QListView[kind="nav"]::item:selected { background: $raised; color: $text; }
    QListView[kind="nav"]::item:selected:focus { border: 2px solid $focus; }
    QListView[kind="plain"], QListView[kind="plain"]:focus { background: transparent; border: none; }
    QListView[kind="plain"]::item { padding: 1px 0; }
    QListView[kind="plain"]::item:selected, QListView[kind="plain"]::item:hover { background: transparent; }
    QTreeView[kind="plain"], QTreeView[kind="plain"]:focus { background: transparent; border: none; }
    QTreeView[kind="plain"]::item { border-radius: 6px; padding: 2px 4px; border: 1px solid transparent; }
    QTreeView[kind="plain"]::item:hover { background: $raised; }
    QTreeView[kind="plain"]::item:selected { background: $selection; color: $text; }
    QTreeView[kind="plain"]::item:selected:focus { border: 2px solid $focus; }
    QTreeView[kind="plain"]::branch { background: transparent; }
    QListView[kind="popup"], QListView[kind="popup"]:focus { background: $raised; border: 1px solid $line_strong; }
    QListView[kind="popup"]::item { padding: 5px 10px; }
    QListView[kind="popup"]::item:selected { background: $selection; color: $text; }
    QTabBar { background: transparent; border: none; }
    QTabBar::tab { background: transparent; color: $text_dim; border: none; border-bottom: 2px solid transparent;
      padding: 8px 2px; margin-right: 16px; }
    QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
    QTabBar::tab:hover { color: $text; }
    QTabBar::tab:selected:focus { border-bottom: 2px solid $focus; }
    QTabWidget::pane { border: none; border-top: 1px solid $line; }
    """


def _scrolling() -> str:
    return """
    QScrollArea { background: transparent; border: none; }
    QScrollBar { background: transparent; border: none; margin: 0; }
    QScrollBar:vertical { width: 10px; }
    QScrollBar:horizontal { height: 10px; }
    QScrollBar::handle { background: $line_strong; border-radius: 3px; margin: 2px; }
    QScrollBar::handle:hover { background: $text_faint; }
    QScrollBar::handle:vertical { min-height: 28px; }
    QScrollBar::handle:horizontal { min-width: 28px; }
    QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
    QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
    QAbstractScrollArea::corner { background: transparent; }
    """


def _popups() -> str:
    return """
    QMenu { background: $raised; border: 1px solid $line_strong; border-radius: 4px; padding: 5px; }
    QMenu::item { padding: 6px 26px 6px 10px; border-radius: 5px; background: transparent; }
    QMenu::item:selected { background: $selection; }
    QMenu::item:disabled { color: $text_faint; }
    QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
    QMenu::icon { padding-left: 8px; }
    QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }
    QToolTip { background: $raised; color: $text; border: 1px solid $line_strong; padding: 4px 6px; }
    """
