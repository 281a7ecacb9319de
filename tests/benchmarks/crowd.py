"""A library with many songs, and a tone whose drop-outs can be counted."""

from __future__ import annotations

import random
import time
import uuid
from pathlib import Path

import numpy as np
import soundfile

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.domain.song import AudioFacts, Song, Take, TakeState
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.songs import LibraryStore

RATE = 48_000
HERTZ = 481.3
"""No usual block holds a whole number of its periods: one that is lost or repeated leaves a jump."""
_AMPLITUDE = 0.5
_JUMP = 0.005
"""Share of the amplitude by which a sample may miss what the two before it foretell; a lost sample is 0.06 off."""
_ONE = RATE // 20
_BATCH = 2000
_WORDS = (
    "neon", "rain", "harbour", "light", "paper", "moon", "river", "glass", "winter", "train", "silver", "road", "ember",
    "signal", "ghost", "garden", "summer", "static", "velvet", "thunder", "echo", "island", "marble", "north", "mirror",
)  # fmt: skip
_STYLES = ("lofi", "synthwave", "indie folk", "jazz", "techno", "bossa nova", "ambient", "metal", "soul", "trap")


def crowd(library: Path, count: int, seed: int = 7) -> list[Song]:
    """Fill the library file with ``count`` songs of two takes; return the last batch."""
    dice = random.Random(seed)  # noqa: S311  # songs, not secrets
    database = Database(library)
    store = LibraryStore(database)
    now = time.time()
    songs: list[Song] = []
    for first in range(0, count, _BATCH):
        songs = [_song(dice, now, first + n) for n in range(min(_BATCH, count - first))]
        store.save(*songs)
    database.close()
    return songs


def _song(dice: random.Random, now: float, number: int) -> Song:
    song_id = uuid.UUID(int=dice.getrandbits(128)).hex
    title = " ".join(dice.choice(_WORDS).title() for _ in range(dice.randint(1, 3)))
    style = f"{dice.choice(_STYLES)}, {dice.choice(_WORDS)}, {dice.randint(70, 180)} bpm"
    made = now - number * 600.0
    folder = f"{title} [{song_id[:8]}]"
    takes = tuple(_take(dice, song_id, letter, folder, style, made) for letter in "AB")
    lyrics = "\n".join(" ".join(dice.choice(_WORDS) for _ in range(6)) for _ in range(8))
    return Song(
        song_id, title, style=style, lyrics=f"[Verse]\n{lyrics}", model="sonic-v6", profile_id="local", folder=folder,
        created_at=made, favourite=not number % 17, takes=takes,
    )  # fmt: skip


def _take(dice: random.Random, song_id: str, letter: str, folder: str, style: str, made: float) -> Take:
    seconds = Seconds(float(dice.randint(40, 300)))
    facts = AudioFacts(int(seconds * RATE), RATE, 2, "mp3", dice.randbytes(200), -14.0, -1.0)
    return Take(
        uuid.UUID(int=dice.getrandbits(128)).hex, song_id, letter, clip_id=f"{song_id[:8]}-{letter}",
        state=TakeState.READY, path=f"{folder}/{letter}.mp3", model="sonic-v6", style=style, created_at=made,
        seconds=seconds, bpm=float(dice.randint(70, 180)), key=dice.choice(("C major", "F# minor", "A minor")),
        facts=facts,
    )  # fmt: skip


def plant_tone(data: Path, seconds: float) -> Song:
    """Add a song whose take A is one long sine; return it."""
    song_id, folder = uuid.uuid4().hex, "Long Tone"
    target = data / "Music" / folder / "A.wav"
    target.parent.mkdir(parents=True)
    turns = 2 * np.pi * HERTZ / RATE * np.arange(int(seconds * RATE))
    wave = (_AMPLITUDE * np.sin(turns)).astype(np.float32)
    soundfile.write(target, np.stack([wave, wave], axis=1), RATE, subtype="PCM_24")
    facts = probe(target)
    take = Take(
        uuid.uuid4().hex, song_id, "A", clip_id="tone", state=TakeState.READY, path=f"{folder}/A.wav",
        seconds=facts.seconds, facts=facts,
    )  # fmt: skip
    song = Song(song_id, "Long Tone", folder=folder, created_at=time.time() + 60.0, takes=(take,))
    database = Database(data / "data" / "library.db")
    LibraryStore(database).save(song)
    database.close()
    return song


def drop_outs(samples: np.ndarray) -> int:
    """How often a recording ``(frames, 2) float32`` of the tone breaks: gaps, repeats, lost samples.

    Each sample of a sine follows from the two before it; breaks less than 50 ms apart count as one.
    """
    wave = samples[:, 0].astype(np.float64)
    foretold = 2 * np.cos(2 * np.pi * HERTZ / RATE) * wave[1:-1] - wave[:-2]
    off = np.flatnonzero(np.abs(wave[2:] - foretold) > _JUMP * np.abs(wave).max(initial=1e-9))
    return 0 if not len(off) else 1 + int(np.count_nonzero(np.diff(off) > _ONE))
