"""Locations (the only file that knows source tree, wheel or frozen app) and the preferences file."""
