"""What helps people on: suggestions while they type, spelling, excerpts, related offers."""
