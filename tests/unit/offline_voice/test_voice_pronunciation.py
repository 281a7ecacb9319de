"""How words are said, and into which syllables lines fall."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.offline.composer.prosody import MOST_SYLLABLES, split_word, words_of
from musicapi_desktop.offline.voice.languages import language_of
from musicapi_desktop.offline.voice.numbers import say_number
from musicapi_desktop.offline.voice.phones import PAUSE, PHONES, VOWELS
from musicapi_desktop.offline.voice.pronounce import by_letters, pronounce
from musicapi_desktop.offline.voice.syllables import split_phones, syllables_of, voice_prosody


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("river", "r ih1 v er0"),
        ("Through", "th r uw1"),
        ("don’t", "d ow1 n t"),
        ("night's", "n ay1 t s"),
        ("looooove", "l ah1 v"),
        ("moonfire", "m uw1 n f ay2 er0"),
        ("42", "f ao1 r t iy0 t uw1"),
        ("café", "k ah0 f ey1"),
        ("TV", "t iy1 v iy1"),
    ],
)
def test_words_are_said_as_a_dictionary_says_them(word: str, phones: str):
    assert " ".join(pronounce(word)) == phones


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("The beautiful water runs over everything", 12),
        ("strength", 1),
        ("rhythm", 2),
        ("mmm", 1),
        ("shh", 1),
        ("1985", 5),
        ("fire and desire", 6),
        ("♥ (🎵) —", 0),
    ],
)
def test_lines_have_as_many_syllables_as_are_sung(line: str, count: int):
    assert len(syllables_of(line)) == count


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("7", "seven"),
        ("21", "twenty one"),
        ("1905", "nineteen oh five"),
        ("2024", "twenty twenty four"),
        ("2001", "two thousand one"),
        ("007", "zero zero seven"),
        ("1234567", "one million two hundred thirty four thousand five hundred sixty seven"),
    ],
)
def test_figures_are_said_as_words(figures: str, words: str):
    assert " ".join(say_number(figures)) == words


def test_unknown_words_get_one_main_stress_and_a_vowel():
    for word in ("blorptastic", "zyntharia", "kweebly", "thrumdale"):
        phones = by_letters(word)
        assert sum(phone.endswith("1") for phone in phones) == 1
        assert {phone.rstrip("012") for phone in phones} <= set(PHONES)


def test_consonants_begin_a_syllable_where_english_lets_them():
    groups = split_phones(["eh1", "k", "s", "t", "r", "ah0"])
    assert [" ".join(phones) for phones, _ in groups] == ["eh1 k", "s t r ah0"]
    assert [nucleus for _, nucleus in groups] == [0, 3]


def test_the_before_a_vowel_is_thee():
    assert syllables_of("the end")[0].phones == ("dh", "iy")
    assert syllables_of("the start")[0].phones == ("dh", "ax")


def test_weak_words_are_weak_and_stress_falls_where_the_dictionary_has_it():
    assert [s.stress for s in syllables_of("and the guitar")] == [0, 0, 0, 2]


@pytest.mark.parametrize(
    "line", ["привет мир", "こんにちは", "안녕하세요", "你好世界", "مرحبا", "γεια σου", "Straße über"]
)
def test_other_scripts_are_sung_and_never_refused(line: str):
    sung = syllables_of(line)
    assert sung
    assert {s.word for s in sung} == set(range(len(words_of(line))))


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        ("quiero la noche", "es", "k y eh r ao l aa n ao ch eh"),
        ("il sole di notte", "it", "iy l s ao l eh d iy n ao t eh"),
        ("Ich liebe dich und die schöne Nacht", "de", "ih sh l iy b ax d ih sh uh n t d iy sh er n ax n aa hh t"),
        ("dans la nuit avec toi", "fr", "d aa n l aa n w iy aa v eh k t w aa"),
        ("eu não sei", "pt", "eh w n aw n s ey"),
        ("we love the night", "en", "w iy l ah v dh ax n ay t"),
        ("la la la oh no", "en", "l aa l aa l aa ow n ow"),
    ],
)
def test_lines_in_other_languages_are_read_by_their_rules(line: str, language: str, said: str):
    assert language_of(words_of(line)) == language
    assert " ".join(phone for s in syllables_of(line) for phone in s.phones) == said


def test_a_stray_foreign_word_leaves_a_line_english():
    assert language_of(words_of("hasta la vista baby I am gone")) == "en"
    assert language_of(words_of("die for the sun and die in the sea")) == "en"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_line_becomes_syllables_the_bank_can_say(line: str):
    sung = syllables_of(line)
    words = words_of(line)
    assert len(sung) <= MOST_SYLLABLES
    assert [s.word for s in sung] == sorted(s.word for s in sung)
    for syllable in sung:
        assert set(syllable.phones) <= set(PHONES) - {PAUSE}
        assert 0 <= syllable.nucleus < len(syllable.phones)
        assert sum(phone in VOWELS for phone in syllable.phones) <= 1
    if words and len(sung) < MOST_SYLLABLES:
        assert {s.word for s in sung} == set(range(len(words)))
        assert "".join(s.text for s in sung) == "".join("".join(split_word(word)) for word in words)


def test_the_composer_counts_what_the_singer_sings():
    line = "Somebody's radio is playing, everywhere a fire"
    assert [(s.text, s.word, s.stress) for s in syllables_of(line)] == [
        (s.text, s.word, s.stress) for s in voice_prosody(line)
    ]
