"""One offer, many partners: what seems to be the same, what was decided, and how it is merged."""
