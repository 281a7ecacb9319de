"""API keys in the system keyring. keyring lives here and nowhere else."""
