"""The typed MusicAPI client. httpx lives here and nowhere else."""
