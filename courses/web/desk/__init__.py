"""The desk of an institution: its offers, what needs doing, its own profile."""

from __future__ import annotations

from courses.web.desk import edit, front, history, offers, profile, publishing, tasks

VIEWS = (edit, front, history, offers, profile, publishing, tasks)
"""Importing a module puts its views on the desk."""
