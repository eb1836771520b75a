"""The secretariat: what the stewards of the academy see, and what they do."""
