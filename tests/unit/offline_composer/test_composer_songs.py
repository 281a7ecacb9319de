import hashlib
import statistics
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from musicapi_desktop.offline.composer.compose import Order, compose
from musicapi_desktop.offline.composer.likeness import alike, tune_groups
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.composer.style import load_all
from musicapi_desktop.offline.composer.theory import SCALES
from musicapi_desktop.offline.resources import root

STYLES = root() / "styles"
LYRICS = """[Verse 1]
The harbour lights are burning low tonight
I count the boats that never made it home
You left your coat beside the kitchen light
[Chorus]
Come back, come back (come back to me)
The tide is turning slow
[Verse 2]
The radio is playing all our songs
I turn it down and listen to the rain
And everything I had is almost gone
[Chorus]
Come back, come back (come back to me)
The tide is turning slow
"""


def order(**changes) -> Order:
    plain = Order("", "", "lofi", "", "", True, "", 60.0, 0.5, 11, 0, "test")
    return replace(plain, **changes)


def song(**changes) -> Score:
    return compose(order(**changes), STYLES)


def digest(score: Score) -> str:
    return hashlib.sha256(score.to_json().encode()).hexdigest()


def onsets(score: Score) -> list[tuple[float, int]]:
    return [(round(n.start * score.bpm / 60 * 4), n.pitch) for n in score.melody]


def test_same_seed_same_score_other_seed_other_score():
    assert digest(song()) == digest(song())
    assert digest(song()) != digest(song(seed=12))


def test_there_are_eighteen_styles_and_all_of_them_compose():
    styles = load_all(STYLES)
    assert len(styles) >= 18
    for style in styles:
        score = song(description=style.words[0])
        assert score.style == style.id
        assert score.tracks
        assert score.melody
        assert score.seconds == 60.0
        assert style.tempo[0] * 0.94 <= score.bpm <= style.tempo[1] * 1.06


@pytest.mark.parametrize("text", ["pop at 97 bpm", "97 BPM pop", "pop, 97bpm"])
def test_tempo_is_obeyed(text):
    assert song(description=text).bpm == 97.0
    assert song(description=text, take=1).bpm == 97.0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rock in F# minor", "F# minor"),
        ("rock, Bb major", "Bb major"),
        ("jazz in C dorian", "C dorian"),
        ("Am rock", "A minor"),
        ("E♭ major pop", "Eb major"),
    ],
)
def test_key_is_obeyed(text, key):
    assert song(description=text).key == key
    assert song(description=text, take=1).key == key


def test_words_that_look_like_a_key_are_not_one():
    keys = {song(description="a pop song, I am a major fan", seed=s).key for s in range(6)}
    assert len(keys) > 1


@pytest.mark.parametrize(
    ("text", "meter", "steps"), [("folk in 3/4", "3/4", 3), ("pop in 6/8", "6/8", 2), ("rock 5/4", "5/4", 5)]
)
def test_meter_is_obeyed(text, meter, steps):
    score = song(description=text)
    assert score.meter == meter
    bar = (score.sections[0].end - score.sections[0].start) / score.sections[0].bars
    assert bar == pytest.approx(steps * 60 / score.bpm, rel=0.02)


@pytest.mark.parametrize(("text", "seconds"), [("house 90 seconds", 90), ("house, 1:15", 75), ("house 2 minutes", 120)])
def test_length_is_obeyed(text, seconds):
    score = song(description=text, duration=None)
    assert score.seconds == seconds
    assert seconds * 0.78 <= score.sections[-1].end < seconds


@pytest.mark.parametrize("seconds", [5.0, 10.0, 33.3, 61.0, 300.0])
def test_duration_field_is_obeyed(seconds):
    score = song(duration=seconds)
    assert score.seconds == pytest.approx(seconds)
    assert score.sections[-1].end < seconds


@pytest.mark.parametrize(
    ("words", "stems"),
    [("drums", {"Drums", "Percussion"}), ("guitar, bass", {"Guitar", "Bass"}), ("Synths", {"Synth"})],
)
def test_what_is_to_be_left_out_is_silent(words, stems):
    for style in ("rock", "synthwave", "pop"):
        used = {t.stem for t in song(description=style, negative_tags=words).tracks if t.notes}
        assert not used & stems
        assert used


def test_no_drums_in_the_description_counts_too():
    assert "Drums" not in {t.stem for t in song(description="rock with no drums").tracks}


def test_leaving_out_vocals_makes_it_instrumental():
    assert not song(description="pop", instrumental=False, negative_tags="vocals").vocals


def test_asked_instrument_leads():
    score = song(description="lofi with a trumpet")
    assert any(t.stem == "Brass" and t.sound == "gm:56" and t.notes for t in score.tracks)


def test_lyrics_make_the_form():
    score = song(lyrics=LYRICS, instrumental=False, description="", tags="pop", duration=None)
    assert [s.kind for s in score.sections] == ["intro", "verse", "chorus", "verse", "chorus", "outro"]
    lead = [v for v in score.vocals if not v.backing]
    assert [v.text for v in lead][:2] == [
        "The harbour lights are burning low tonight",
        "I count the boats that never made it home",
    ]
    for line in lead:
        section = score.sections[line.section]
        assert section.start <= line.words[0].start < line.words[-1].end <= section.end + 0.3
        assert [w.start for w in line.words] == sorted(w.start for w in line.words)


