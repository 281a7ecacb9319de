"""Composition: command line, bootstrap (build in order, stop in reverse), single instance, logs, crash, tour. Knows everything, is known by nothing."""
