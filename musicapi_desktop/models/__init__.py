"""Qt item models: they translate values into roles and decide nothing."""
