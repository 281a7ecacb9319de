"""The mixer: strips, lanes, master."""
