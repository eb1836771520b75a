"""Announcements: a sentence of the stewards above every page, for a while."""
