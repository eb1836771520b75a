"""Finding: the index, its documents, and what can be asked of it."""
