"""Syllables, sections and comma lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicapi_desktop.domain.text import move_section, sections, shared_words, syllables, words_between_commas

LYRICS = "[Verse]\nTaxi lights\nrivers down\n\n[Chorus]\nNeon rain\n\n[Outro]\nslow"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("", 0),
        ("[Chorus]", 0),
        ("Neon rain, let me go (let me go)", 6),
        ("Taxi lights are painting rivers down the glass", 11),
        ("I keep the radio between two cities' songs", 12),
        ("time", 1),
        ("table", 2),
        ("walked", 1),
        ("wanted", 2),
        ("wishes", 2),
        ("don't stop", 2),
        ("naïve café", 4),
        ("夜の雨", 3),
        ("ночь", 1),
        ("24", 2),
        ("🎵 la la", 2),
    ],
)
def test_syllables_of_a_line(line: str, count: int) -> None:
    assert syllables(line) == count


@given(st.text())
def test_syllables_of_anything_are_a_count(line: str) -> None:
    assert syllables(line) >= 0


def test_sections_cover_the_text_in_order() -> None:
    found = sections(LYRICS)
    assert [part.tag for part in found] == ["Verse", "Chorus", "Outro"]
    assert "".join(LYRICS[part.start : part.end] for part in found) == LYRICS


def test_words_before_the_first_tag_are_a_section_without_name() -> None:
    assert [part.tag for part in sections("hello\n[Verse]\nx")] == ["", "Verse"]
    assert [part.tag for part in sections("just words")] == [""]
    assert sections("") == ()


def test_a_tag_inside_a_line_starts_no_section() -> None:
    assert len(sections("la [soft] la\nla")) == 1


def test_moving_a_section_keeps_the_words_and_the_cursor() -> None:
    cursor = LYRICS.index("Neon")
    moved = move_section(LYRICS, cursor, -1)
    assert moved is not None
    text, position = moved
    assert text.startswith("[Chorus]\nNeon rain\n\n[Verse]\nTaxi lights")
    assert text[position:].startswith("Neon")
    assert move_section(LYRICS, 0, -1) is None
    assert move_section(LYRICS, len(LYRICS), 1) is None
    assert move_section("", 0, 1) is None


@given(st.lists(st.sampled_from(["[A]\nla", "[B]\nlo lo", "[C]\n"]), min_size=2, max_size=5), st.integers(0, 4))
def test_moving_down_and_up_again_changes_nothing(parts: list[str], which: int) -> None:
    text = "\n\n".join(part.strip("\n") for part in parts)
    position = sum(len(part.strip("\n")) + 2 for part in parts[: min(which, len(parts) - 1)])
    down = move_section(text, position, 1)
    if down is None:
        return
    up = move_section(*down, -1)
    assert up is not None
    assert up[0] == text


def test_comma_lists() -> None:
    assert words_between_commas(" synthwave,female vocal ,, 112 bpm\nslow") == (
        "synthwave",
        "female vocal",
        "112 bpm",
        "slow",
    )
    assert shared_words("Autotune, synthwave", "choir, autotune") == ("Autotune",)
    assert shared_words("a", "") == ()
