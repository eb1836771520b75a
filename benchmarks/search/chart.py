"""A chart of how long answers take as offers grow in number, both in powers of ten, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 50, 55
COLOURS = ("#00506b", "#b3541e", "#d08c2f", "#5b7f3a", "#7a4b8c", "#8a8a8a")
APART = 15
"""The least distance between two names beside the lines."""

Points = Sequence[tuple[int, float]]
"""Numbers of offers, with milliseconds."""

Placed = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axes:
    """From the fewest offers to the most, from one power of ten of milliseconds to another."""

    sizes: Sequence[int]
    low: int
    high: int

    def place(self, size: float, time: float) -> tuple[float, float]:
        """Give where a point stands."""
        least, most = self.sizes[0], self.sizes[-1]
        across = math.log10(size / least) / (math.log10(most / least) or 1)
        up = (math.log10(time) - self.low) / ((self.high - self.low) or 1)
        x = LEFT + across * (WIDTH - LEFT - RIGHT)
        return x, HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def drawn(self) -> Iterator[str]:
        """Draw a rule for every size, and for every power of ten."""
        for power in range(self.low, self.high + 1):
            x, y = self.place(self.sizes[0], 10.0**power)
            yield _rule(x, y, WIDTH - RIGHT, y)
            yield _text(x - 8, y + 4, f"{10.0**power:g} ms", "text-anchor='end'")
        for size in self.sizes:
            x, y = self.place(size, 10.0**self.low)
            yield _rule(x, TOP, x, y)
            yield _text(x, y + 18, f"{size:,}", "text-anchor='middle'")


def chart(title: str, lines: Mapping[str, Points]) -> str:
    """Draw a line for every engine, the first the thickest, each named at its end."""
    times = [math.log10(time) for points in lines.values() for _, time in points]
    sizes = sorted({size for points in lines.values() for size, _ in points})
    axes = Axes(sizes, math.floor(min(times)), math.ceil(max(times)))
    placed = {name: [axes.place(*point) for point in points] for name, points in lines.items()}
    drawn = [
        _text(LEFT, 26, title, "font-weight='bold' font-size='15'"),
        *axes.drawn(),
        *(_line(points, turn) for turn, points in enumerate(placed.values())),
        *_names(placed),
        _text(LEFT, HEIGHT - 12, "offers (both axes go in powers of ten)"),
    ]
    return _whole(title, drawn)


def _names(placed: Mapping[str, Placed]) -> list[str]:
    """Write each name where its line ends, moved apart where two would meet."""
    colours = dict(zip(placed, COLOURS, strict=False))
    drawn, above = [], -math.inf
    for name, points in sorted(placed.items(), key=lambda pair: pair[1][-1][1]):
        x, y = points[-1]
        above = max(y + 4, above + APART)
        drawn.append(_text(x + 8, above, name, f"fill='{colours[name]}'"))
    return drawn


def _line(points: Placed, turn: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    width = 3.5 if turn == 0 else 1.8
    dots = "".join(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{width}'/>" for x, y in points)
    colour = COLOURS[turn]
    return (
        f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>"
        f"<g fill='{colour}'>{dots}</g>"
    )


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='#dddddd'/>"


def _text(x: float, y: float, said: str, how: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' {how}>{escape(said)}</text>"


def _whole(title: str, drawn: Sequence[str]) -> str:
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'"
            " font-family='sans-serif' font-size='12' fill='#222222'>",
            f"<title>{escape(title)}</title>",
            f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#ffffff'/>",
            *drawn,
            "</svg>\n",
        ]
    )
