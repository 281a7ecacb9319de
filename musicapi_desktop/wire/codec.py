"""The contract's coder and decoder under one name: bodies out, answers in."""

from .answers import (
    decode_alignment,
    decode_balance,
    decode_files,
    decode_lyrics,
    decode_midi,
    decode_persona,
    decode_posted,
    decode_submitted,
    decode_tempo,
    decode_uploaded,
    decode_upsampled_tags,
    decode_vox,
)
from .batches import decode_batch, decode_batch_submitted
from .clips import decode_clip, phase_of_word
from .requests import batch_body, body_of, encode
from .stems import StemLabel, kind_of, stem_labels
from .tasks import decode_task, phase_of_clips

__all__ = [
    "StemLabel",
    "batch_body",
    "body_of",
    "decode_alignment",
    "decode_balance",
    "decode_batch",
    "decode_batch_submitted",
    "decode_clip",
    "decode_files",
    "decode_lyrics",
    "decode_midi",
    "decode_persona",
    "decode_posted",
    "decode_submitted",
    "decode_task",
    "decode_tempo",
    "decode_uploaded",
    "decode_upsampled_tags",
    "decode_vox",
    "encode",
    "kind_of",
    "phase_of_clips",
    "phase_of_word",
    "stem_labels",
]
