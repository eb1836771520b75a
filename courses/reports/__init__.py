"""Reports: the figures of the academy; questions only."""
