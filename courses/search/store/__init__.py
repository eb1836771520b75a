"""How the index lies on disk: Whoosh's segments, terms and tables of contents."""
