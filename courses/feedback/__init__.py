"""How it was: reviews by those who took part, and what they add up to."""
