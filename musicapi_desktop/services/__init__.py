"""Use cases in plain Python: submit, job runner, downloads, library, playback, export, accounts. No Qt."""
