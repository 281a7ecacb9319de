"""HTTP on loopback, tasks, ledger, clip store."""
