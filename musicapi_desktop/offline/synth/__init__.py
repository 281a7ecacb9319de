"""Notes to stems to mix."""
