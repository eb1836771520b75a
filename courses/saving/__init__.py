"""Saving: offers and searches that a person wants to come back to."""
