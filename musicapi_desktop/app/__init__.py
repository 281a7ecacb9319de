"""Composition: command line, bootstrap (build in order, stop in reverse), logs, crash, tour.

Knows everything, is known by nothing.
"""
