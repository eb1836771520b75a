"""Webinars: what happens around a meeting: who moderates, reminders, joining, messages."""
