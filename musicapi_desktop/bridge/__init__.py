"""The only room that makes threads and processes.

Client thread, relay, background calls, audio feeder, worker pools, engine process.
"""
