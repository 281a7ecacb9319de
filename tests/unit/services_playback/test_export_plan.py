import pytest

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Stem, Take
from musicapi_desktop.services.export_plan import (
    BOTH,
    STEMS,
    TEMPLATE,
    Choice,
    Naming,
    Piece,
    beside,
    fill,
    pieces_of,
    short_key,
)

NAMING = Naming("Neon Rain")


def stem(name, position, silent=False):
    return Stem(name.lower(), "a", "full", name, name.lower(), f"stems/{name}.mp3", position, silent=silent)


TAKE = Take(
    "a", "song", "A", path="A.mp3", bpm=111.8, key="F# minor",
    stems=(stem("Drums", 1), stem("Vocals", 0), stem("Brass", 2, silent=True)),
)  # fmt: skip


def names(choice, mix=None, take=TAKE, naming=NAMING):
    return [piece.name for piece in pieces_of(take, mix or MixState(), choice, naming)]


def test_the_designs_name():
    assert names(Choice()) == ["Neon Rain A - Mix - 112bpm F#m.wav"]


def test_what_is_not_known_is_left_out_with_its_unit_and_dashes():
    bare = Take("a", "song", "A", path="A.mp3")
    assert names(Choice(mixed=False), take=bare) == ["Neon Rain A - Original.wav"]
    assert fill("{bpm}bpm - {key} - {title}", {"title": "x"}) == "x"


def test_stems_in_the_mixers_order_without_silent_ones():
    def ids(what):
        return [piece.stem_id for piece in pieces_of(TAKE, MixState(), Choice(what=what), NAMING)]

    assert ids(STEMS) == ["vocals", "drums"]
    assert ids(BOTH) == ["", "vocals", "drums"]


def test_as_mixed_leaves_out_what_the_mix_does_not_let_through():
    mix = MixState({"drums": Strip(mute=True)})
    assert len(names(Choice(what=STEMS), mix)) == 1
    assert len(names(Choice(what=STEMS, mixed=False), mix)) == 2
    with pytest.raises(InvalidRequest, match="Every stem is muted"):
        names(Choice(what=STEMS), mix.toggle_mute("vocals"))


def test_all_parts_win_over_the_two():
    both = (*TAKE.stems, Stem("b", "a", "basic", "Vocals", "vocals", "b.mp3", 0))
    take = Take("a", "song", "A", path="A.mp3", stems=both)
    assert len(names(Choice(what=STEMS), take=take)) == 2


@pytest.mark.parametrize(
    ("form", "ending"), [("wav16", ".wav"), ("wav32f", ".wav"), ("flac24", ".flac"), ("mp3", ".mp3"), ("same", ".mp3")]
)
def test_endings(form, ending):
    assert names(Choice(form=form, mixed=False))[0].endswith(ending)


def test_names_that_would_be_the_same_are_told_or_numbered():
    with pytest.raises(InvalidRequest) as raised:
        names(Choice(what=BOTH, template="{title}"))
    assert "{stem}" in raised.value.problems["template"]
    twins = Take("a", "song", "A", stems=(stem("Guitar", 0), stem("guitar", 1)))
    assert names(Choice(what=STEMS, template="{stem}"), take=twins) == ["Guitar.wav", "guitar (2).wav"]


@pytest.mark.parametrize("template", ["{titel}", "", "   ", "{key}", "///"])
def test_templates_that_name_nothing_are_refused(template):
    with pytest.raises(InvalidRequest) as raised:
        pieces_of(Take("a", "song", "A"), MixState(), Choice(template=template), NAMING)
    assert "template" in raised.value.problems


@pytest.mark.parametrize("title", ["x" * 300, "雨" * 300, "a/b\\c:d*e?", "../../etc/passwd", "nul\x00\nline"])
def test_names_are_safe_and_the_stem_is_never_cut_off(title):
    made = names(Choice(what=BOTH), naming=Naming(title))
    assert len(set(made)) == 3
    assert made[1].endswith("A - Vocals - 112bpm F#m.wav")
    for name in made:
        assert not set(name) & set('/\\:*?"<>|\x00\n')
        assert len(name.encode()) < 255
        assert not name.startswith(".")


@pytest.mark.parametrize(("key", "short"), [("F# minor", "F#m"), ("E♭ major", "Eb"), ("Am", "Am"), ("", "")])
def test_keys(key, short):
    assert short_key(key) == short


def test_keeping_both_finds_free_names():
    taken = {"a.wav", "a (2).wav", "b (2).wav"}
    kept = beside((Piece("1", "a.wav"), Piece("2", "b.wav"), Piece("3", "A (3).wav")), taken.__contains__)
    assert [piece.name for piece in kept] == ["a (3).wav", "b.wav", "A (3) (2).wav"]
    assert [piece.stem_id for piece in kept] == ["1", "2", "3"]


def test_the_template_of_the_design():
    assert TEMPLATE == "{title} {take} - {stem} - {bpm}bpm {key}"
