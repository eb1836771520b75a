"""One file a format; each gives `read(feed)`, which yields Drafts and Findings and raises NotAFeed.

Adapters know no database, no network, and not each other.
"""
