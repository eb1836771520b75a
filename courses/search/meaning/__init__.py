"""Meaning: offers that say the same in other words, or in another language.

Beside the words and never in their way: without an encoder, without vectors, or when anything
fails, the answer is that of the words alone.

encoders    what every encoder promises, and the one we use
vectors     one vector a content and model, kept in the database
encoding    what the worker does: vectors for the offers that have none
scanning    the signs of all vectors, in memory, and which offers are nearest to a query
applying    the ranking by words and meaning together; its numbers
"""
