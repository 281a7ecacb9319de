"""Widgets that know no application object: only values, tokens and signals."""
