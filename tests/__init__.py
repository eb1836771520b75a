"""The tests of the academy."""
