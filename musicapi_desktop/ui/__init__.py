"""QtWidgets, and nowhere else. Views show a presenter's state and name what the person did; they know no services."""
