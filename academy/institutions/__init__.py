"""Institutions: who teaches, and who works for them."""
