"""What the database keeps beside the index: words, what is near, issues that words suggest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from courses.search.documents import Document
from courses.search.guiding.related import forget_hidden, relate_again
from courses.search.guiding.topics import forget_hidden_topics, suggest_again
from courses.search.words import forget_hidden_words, write_words


def write_beside(numbers: Collection[int], fresh: Sequence[Document]) -> None:
    """Keep what follows from these documents, and forget it of these offers that have none."""
    write_words(numbers, fresh)
    relate_again(numbers)
    suggest_again(numbers, fresh)


def forget_hidden_offers() -> None:
    """Forget what is kept of offers that nobody can see."""
    forget_hidden_words()
    forget_hidden()
    forget_hidden_topics()
