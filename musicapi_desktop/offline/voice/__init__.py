"""Lyrics and melody to a sung voice with word times."""
