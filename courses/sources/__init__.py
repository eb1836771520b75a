"""Where we read: the sources institutions ask for, and stewards approve."""
