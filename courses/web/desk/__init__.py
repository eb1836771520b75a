"""The desk of an institution: its offers, what needs doing, its own profile."""
