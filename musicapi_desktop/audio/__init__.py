"""The player: decode and cache, mixer, takes, transport, outputs, export. No Qt, no services."""
