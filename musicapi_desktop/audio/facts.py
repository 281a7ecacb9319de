"""What decoding a file found out, as it crosses to another process. No arithmetic is loaded for it."""

from __future__ import annotations

from dataclasses import asdict

from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.wire.values import Json, number, text, whole


def plain_of(facts: AudioFacts) -> dict[str, object]:
    """``facts`` as JSON types."""
    return {**asdict(facts), "overview": facts.overview.hex()}


def facts_from(plain: Json) -> AudioFacts:
    """The inverse of plain_of."""
    return AudioFacts(
        frames=whole(plain.get("frames")) or 0,
        rate=whole(plain.get("rate")) or 0,
        channels=whole(plain.get("channels")) or 0,
        format=text(plain.get("format")),
        overview=bytes.fromhex(text(plain.get("overview"))),
        loudness=number(plain.get("loudness")),
        true_peak=number(plain.get("true_peak")),
    )
