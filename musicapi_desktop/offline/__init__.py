"""The local engine, a process of its own that speaks the service's contract on loopback.

May import wire/, dsp/ and domain/ only.
"""
