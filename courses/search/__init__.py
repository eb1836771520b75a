"""Finding offers.

find        the one door: a question in, offers and counts out
params      what an address asks for, and back
query       the words that were typed, and the ways each can match; lexicon: what words mean
engine      what every engine promises
documents   what an engine learns of an offer; analyzers: how text becomes tokens
weights     the numbers of the ranking

answering/  the engine that answers from the index, in arrays
plain/      the engine on SQL alone
store/      the index on disk
guiding/    what helps people on: suggestions, spelling, excerpts, related offers, issues to confirm
meaning/    the same in other words and languages: optional, never in the way
backlog     offers that changed; indexing: how the index learns of it; beside: the database too
keeping     the loop in which the worker does so
"""
