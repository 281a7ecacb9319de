"""Tags go in and come out, the sound stays byte for byte, and nothing in a foreign file can hurt."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
import soundfile
from fakes.service import SOUND
from hypothesis import example, given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.request import Mode, Request, Source
from musicapi_desktop.services.tags import Tags, kind_of, read_tags, write_tagged
from musicapi_desktop.services.tags_id3 import tag_bytes

REQUEST = Request(mode=Mode.LYRICS, lyrics="[Verse]\nשיר 🎹", style="folk", source=Source("s", "t", "c"))
TAGS = Tags("Night Bus 🎹", "MusicAPI", "MusicAPI clip abc", "[Verse]\nla\nla", REQUEST)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def mp3():
    out = io.BytesIO()
    soundfile.write(out, np.sin(np.arange(24000) / 20.0) * 0.3, 24000, format="MP3")
    return out.getvalue()


def decoded(path):
    return soundfile.read(path)[0]


@pytest.mark.parametrize(("name", "content"), [("a.mp3", mp3()), ("a.wav", SOUND)])
def test_tags_come_back_and_the_sound_stays(tmp_path, name, content):
    source, target, again = tmp_path / f"source-{name}", tmp_path / name, tmp_path / f"again-{name}"
    source.write_bytes(content)
    write_tagged(source, target, TAGS)
    assert read_tags(target) == TAGS
    assert np.array_equal(decoded(source), decoded(target))
    write_tagged(target, again, Tags("Other"))
    assert read_tags(again) == Tags("Other")
    assert np.array_equal(decoded(source), decoded(again))
    assert again.stat().st_size < target.stat().st_size


def test_a_wav_is_still_a_wav_for_others(tmp_path):
    source, target = tmp_path / "s.wav", tmp_path / "t.wav"
    source.write_bytes(SOUND)
    write_tagged(source, target, TAGS)
    with wave.open(str(target)) as file:
        assert file.getnframes() == 4000
    content = target.read_bytes()
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8
    info = content[content.index(b"LIST") : content.index(b"id3 ")]
    assert b"INFOINAM" in info
    assert "Night Bus 🎹".encode() in info
    assert soundfile.info(target).extra_info is not None


def test_an_info_list_alone_is_read(tmp_path):
    path = tmp_path / "a.wav"
    text = b"Title\0"
    info = b"INFO" + b"INAM" + struct.pack("<I", len(text)) + text
    path.write_bytes(SOUND + b"LIST" + struct.pack("<I", len(info)) + info)
    assert read_tags(path).title == "Title"
    assert read_tags(path).request is None


def test_a_tag_of_version_4_is_read(tmp_path):
    def frame(name, content):
        size = bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0))
        return name + size + b"\0\0" + content

    body = frame(b"TIT2", b"\x03Caf\xc3\xa9") + frame(b"COMM", b"\x00engshort\0long") + b"\0" * 30
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x04\0\0" + size + body + mp3())
    found = read_tags(path)
    assert (found.title, found.comment) == ("Café", "long")
    write_tagged(path, tmp_path / "b.mp3", TAGS)
    assert read_tags(tmp_path / "b.mp3") == TAGS


def test_other_formats_are_copied_as_they_are(tmp_path):
    source, target = tmp_path / "a.flac", tmp_path / "b.flac"
    soundfile.write(source, np.zeros(1000), 8000)
    write_tagged(source, target, TAGS)
    assert source.read_bytes() == target.read_bytes()
    assert read_tags(target) is None


@pytest.mark.parametrize(
    ("head", "kind"),
    [(SOUND[:12], "wav"), (b"ID3\x04" + b"\0" * 8, "mp3"), (b"\xff\xfb\x90\x00" + b"\0" * 8, "mp3"),
     (b"\xff\xf3\x90\x00", "mp3"), (b"\0\0\0\x20ftypM4A ", "m4a"), (b"fLaC", "flac"), (b"OggS", "ogg"),
     (b"<html>", ""), (b"", ""), (b"\xff\xff\xff\xff", "")],
)  # fmt: skip
def test_a_file_is_what_it_begins_with(head, kind):
    assert kind_of(head) == kind


@given(WORDS, WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_any_words_come_back(tmp_path_factory, title, comment, lyrics):
    folder = tmp_path_factory.getbasetemp()
    source, target = folder / "words-source.wav", folder / "words.wav"
    source.write_bytes(SOUND[:200])
    tags = Tags(title, "MusicAPI", comment, lyrics)
    write_tagged(source, target, tags)
    assert read_tags(target) == tags


HEADS = [
    b"ID3\x03\0\0\0\0\x7f\x7f",
    b"ID3\x04\0\x40\0\0\x01\x01",
    b"RIFF\xff\xff\xff\xffWAVE",
    b"RIFF\0\0\0\0WAVEid3 \x20\0\0\0ID3\x03\0\xff\0\0\0\x20",
    b"ID3",
    b"",
]


@given(st.binary(max_size=300), st.sampled_from(HEADS))
@example(b"", b"ID3")
@settings(max_examples=300, deadline=None)
def test_no_bytes_can_hurt(tmp_path_factory, content, head):
    path = tmp_path_factory.getbasetemp() / "hurt.bin"
    path.write_bytes(head + content)
    found = read_tags(path)
    assert found is None or isinstance(found, Tags)
    write_tagged(path, path.with_suffix(".out"), TAGS)


@given(st.integers(0, 600))
@settings(max_examples=60, deadline=None)
def test_no_cut_tag_can_hurt(tmp_path_factory, length):
    path = tmp_path_factory.getbasetemp() / "cut.mp3"
    path.write_bytes(tag_bytes(TAGS)[:length])
    found = read_tags(path)
    assert found is None or isinstance(found, Tags)
