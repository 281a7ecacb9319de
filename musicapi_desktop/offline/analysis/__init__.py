"""Ears for recordings: pulse, key and chords, pitch, voice; and taking a recording apart. no trained models.

Sound is float32 mono at RATE unless a function says otherwise.
"""
