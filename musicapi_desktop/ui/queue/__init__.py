"""The queue and its ledger."""
