"""Taking part: who is enrolled in which run, and how it stands."""
