"""The demonstration network: invented institutions, offers and people, marked as sample."""
