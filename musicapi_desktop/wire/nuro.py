"""The words Nuro knows (contract §11): lists to choose from, as the service spells them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _lists(**written: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(" ".join(words.split()).split(", ")) for name, words in written.items()})


VOCAL: Final = _lists(
    genre="""
        Pop, Pop Rock, Pop Punk, Pop Rap, Folk, Chinese Style, GuFeng Music, Electronic, DJ, Future Bass,
        Chinoiserie Electronic, Hip Hop/Rap, Trap Rap, R&B Rap, Rock, Jazz, R&B/Soul, Punk, Reggae, Disco, Jazz Pop,
        Bossa Nova, Contemporary R&B
    """,
    mood="""
        Happy, Dynamic/Energetic, Inspirational/Hopeful, Excited, Chill, Calm/Relaxing, Dreamy/Ethereal,
        Sentimental/Melancholic/Lonely, Nostalgic/Memory, Sorrow/Sad, Romantic, Miss, Groovy/Funky
    """,
    gender="Female, Male",
    timbre="""
        Warm, Bright, Husky, Electrified voice, Sweet_AUDIO_TIMBRE, Cute_AUDIO_TIMBRE, Loud and sonorous, Powerful,
        Sexy/Lazy
    """,
)
"""Lists of a song with a voice, by field; one word of each."""

BGM: Final = _lists(
    genre="""
        corporate, dance/edm, orchestral, chill out, rock, hip hop, folk, funk, ambient, holiday, jazz, kids, world,
        travel, commercial, advertising, driving, cinematic, upbeat, epic, inspiring, business, video game, dark,
        pop, trailer, modern, electronic, documentary, soundtrack, fashion, acoustic, movie, tv, high tech,
        industrial, dance, video, vlog, marketing, game, radio, promotional, sports, party, summer, beauty
    """,
    mood="""
        positive, uplifting, energetic, happy, bright, optimistic, hopeful, cool, dreamy, fun, light, powerful,
        calm, confident, joyful, dramatic, peaceful, playful, soft, groovy, reflective, easy, relaxed, lively,
        smooth, romantic, intense, elegant, mellow, emotional, sentimental, cheerful happy, contemplative, soothing,
        proud, passionate, sweet, mystical, tranquil, cheerful, casual, beautiful, ethereal, melancholy, sad,
        aggressive, haunting, adventure, serene, sincere, funky, funny
    """,
    instrument="""
        piano, drums, guitar, percussion, synth, electric guitar, acoustic guitar, bass guitar, brass, violin,
        cello, flute, organ, trumpet, ukulele, saxophone, double bass, harp, glockenspiel, synthesizer, keyboard,
        marimba, bass, banjo, strings
    """,
    theme="""
        inspirational, motivational, achievement, discovery, every day, love, technology, lifestyle, journey,
        meditation, drama, children, hope, fantasy, holiday, health, family, real estate, media, kids, science,
        education, progress, world, vacation, training, christmas, sales
    """,
)
"""Lists of music without a voice (version v1.0), by field; up to MOST_WORDS of each."""

SEGMENTS: Final = ("intro", "verse", "chorus", "inst", "bridge", "outro")
"""The parts that music of version v2.0 may be laid out in."""

VERSIONS: Final = ("v1.0", "v2.0")
MOST_WORDS: Final = 5
