"""Plays a score's tracks into stems, each with its own place, echo and room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from musicapi_desktop.offline.composer.score import Score, Track

from . import dynamics
from .balance import Balance
from .electronic import Electronic
from .filters import PLAIN, Tone, shaped_long
from .kits import drum
from .reverb import add_echo, add_reverb
from .sampler import Sampler
from .sound import Floats, add_at, frames_of, gain, pan_gains, silence
from .soundfont import DRUMS, SoundFont
from .tricks import amplify, render_effects, saturate
from .vocals import Voice

_TONES = {
    "Drums": Tone(high=2.0),
    "Percussion": Tone(low_cut=60, high=2.0),
    "Bass": Tone(low_cut=32, low=-1.5, presence=2.5),
    "Guitar": Tone(low_cut=110, high=2.5, presence=1.5),
    "Keyboard": Tone(low_cut=90, high=3.5, presence=1.0),
    "Strings": Tone(low_cut=110, high=3.0, presence=1.0),
    "Synth": Tone(low_cut=130, high=3.0),
    "FX": PLAIN,
    "Brass": Tone(low_cut=100, high=2.5),
    "Woodwinds": Tone(low_cut=150, high=3.0),
    "Backing Vocals": Tone(low_cut=180, high=3.0),
}
_SOLO_LOW = frozenset(["gm:42", "gm:43", "gm:58", "gm:57", "gm:70", "gm:0"])
_LANE_LEVELS = {
    "kick": -1.5,
    "snare": -1.5,
    "clap": -3.0,
    "rim": -5.0,
    "hat": -8.5,
    "open": -9.5,
    "pedal": -11.0,
    "ride": -11.0,
    "crash": -9.0,
    "shaker": -9.0,
}


Studio = tuple[SoundFont, Voice, Balance]
"""Who plays, who sings, and how loud each is."""


def render_stem(score: Score, stem: str, studio: Studio, check: Callable[[], None]) -> Floats | None:
    """One stem ``(2, frames)`` before mastering; None where it has nothing to play."""
    played = _instruments(score, stem, studio, check)
    if stem not in ("Vocals", "Backing Vocals"):
        return played
    sung = render_voice(score, studio, backing=stem == "Backing Vocals")
    return sung if played is None else played if sung is None else played + sung


def _instruments(score: Score, stem: str, studio: Studio, check: Callable[[], None]) -> Floats | None:
    tracks = [track for track in score.tracks if track.stem == stem and track.notes]
    if not tracks:
        return None
    frames = frames_of(score.seconds)
    out: Floats | None = None
    send = np.zeros(frames, np.float32)
    duck = dynamics.ducking(score.kicks, 1.0, frames) if score.mix.duck and score.kicks else None
    for group in _groups(tracks):
        check()
        sound = _play_group(group, studio[0], score, frames)
        _place(sound, group[0], (score, studio[2]), duck)
        if group[0].reverb:
            send += (sound[0] + sound[1]) * np.float32(0.5 * group[0].reverb)
        if out is None:
            out = sound
        else:
            out += sound
        del sound
    if out is None:
        return None
    check()
    _finish(out, send, score)
    return out


def render_voice(score: Score, studio: Studio, *, backing: bool) -> Floats | None:
    """The lead's or the backing voices' stem ``(2, frames)``; None where nobody sings."""
    sung = [line for line in score.vocals if line.backing == backing]
    if not sung:
        return None
    _, voice, balance = studio
    name, level = ("backing voice", -9.0) if backing else ("voice", 0.5)
    frames = frames_of(score.seconds)
    mono = voice.sing(sung, score.gender, frames)
    shaped_long(mono, Tone(low_cut=130, presence=2.5, high=3.0 + score.mix.high * 0.5))
    balance.bring(f"{name}, raw", mono, level)
    dynamics.apply(mono, dynamics.compression(mono, -24.0, 3.0, (0.008, 0.12)))
    balance.bring(name, mono, level)
    out = np.stack([mono, mono])
    if backing:
        late = frames_of(0.014)
        out[1, late:] = mono[: frames - late]
        out[1, :late] = 0.0
    echo = 60.0 / score.bpm * 0.75
    add_echo(out, mono, echo, 0.1)
    _finish(out, mono * np.float32(0.3 if backing else 0.16), score)
    return out


def _groups(tracks: list[Track]) -> list[list[Track]]:
    """Lanes of one synthetic kit belong together: they are balanced as a whole."""
    found: dict[str, list[Track]] = {}
    for track in tracks:
        found.setdefault(_group_name(track), []).append(track)
    return list(found.values())


def _group_name(track: Track) -> str:
    name = track.sound.rsplit(":", 1)[0] if track.sound.startswith("kit:") else track.sound
    return f"{track.stem} {name} {track.level:g} {track.pan if name == track.sound else ''}".strip()


def _tone(track: Track, score: Score) -> Tone:
    tone = _TONES.get(track.stem, PLAIN)
    mix = score.mix
    low_cut = 35.0 if track.sound in _SOLO_LOW else tone.low_cut
    return replace(tone, low_cut=low_cut, low=tone.low + mix.low, high=tone.high + mix.high, low_pass=mix.dull)


def _play_group(group: list[Track], font: SoundFont, score: Score, frames: int) -> Floats:
    if group[0].sound.startswith("kit:") and not group[0].sound.startswith("kit:gm:"):
        sound = _play_lanes(group, score, frames)
    else:
        sound = _play(group[0], font, score, frames)
        for track in group[1:]:
            sound += _play(track, font, score, frames)
    return sound


def _play_lanes(group: list[Track], score: Score, frames: int) -> Floats:
    out = silence(frames)
    tilt = Tone(low=score.mix.low, high=score.mix.high + 2.0, low_pass=score.mix.dull)
    for track in group:
        _, kit, lane = track.sound.split(":")
        stroke = shaped_long(drum(kit, lane).copy(), tilt)
        loud = gain(_LANE_LEVELS.get(lane, -9.0))
        left, right = pan_gains(track.pan)
        pair = np.stack([stroke * left, stroke * right]) * np.float32(loud)
        for place, note in enumerate(track.notes):
            following = track.notes[place + 1].start if place + 1 < len(track.notes) else None
            _add_stroke(out, pair, (note.start, note.velocity), following if lane in ("open", "kick") else None)
    return out


def _add_stroke(out: Floats, stroke: Floats, hit: tuple[float, int], choked: float | None) -> None:
    start, velocity = hit
    sound = stroke * np.float32((velocity / 127.0) ** 1.6)
    if choked is not None:
        room = max(frames_of(choked) - frames_of(start), 64)
        if room < sound.shape[1]:
            sound = sound[:, :room].copy()
            sound[:, -48:] *= np.linspace(1, 0, 48, dtype=np.float32)
    add_at(out, frames_of(start), sound)


def _play(track: Track, font: SoundFont, score: Score, frames: int) -> Floats:
    kind, _, name = track.sound.partition(":")
    tone = _tone(track, score)
    if kind == "gm":
        return Sampler(font, 0, int(name), tone).render(track.notes, frames)
    if kind == "kit":
        return Sampler(font, DRUMS, int(name.split(":")[1]), tone).render(track.notes, frames)
    if kind == "fx":
        return render_effects(name, track.notes, frames)
    return Electronic(name, tone).render(track.notes, frames)


def _place(sound: Floats, track: Track, mix: tuple[Score, Balance], duck: Floats | None) -> None:
    """Level, drive, pan, ducking and echo, in place."""
    score, balance = mix
    name = _group_name(track)
    if track.drive and track.stem == "Guitar":
        amplify(sound, track.drive)
    elif track.drive:
        saturate(sound, track.drive)
    if track.stem == "Drums":
        balance.bring(f"{name}, raw", sound, track.level)
        dynamics.apply(sound, dynamics.compression(sound, -20.0, 2.2, (0.012, 0.1)))
    balance.bring(name, sound, track.level)
    left, right = pan_gains(track.pan if not track.sound.startswith("kit:") else 0.0)
    sound[0] *= left
    sound[1] *= right
    if duck is not None and track.duck:
        depth = np.float32(track.duck * score.mix.duck)
        dynamics.apply(sound, np.float32(1.0) - depth * (np.float32(1.0) - duck))
    if track.delay:
        add_echo(sound, sound, 60.0 / score.bpm * 0.75, track.delay)


def _finish(out: Floats, send: Floats, score: Score) -> None:
    """The stem's width and its room, in place."""
    if score.mix.width != 1.0:
        side = out[0] - out[1]
        side *= np.float32(0.5 * (score.mix.width - 1.0))
        out[0] += side
        out[1] -= side
    if score.mix.reverb > 0.0 and send.any():
        add_reverb(out, send, score.mix.reverb, score.mix.size)
