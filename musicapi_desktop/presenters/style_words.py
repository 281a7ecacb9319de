"""Words that describe a sound, offered while a style is typed. The person's own words come first."""

from __future__ import annotations

from typing import Final

from musicapi_desktop.domain.text import words_between_commas

STYLE_WORDS: Final = words_between_commas(
    "acoustic guitar, afrobeat, ambient, analog synth, ballad, banjo, bluegrass, blues, boom bap, bossa nova, "
    "brass section, breakbeat, brushed drums, celtic, chamber strings, children's choir, chiptune, choir, "
    "cinematic, city pop, clarinet, country, dark, deep house, disco, distorted guitar, downtempo, dream pop, "
    "drum and bass, dub, electric piano, electro, epic trailer, ethno, female vocal, fingerpicked, flamenco, "
    "flute, folk, four on the floor, funk, garage, glitch, gospel, grunge, handclaps, harmonica, harp, heavy "
    "metal, hip hop, house, indie rock, industrial, jazz, klezmer, latin, lofi, lullaby, male vocal, mandolin, "
    "march, marimba, mellow, minimal, motown, nylon guitar, orchestra, pedal steel, piano, pop, post-rock, "
    "psychedelic, punk, r&b, reggae, reggaeton, rhodes, rock, rockabilly, salsa, samba, saxophone, sea shanty, "
    "shoegaze, ska, slow build, slow waltz, soul, steel drums, string quartet, study, surf rock, swing, synth "
    "pop, synthwave, taiko, tango, techno, tender, trance, trap, trip hop, trumpet, ukulele, upright bass, vinyl, "
    "violin, vocoder, waltz, warm, whistling, 60 bpm, 78 bpm, 90 bpm, 100 bpm, 112 bpm, 120 bpm, 128 bpm, 140 "
    "bpm, 174 bpm"
)
