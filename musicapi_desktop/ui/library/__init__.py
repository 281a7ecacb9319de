"""The library table and the inspector."""
