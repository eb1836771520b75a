"""Editing: a working copy beside the live offer, and the history of what was published."""