def test_chorus_comes_back_as_it_was_and_lies_above_the_verse():
    for style in ("pop", "rock", "folk", "synthwave"):
        score = song(lyrics=LYRICS, instrumental=False, description="", tags=style, duration=None)
        tunes: dict[str, list[list[tuple[float, int]]]] = {"verse": [], "chorus": []}
        for index, section in enumerate(score.sections):
            lines = [v for v in score.vocals if v.section == index and not v.backing]
            if section.kind in tunes:
                tunes[section.kind].append(
                    [(round(n.start - section.start, 2), n.pitch) for v in lines for s in v.syllables for n in s.notes]
                )
        assert tunes["chorus"][0] == tunes["chorus"][1]
        high, low = (statistics.mean(p for t in tunes[k] for _, p in t) for k in ("chorus", "verse"))
        assert high > low


def test_melody_keeps_to_the_key_and_moves_by_step():
    for style in ("pop", "rock", "folk", "lofi", "epic", "house"):
        score = song(lyrics=LYRICS, instrumental=False, description="", tags=style, duration=None)
        pitches = [n.pitch for n in score.melody]
        scale = {(score.tonic + s) % 12 for s in SCALES[score.mode]}
        assert sum(p % 12 in scale for p in pitches) >= 0.97 * len(pitches)
        jumps = [abs(a - b) for a, b in pairwise(pitches)]
        assert max(jumps) <= 12
        assert sum(j <= 4 for j in jumps) >= 0.75 * len(jumps)


def test_two_takes_are_two_ideas():
    for style in ("lofi", "rock", "jazz", "house", "synthwave", "folk"):
        first, second = (song(description=style, take=take) for take in (0, 1))
        assert first.bpm != second.bpm
        assert first.key != second.key
        relative = [[(a.tones[0] - s.tonic) % 12 for a in s.chords[4:12]] for s in (first, second)]
        assert relative[0] != relative[1]
        same = len(set(onsets(first)) & set(onsets(second)))
        assert same < 0.35 * len(first.melody)


def test_lyrics_are_written_where_none_were_given():
    score = song(description="a pop song about a lighthouse", instrumental=False, duration=None)
    assert "[Chorus]" in score.lyrics
    assert "lighthouse" in score.lyrics
    assert any(not v.backing for v in score.vocals)
    other = song(description="a pop song about a lighthouse", instrumental=False, duration=None, take=1)
    assert other.lyrics != score.lyrics


def test_gender_moves_the_voice():
    mean = {
        g: statistics.mean(n.pitch for n in song(lyrics=LYRICS, instrumental=False, tags="pop", gender=g).melody)
        for g in "fm"
    }
    assert mean["f"] - mean["m"] > 5


HOSTILE = {
    "emoji": "🎸🔥 rock 🤘",
    "rtl": "شعر عن البحر والليل",
    "nul": "lofi\x00\x00 beat\x1b[31m",
    "long": "rain and " * 600,
    "empty": "",
    "brackets": "[[[[ ]]]] [Verse [Chorus]",
    "surrogate": "a \ud800 b",
    "numbers": "999999999 bpm 0 seconds -5 minutes 99/99 H# minor",
    "cjk": "夜の海を歩いて 星を数える",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_still_makes_a_song(name):
    text = HOSTILE[name]
    for instrumental in (True, False):
        score = song(
            title=text,
            lyrics=text,
            description=text,
            tags=text,
            negative_tags=text,
            instrumental=instrumental,
            duration=12.0,
        )
        assert score.seconds == 12.0
        assert score.to_json().isascii()
        for track in score.tracks:
            assert all(
                0 <= n.start < 12 and n.length > 0 and 0 <= n.pitch < 128 and 0 < n.velocity < 128 for n in track.notes
            )


def test_styles_hold_only_known_entries(tmp_path: Path):
    from musicapi_desktop.offline.composer.style import load
    from musicapi_desktop.offline.composer.tables import StyleError

    text = (STYLES / "lofi.toml").read_text("utf-8")
    (tmp_path / "odd.toml").write_text("speed = 3\n" + text, "utf-8")
    with pytest.raises(StyleError, match="speed"):
        load(tmp_path / "odd.toml")
    (tmp_path / "odd.toml").write_text(text.replace("Imaj9 vi9", "Imaj9 qq9"), "utf-8")
    with pytest.raises(StyleError, match="qq9"):
        load(tmp_path / "odd.toml")


@pytest.mark.parametrize(
    ("text", "style", "low", "high"),
    [("punk rock", "rock", 150, 210), ("rock ballad", "rock", 60, 92), ("dubstep", "drum-and-bass", 130, 152)],
)
def test_sub_styles_by_tag(text, style, low, high):
    score = song(description=text)
    assert score.style == style
    assert low <= score.bpm <= high


def test_waltz_is_in_three():
    assert song(description="a jazz waltz").meter == "3/4"


def test_weirdness_bends_the_tune():
    assert song(weirdness=1.0).melody != song(weirdness=0.0).melody


@pytest.mark.parametrize("style", ["hip-hop", "rock", "chiptune", "metal"])
def test_two_takes_are_two_tunes(style):
    for lyrics in ("", LYRICS):
        for seed in range(3):
            wishes = {"tags": style, "lyrics": lyrics, "instrumental": not lyrics, "seed": seed}
            first, second = (song(**wishes, take=take) for take in (0, 1))
            assert alike(tune_groups(first), tune_groups(second)) < 0.03


def test_songs_end_at_home():
    for style in ("pop", "folk", "house"):
        score = song(tags=f"{style}, A minor")
        before, last = score.chords[-2:]
        assert last.tones[0] == score.tonic
        if score.sections[-1].bars >= 4:
            assert before.tones[0] == (score.tonic + 7) % 12
            assert last.end - last.start > 1.5 * (before.end - before.start)
