"""The manners of the person's system: media keys, notifications, staying awake, being asked to end.

Nothing here decides what the app does; each class turns one protocol of the system into methods and signals.
"""
