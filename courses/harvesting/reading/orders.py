"""Whether 04/03/2026 is in March or in April: as the other days of its column are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from courses.harvesting.reading.columns import Columns
from courses.harvesting.reading.days import in_our_digits

_DAY = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
DATED: Final = ("start", "end")


@dataclass(slots=True)
class Order:
    """What the days of a column show of their order."""

    day_first: bool = False
    month_first: bool = False

    def look(self, text: str) -> None:
        """Look at the days of a cell: 13/04/2026 begins with the day."""
        for first, _sign, second, _year in _DAY.findall(in_our_digits(text)):
            self.day_first |= int(first) > 12 >= int(second)
            self.month_first |= int(second) > 12 >= int(first)

    def told(self, text: str) -> str:
        """Write the days of a cell as 2026-03-04, where the column shows one order only."""
        if self.day_first == self.month_first:
            return text
        day, month = (1, 3) if self.day_first else (3, 1)
        return _DAY.sub(
            lambda found: f"{found[4]}-{int(found[month]):02}-{int(found[day]):02}",
            in_our_digits(text),
        )


Orders = Mapping[str, Order]


def orders_in(names: Sequence[str], rows: Iterable[Sequence[str]], columns: Columns) -> Orders:
    """Give the order of each column of days, as these rows show it."""
    dated = {name for field in DATED for name in columns.get(field, ())}
    places = [(place, Order()) for place, name in enumerate(names) if name in dated]
    for cells in rows if places else ():
        for place, order in places:
            if place < len(cells):
                order.look(cells[place])
    return {names[place]: order for place, order in places}
