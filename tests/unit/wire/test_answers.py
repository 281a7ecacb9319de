"""The answers of the small tools, from literal bodies."""

from __future__ import annotations

import pytest

from musicapi_desktop.domain.errors import AnswerNotUnderstood, NotReady, Refused
from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.wire import codec
from musicapi_desktop.wire.operations import Answer
from musicapi_desktop.wire.schema import AlignedWord, Midi, Posted, Tempo, Uploaded, Vox

MIDI = {
    "midi_url": "https://c.test/a.mid",
    "instruments": [
        {"name": "Synth Voice", "notes": [{"start": 1.25, "end": 2.0, "pitch": 64, "velocity": 0.5},
                                         {"start": "3", "end": "4.5", "pitch": "65"},
                                         {"start": 2, "end": 1, "pitch": 60, "velocity": 1},
                                         {"start": 1, "end": 2, "pitch": 200, "velocity": 1}]},
        {"name": None, "notes": None},
    ],
}  # fmt: skip


def test_midi_is_read_and_strange_notes_are_left_out():
    notes = (Note(1.25, 2.0, 64, 0.5), Note(3.0, 4.5, 65, 1.0))
    expected = Midi("https://c.test/a.mid", (Track("Synth Voice", notes), Track("")))
    assert codec.decode_midi({"code": 200, "message": "success", "data": MIDI}) == expected
    assert codec.decode_midi(None, 202) is None
    assert codec.decode_midi({"type": "not_ready", "error": "soon"}) is None
    with pytest.raises(AnswerNotUnderstood):
        codec.decode_midi({"code": 200, "data": {}})


def test_the_tempo_is_read():
    assert codec.decode_tempo({"data": {"avg_bpm": 118.4, "max_bpm": "120.1", "min_bpm": 116}}) == Tempo(
        118.4, 120.1, 116
    )
    assert codec.decode_tempo({"avg_bpm": 90}) == Tempo(90, 90, 90)


def test_words_keep_their_own_white_space():
    entries = [
        {"word": "[Verse]\nLanterns ", "start_s": 8.12, "end_s": 8.6, "p_align": 0.99, "success": True},
        {"word": "on ", "start_s": "8.6", "end_s": None, "success": False},
        {"word": None, "start_s": 1},
        {"word": "lost"},
    ]
    assert codec.decode_alignment({"data": {"alignment": entries}}) == (
        AlignedWord("[Verse]\nLanterns ", 8.12, 8.6, 0.99, True),
        AlignedWord("on ", 8.6, 8.6, None, False),
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [({"message": "success", "data": {"alignment": None}}, 200), ({"type": "not_ready"}, 200), (None, 202),
     ({"code": 202}, 200)],
)  # fmt: skip
def test_an_alignment_still_worked_out_is_no_answer_yet(body, status):
    assert codec.decode_alignment(body, status) is None


def test_drafts_of_lyrics_lie_under_results():
    drafts = [{"title": "Tide", "lyrics": "la"}, {"title": None, "lyrics": "lo"}, {"title": "empty", "lyrics": ""}]
    expected = (Draft("Tide", "la"), Draft("", "lo"))
    for body in ({"code": 200, "results": drafts}, {"data": {"results": drafts}}, {"data": drafts}):
        assert codec.decode_lyrics(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"code": 200, "clip_id": "c1", "message": "success"}, Uploaded("c1")),
        ({"message": "success", "data": {"clip_id": "c1"}}, Uploaded("c1")),
        ({"message": "success", "task_id": "t1"}, Uploaded("", "t1")),
    ],
)
def test_an_upload_gives_a_clip_or_a_task(body, expected):
    assert codec.decode_uploaded(body) == expected


def test_an_upload_that_is_a_known_recording_is_refused_in_words():
    with pytest.raises(Refused) as told:
        codec.decode_uploaded({"detail": "matches a known recording"}, 400)
    assert "known recording" in told.value.message


def test_persona_vox_and_tags():
    assert codec.decode_persona({"code": 200, "persona_id": "p1", "message": "success"}) == "p1"
    assert codec.decode_upsampled_tags({"data": {"upsampled_tags": "indie folk, warm"}}) == "indie folk, warm"
    vox = {
        "vox_audio_id": "v1",
        "status": "complete",
        "source_clip_id": "c1",
        "vocal_start_s": 10,
        "wave_response": None,
    }
    assert codec.decode_vox({"data": vox}) == Vox("v1", "complete", "c1", 10.0, None)


def test_files_are_read_by_format():
    body = {"code": 200, "data": {"files": [{"format": "MP3", "url": "m"}, {"format": "wav"}, "?"], "wav_url": "w"}}
    assert codec.decode_files(body).urls == {"mp3": "m", "wav": "w"}


@pytest.mark.parametrize(
    "name",
    [name for name in codec.__all__ if name.startswith("decode_") and name not in ("decode_clip", "decode_posted")],
)
@pytest.mark.parametrize("body", [None, [], {}, "<html>", 3, {"message": "success"}])
def test_an_answer_without_the_value_is_not_understood(name, body):
    with pytest.raises(AnswerNotUnderstood):
        getattr(codec, name)(body)


GOOD = {
    Answer.TASK: {"message": "success", "task_id": "t1"},
    Answer.UPLOAD: {"clip_id": "c1"},
    Answer.FILES: {"data": {"wav_url": "w"}},
    Answer.MIDI: {"data": {"midi_url": "m"}},
    Answer.TEMPO: {"data": {"avg_bpm": 90}},
    Answer.ALIGNMENT: {"data": {"alignment": []}},
    Answer.VOX: {"data": {"vox_audio_id": "v"}},
    Answer.TAGS: {"data": {"upsampled_tags": "warm"}},
    Answer.LYRICS: {"results": [{"title": "T", "lyrics": "la"}]},
    Answer.PERSONA: {"persona_id": "p"},
}


@pytest.mark.parametrize("kind", Answer)
def test_a_post_gives_a_task_or_the_answer_itself_word_for_word(kind):
    posted = codec.decode_posted(kind, GOOD[kind])
    if kind is Answer.TASK:
        assert posted == Posted("t1")
    else:
        assert posted.answer == GOOD[kind]
        assert posted.task_id == ""
    assert codec.decode_posted(Answer.UPLOAD, {"task_id": "t2"}) == Posted("t2")


@pytest.mark.parametrize("kind", [kind for kind in Answer if kind is not Answer.TASK])
@pytest.mark.parametrize(
    ("body", "status"), [({"type": "not_ready", "error": "soon"}, 200), (None, 202), ({"code": 202}, 200)]
)
def test_an_answer_still_worked_out_is_asked_for_again(kind, body, status):
    with pytest.raises(NotReady) as told:
        codec.decode_posted(kind, body, status)
    assert told.value.retry_after == (6.0 if kind is Answer.ALIGNMENT else 3.0)


def test_words_without_times_yet_are_asked_for_again():
    with pytest.raises(NotReady):
        codec.decode_posted(Answer.ALIGNMENT, {"code": 200, "data": {"alignment": None}})
