"""Operating the academy: whether it runs, its backups, its upgrades, its settings."""
