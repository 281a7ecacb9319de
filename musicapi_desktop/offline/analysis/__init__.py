"""Tempo, key, separation and transcription of uploads."""
