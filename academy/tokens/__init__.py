"""Tokens: secrets handed out, kept as hashes: one-use links and codes, API tokens, idempotency."""
