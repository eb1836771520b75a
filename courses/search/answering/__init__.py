"""The engine that answers from the index: everything in arrays, nothing in loops."""
