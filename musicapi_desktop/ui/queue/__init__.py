"""The queue area and the ledger."""
