"""Durable state: jobs, library, search, migrations. sqlite3 lives here and nowhere else."""
