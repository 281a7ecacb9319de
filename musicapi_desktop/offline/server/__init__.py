"""HTTP on loopback: the service's contract, real tasks, a ledger with refunds, clips that outlive the process.

From the outside in: process (uvicorn, signals, the ready line) > application (routes) and guard > studio (what is
made, charged and kept) > crew and lane (worker processes) > worker. Knows nothing of how music is made.
"""
