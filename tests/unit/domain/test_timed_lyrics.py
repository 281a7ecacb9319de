"""Aligned words become lines, sections, LRC and SRT."""

from __future__ import annotations

from musicapi_desktop.domain.timed_lyrics import TimedWord, lines_of, sections_of, to_lrc, to_srt

WORDS = (
    TimedWord("[Ver", 8.0, 8.0),
    TimedWord("se 1]\n", 8.0, 8.12),
    TimedWord("Morning ", 8.12, 8.47),
    TimedWord("light\n", 8.5, 9.0),
    TimedWord("on ", 9.5, 9.6),
    TimedWord("the (softly)\n\n", 9.7, 10.004),
    TimedWord("[Chorus]\nRise ", 20.0, 20.5),
    TimedWord("up", 20.5, 21.0),
)


def test_lines_end_where_the_text_does_and_marks_are_no_words() -> None:
    lines = lines_of(WORDS)
    assert [line.text for line in lines] == ["Morning light", "on the (softly)", "Rise up"]
    assert [line.section for line in lines] == ["Verse 1", "Verse 1", "Chorus"]
    assert (lines[0].start, lines[0].end) == (8.12, 9.0)
    assert [word.text for word in lines[0].words] == ["Morning ", "light"]
    assert lines[2].words[0].start == 20.0


def test_words_of_a_line_put_together_are_its_text() -> None:
    loose = (TimedWord("  a \t", 0, 1), TimedWord(" b", 1, 2), TimedWord("c  ", 2, 3), TimedWord("  \n", 3, 3))
    (line,) = lines_of(loose)
    assert line.text == "a bc" == "".join(word.text for word in line.words)


def test_a_mark_within_a_line_is_left_out_and_starts_nothing() -> None:
    words = (TimedWord("[Verse]\n", 0, 0), TimedWord("one [echo] two\n", 1, 2), TimedWord("three\n", 3, 4))
    lines = lines_of(words)
    assert [line.section for line in lines] == ["Verse", "Verse"]
    assert lines[0].text == "one two"


def test_a_mark_that_is_never_closed_ends_with_its_line() -> None:
    lines = lines_of((TimedWord("[Bridge\n", 0, 0), TimedWord("still here", 1, 2)))
    assert [(line.text, line.section) for line in lines] == [("still here", "Bridge")]


def test_sections_go_from_their_first_word_to_the_next() -> None:
    parts = sections_of(WORDS, 60.0)
    assert [(part.name, part.start, part.end) for part in parts] == [("Verse 1", 8.12, 20.0), ("Chorus", 20.0, 60.0)]


def test_a_mark_with_no_words_has_no_place() -> None:
    words = (TimedWord("[Intro]\n[Verse]\nHere", 4, 5), TimedWord("\n[Outro]", 6, 6))
    assert [part.name for part in sections_of(words, 30.0)] == ["Verse"]


def test_nothing_aligned_is_nothing() -> None:
    assert lines_of(()) == ()
    assert sections_of((), 10.0) == ()
    assert to_srt(()) == ""


def test_lrc_clears_the_screen_in_a_long_pause_and_at_the_end() -> None:
    text = to_lrc(lines_of(WORDS), "Neon [Rain]", 198.4)
    assert text.splitlines() == [
        "[ti:Neon (Rain)]",
        "[length:03:18]",
        "[00:08.12]Morning light",
        "[00:09.50]on the (softly)",
        "[00:10.00]",
        "[00:20.00]Rise up",
        "[00:21.00]",
    ]


def test_times_round_into_the_next_minute() -> None:
    late = lines_of((TimedWord("now", 59.999, 3600.0),))
    assert "[01:00.00]now" in to_lrc(late)
    assert "00:00:59,999 --> 01:00:00,000" in to_srt(late)


def test_srt_shows_a_line_until_the_next_at_most_and_long_enough_to_read() -> None:
    quick = lines_of((TimedWord("one\n", 1.0, 1.1), TimedWord("two\n", 1.4, 1.5)))
    assert to_srt(quick) == ("1\n00:00:01,000 --> 00:00:01,400\none\n\n2\n00:00:01,400 --> 00:00:02,200\ntwo\n")
