"""A plan of a farm to scale: its fields and containers as they lie (21 CFR 1.1315(a)(5)).

No map of others lies below it: it is drawn from the coordinates alone, north up.

>>> plan = draw([Area("North", corners=((36.60, -121.60), (36.61, -121.60), (36.61, -121.59)))])
>>> plan.shapes[0].name, len(plan.shapes[0].points), plan.bar_text
('North', 3, '500 m')
>>> draw([Area("Nowhere")]) is None
True
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 480.0, 320.0
_MARGIN = 34.0
_METRES_A_DEGREE = 111_320.0
# A single point is shown with so much around it.
_LEAST = 100.0
_BARS = (1, 2, 5)


@dataclass(frozen=True)
class Area:
    """An area by its corners, else by its point: (latitude, longitude) in degrees."""

    name: str
    point: tuple[float, float] | None = None
    corners: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Shape:
    """An area on the plan: points from the upper left corner; one point where no corners are
    known."""

    name: str
    points: tuple[tuple[float, float], ...]

    @property
    def middle(self) -> tuple[float, float]:
        """Where the name stands."""
        count = len(self.points)
        return sum(x for x, _y in self.points) / count, sum(y for _x, y in self.points) / count


@dataclass(frozen=True)
class Plan:
    """The drawing, `WIDTH` by `HEIGHT`; the bar is so long and stands for so many metres."""

    shapes: tuple[Shape, ...]
    bar: float
    bar_text: str


def draw(areas: Iterable[Area]) -> Plan | None:
    """The plan of these areas; none where no coordinates are known."""
    placed = [
        (area.name, area.corners or (area.point,)) for area in areas if area.corners or area.point
    ]
    every = [point for _name, points in placed for point in points if point]
    if not every:
        return None
    # On a farm the earth is flat; a degree of longitude is shorter away from the equator.
    south, north = min(lat for lat, _lon in every), max(lat for lat, _lon in every)
    west, east = min(lon for _lat, lon in every), max(lon for _lat, lon in every)
    across = _METRES_A_DEGREE * math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * across, (north - south) * _METRES_A_DEGREE
    scale = min(
        (WIDTH - 2 * _MARGIN) / max(wide, _LEAST), (HEIGHT - 2 * _MARGIN) / max(high, _LEAST)
    )

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = WIDTH / 2 + ((point[1] - west) * across - wide / 2) * scale
        y = HEIGHT / 2 - ((point[0] - south) * _METRES_A_DEGREE - high / 2) * scale
        return round(x, 1), round(y, 1)

    shapes = [Shape(name, tuple(place(one) for one in points if one)) for name, points in placed]
    metres = _bar(WIDTH / 4 / scale)
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return Plan(tuple(shapes), metres * scale, text)


def _bar(most: float) -> float:
    """The longest round length that is no longer.

    >>> _bar(999), _bar(1000), _bar(0.7)
    (500.0, 1000.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in _BARS if step * power <= most)


def svg(plan: Plan) -> str:
    """The plan as a picture for a screen.

    >>> "&lt;b&gt;" in svg(draw([Area("<b>", point=(1.0, 2.0))]))
    True
    """
    size = f'width="{WIDTH:g}" height="{HEIGHT:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" {size} ',
        'font-family="sans-serif" font-size="12">',
        f'<rect {size} fill="#fbfbf7" stroke="#8a8f85"/>',
    ]
    for shape in plan.shapes:
        if len(shape.points) > 1:
            points = " ".join(f"{x:g},{y:g}" for x, y in shape.points)
            parts.append(f'<polygon points="{points}" fill="#cfe3bd" stroke="#3d6b21"/>')
        else:
            x, y = shape.points[0]
            parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="#3d6b21"/>')
    for shape in plan.shapes:
        x, y = shape.middle
        y += 4 if len(shape.points) > 1 else -9
        parts.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="middle" stroke="#ffffff" stroke-width="3" '
            f'paint-order="stroke" fill="#1d1d1b">{escape(shape.name)}</text>'
        )
    low = HEIGHT - 10
    parts.append(
        f'<path d="M10 {low - 4:g}V{low:g}H{10 + plan.bar:g}V{low - 4:g}" fill="none" '
        f'stroke="#1d1d1b"/><text x="{16 + plan.bar:g}" y="{low:g}">{plan.bar_text}</text>'
        f'<path d="M{WIDTH - 18:g} 32V10l-4 8m4-8l4 8" fill="none" stroke="#1d1d1b"/>'
        f'<text x="{WIDTH - 18:g}" y="45" text-anchor="middle">N</text></svg>'
    )
    return "".join(parts)
