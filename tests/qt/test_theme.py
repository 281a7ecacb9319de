"""The tokens, the sheet, the icons: contrast, completeness, and following the system."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QImage
from PySide6.QtWidgets import QPushButton

from musicapi_desktop.domain.song import STEM_KINDS
from musicapi_desktop.settings.locations import resource
from musicapi_desktop.ui.theme import fonts, icons, theme
from musicapi_desktop.ui.theme.sheet import sheet
from musicapi_desktop.ui.theme.tokens import ROLES, SURFACES, TEXT_ROLES, tokens

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def _luminance(name: str) -> float:
    colour = QColor(name)
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_text_role_is_readable_on_every_surface(scheme: str) -> None:
    colours = tokens().scheme(scheme)
    low = {
        f"{text} on {surface}": round(contrast(colours[text], colours[surface]), 2)
        for text, surface in itertools.product(TEXT_ROLES, SURFACES)
        if contrast(colours[text], colours[surface]) < 4.5
    }
    assert not low


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_pairs_the_sheet_uses_are_readable(scheme: str) -> None:
    colours = tokens().scheme(scheme)
    assert contrast(colours["on_accent"], colours["accent"]) >= 4.5
    assert contrast(colours["accent"], colours["accent_soft"]) >= 4.5
    assert contrast(colours["text_dim"], colours["accent_soft"]) >= 4.5
    for surface in SURFACES:
        assert contrast(colours["focus"], colours[surface]) >= 3.0


def test_both_schemes_name_every_role_and_every_stem() -> None:
    for scheme in ("dark", "light"):
        assert set(ROLES) == set(tokens().scheme(scheme))
    assert set(STEM_KINDS) == set(tokens().stems)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_sheet_leaves_no_placeholder_and_names_real_files(scheme: str) -> None:
    made = sheet(scheme, tokens().scheme(scheme), tokens().size)
    assert "$" not in made
    for path in re.findall(r"url\(([^)]+)\)", made):
        assert resource("themes").joinpath(path.rpartition("/")[2]).is_file()


@pytest.mark.parametrize(("name", "role"), [("check", "on_accent"), ("down", "text_dim")])
def test_pictures_of_the_sheet_have_the_tokens_colours(name: str, role: str) -> None:
    for scheme in ("dark", "light"):
        drawing = resource(f"themes/{name}-{scheme}.svg").read_text("utf-8")
        assert tokens().scheme(scheme)[role] in drawing


def test_the_bundled_font_is_used_in_every_weight(qapp) -> None:
    for weight in (400, 500, 600, 700):
        info = QFontInfo(fonts.font(weight=weight))
        assert info.family() == "Inter"
        assert info.weight() == weight


def test_figures_can_be_tabular(qapp) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(fonts.font(tabular=True))
    assert metrics.horizontalAdvance("1:11.1") == pytest.approx(metrics.horizontalAdvance("8:08.8"), abs=0.01)


def test_an_override_dresses_the_app_and_tells(qapp, qtbot) -> None:
    look = theme.current()
    look.apply(qapp, theme.DARK)
    with qtbot.waitSignal(look.changed, timeout=1000):
        look.apply(qapp, theme.LIGHT)
    assert look.scheme == "light"
    assert qapp.palette().window().color() == look.color("bg") == QColor(tokens().light["bg"])
    assert tokens().light["accent"] in qapp.styleSheet()
    assert look.stem("vocals").lightnessF() < QColor(tokens().stems["vocals"]).lightnessF()
    look.apply(qapp, theme.DARK)


def test_system_follows_the_system_while_it_runs(qapp, monkeypatch) -> None:
    said = [Qt.ColorScheme.Light]

    hints = SimpleNamespace(colorScheme=lambda: said[0], unsetColorScheme=list, setColorScheme=said.append)
    monkeypatch.setattr(theme.QGuiApplication, "styleHints", lambda: hints)
    look = theme.current()
    look.apply(qapp, theme.SYSTEM)
    assert look.scheme == "light"
    said[0] = Qt.ColorScheme.Dark
    look._system_changed()
    assert look.scheme == "dark"
    look.apply(qapp, theme.LIGHT)
    look._system_changed()
    assert look.scheme == "light"
    look.apply(qapp, theme.DARK)


def _strongest(image: QImage) -> QColor:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda colour: colour.alpha())


def test_icons_take_the_themes_colour_at_the_moment_they_are_painted(qapp) -> None:
    look = theme.current()
    look.apply(qapp, theme.DARK)
    kept = icons.icon("square:fill", "accent")
    dark = _strongest(kept.pixmap(16, 16).toImage())
    look.apply(qapp, theme.LIGHT)
    light = _strongest(kept.pixmap(16, 16).toImage())
    assert dark.name() == tokens().dark["accent"]
    assert light.name() == tokens().light["accent"]
    look.apply(qapp, theme.DARK)


def test_an_icon_may_have_another_role_while_its_button_is_checked(qapp) -> None:
    from PySide6.QtGui import QIcon

    made = icons.icon("heart:fill", "text", "accent")
    on = _strongest(made.pixmap(16, 16, QIcon.Mode.Normal, QIcon.State.On).toImage())
    assert on.name() == tokens().dark["accent"]
    with pytest.raises(OSError, match="no-such-icon"):
        icons.icon("no-such-icon")


def test_kinds_can_change_while_shown(qapp, qtbot) -> None:
    theme.current().apply(qapp, theme.DARK)
    button = QPushButton("Press")
    qtbot.addWidget(button)
    theme.set_kind(button, "primary")
    button.show()
    accent = button.grab().toImage().pixelColor(8, button.height() // 2)
    theme.set_kind(button, "plain")
    assert accent.name() == tokens().dark["accent"]
    assert button.grab().toImage().pixelColor(8, button.height() // 2).name() == tokens().dark["raised"]


def test_licences_stand_beside_what_they_cover() -> None:
    assert "SIL Open Font License" in resource("fonts/OFL.txt").read_text("utf-8")
    assert "ISC License" in resource("icons/LICENSE.txt").read_text("utf-8")


def test_the_shell_loads_nothing_heavy() -> None:
    modules = (
        "musicapi_desktop.ui.main_window, musicapi_desktop.ui.create.first_start, "
        "musicapi_desktop.ui.settings.dialog, musicapi_desktop.ui.settings.connection_chip"
    )
    code = (
        f"import sys, {modules}\n"
        "heavy = {'numpy', 'httpx', 'keyring', 'soundfile', 'soxr', 'sounddevice', 'uvicorn', 'starlette'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
