"""MusicAPI Desktop: write, create, audition, split and keep songs."""

__version__ = "0.1.0"
