"""The settings dialog and the profile switcher."""
