"""The service's contract as types, shared by client/ and offline/. No I/O.
"""
