"""What each operation costs on each host (contract §13): an estimate, the true cost is the balance's difference."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.units import Credits

from .hosts import AIMUSICAPI, MUSICAPI, SUNOAPI, host_of, is_loopback
from .limits import OLD_MODELS, canonical_model

_COMMON: Final = {
    "concat_music": 2, "upload": 2, "wav": 2, "download": 2, "midi": 1, "bpm": 1, "vox": 1, "aligned-lyrics": 1,
    "upsample-tags": 1, "persona": 1, "create-voice": 4, "lyrics": 0,
    "producer/lyrics-create": 1, "producer/video-clip": 5, "producer/upload": 2, "producer/download": 2,
}  # fmt: skip

_MUSICAPI: Final = {
    **_COMMON,
    "create_music": 15, "extend_music": 15, "cover_music": 15, "persona_music": 15, "extend_upload_music": 15,
    "cover_upload_music": 15, "upload-extend": 15, "upload-cover": 15, "remaster": 15, "add_vocals": 15,
    "add_instrumental": 15, "replace-section": 15, "sample": 15, "mashup": 15, "stems/basic": 15, "stems/full": 75,
    "producer/create_music": 12, "producer/extend_music": 12, "producer/replace_music": 12, "producer/cover_music": 12,
    "nuro/vocal": 10, "nuro/bgm": 10,
}  # fmt: skip

_AIMUSICAPI: Final = {
    **_COMMON,
    "create_music": 14, "extend_music": 10, "cover_music": 14, "persona_music": 10, "extend_upload_music": 14,
    "cover_upload_music": 14, "upload-extend": 14, "upload-cover": 14, "remaster": 10, "add_vocals": 10,
    "add_instrumental": 10, "replace-section": 10, "sample": 14, "mashup": 14, "stems/basic": 20, "stems/full": 50,
    "wav": 1, "producer/create_music": 10,
}  # fmt: skip

PRICES: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        MUSICAPI: MappingProxyType(_MUSICAPI),
        AIMUSICAPI: MappingProxyType(_AIMUSICAPI),
        # the third host publishes no table of its own that is newer than 2025
        SUNOAPI: MappingProxyType(_MUSICAPI),
    }
)
"""Credits by host and operation; an operation has the name of its ``task_type`` or of its path below the namespace."""

CHEAPER_OLD_MODELS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {AIMUSICAPI: MappingProxyType(dict.fromkeys(("create_music", "cover_music", "sample", "mashup"), 10))}
)
"""Where OLD_MODELS cost less when the words are the person's own (not a description)."""


def price(base_url: str, operation: str, *, model: str = "", described: bool = False) -> Credits | None:
    """Return what ``operation`` costs at ``base_url``, or None where nobody knows.

    ``described`` is True where the request is a description rather than own words. An empty address is this computer's
    own engine, which is free; a server on loopback that is a profile of its own may charge, and then charges the first
    host's prices (``serve --credits``).
    """
    if not base_url:
        return Credits(0)
    host = MUSICAPI if is_loopback(base_url) else host_of(base_url)
    if not described and canonical_model(model) in OLD_MODELS:
        cheaper = CHEAPER_OLD_MODELS.get(host, {}).get(operation)
        if cheaper is not None:
            return Credits(cheaper)
    known = PRICES.get(host, {}).get(operation)
    return None if known is None else Credits(known)
