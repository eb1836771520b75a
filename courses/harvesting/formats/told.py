"""An object of our exchange format, asked for its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from academy.text import clean_line
from courses.harvesting.draft import Notes
from courses.harvesting.reading import values as reading

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """An object, asked for its fields: what has the wrong type says nothing."""

    told: Json
    notes: Notes

    def words(self, name: str) -> str:
        """Give a text or a number as text."""
        value = self.told.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        return reading.said(str(value))

    def many(self, name: str) -> list[str]:
        """Give the words of a list, or of a text that lists them."""
        value = self.told.get(name)
        if isinstance(value, str):
            return reading.many(value)
        values = value if isinstance(value, list) else []
        texts = (str(one) for one in values if isinstance(one, str | int))
        return [word for text in texts if (word := clean_line(text, limit=reading.LONGEST_WORD))]

    def objects(self, name: str) -> list[Record]:
        """Give the objects of a list."""
        value = self.told.get(name)
        values = value if isinstance(value, list) else []
        return [Record(one, self.notes) for one in values if isinstance(one, dict)]

    def object(self, name: str) -> Record:
        """Give an object; an empty one when there is none."""
        value = self.told.get(name)
        return Record(value if isinstance(value, dict) else {}, self.notes)
