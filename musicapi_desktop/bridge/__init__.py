"""The only room that makes threads and processes: client thread, relay, background calls, audio feeder, worker pools, engine process, shutdown."""
