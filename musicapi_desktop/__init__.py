"""MusicAPI Desktop: write, create, audition, split and keep songs."""
