"""The Create panel and the first-start page."""
