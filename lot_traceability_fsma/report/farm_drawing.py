"""The plan of a farm on paper."""

from odoo.addons.lot_traceability.report.trace_pdf_fonts import typeface
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from ..tools.farm_map import HEIGHT, WIDTH, Area, Plan, draw
from ..tools.places import corners

_FIELD, _EDGE, _INK, _PAPER = (
    HexColor(color) for color in ("#cfe3bd", "#3d6b21", "#1d1d1b", "#fbfbf7")
)

_SIZE = 9


class FarmDrawing(Flowable):
    """A plan to scale, with the name of the farm above it.

    It is made smaller where the page is narrow.
    """

    def __init__(self, farm: str, plan: Plan) -> None:
        super().__init__()
        self.farm, self.plan = farm, plan
        self.factor = 1.0

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """The room that it takes, in points."""
        self.factor = min(1.0, available_width / WIDTH)
        self.width, self.height = WIDTH * self.factor, (HEIGHT + 34) * self.factor
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas of the document."""
        canvas = self.canv
        canvas.scale(self.factor, self.factor)
        # Room between this and what follows.
        canvas.translate(0, 12)
        canvas.setFillColor(_INK)
        self._write(0, HEIGHT + 8, self.farm)
        canvas.setStrokeColor(_EDGE)
        canvas.setFillColor(_PAPER)
        canvas.rect(0, 0, WIDTH, HEIGHT, fill=1)
        for shape in self.plan.shapes:
            self._draw_shape([(x, HEIGHT - y) for x, y in shape.points])
        canvas.setFillColor(_INK)
        canvas.setStrokeColor(_INK)
        for shape in self.plan.shapes:
            x, y = shape.middle
            lift = -3 if len(shape.points) > 1 else 8
            self._write(x, HEIGHT - y + lift, shape.name, centred=True)
        end = 10 + self.plan.bar
        canvas.lines([(10, 14, 10, 10), (10, 10, end, 10), (end, 10, end, 14)])
        self._write(end + 6, 10, self.plan.bar_text)
        top, east = HEIGHT - 10, WIDTH - 18
        canvas.line(east, top - 22, east, top)
        canvas.lines([(east - 4, top - 8, east, top), (east, top, east + 4, top - 8)])
        self._write(east, top - 34, "N", centred=True)

    def _write(self, x: float, y: float, words: str, centred: bool = False) -> None:
        """Write words in fonts that have their letters."""
        runs = typeface(bold=False).runs(words)
        if centred:
            x -= sum(stringWidth(part, font, _SIZE) for font, part in runs) / 2
        for font, part in runs:
            self.canv.setFont(font, _SIZE)
            self.canv.drawString(x, y, part)
            x += stringWidth(part, font, _SIZE)

    def _draw_shape(self, points: list[tuple[float, float]]) -> None:
        canvas = self.canv
        if len(points) == 1:
            canvas.setFillColor(_EDGE)
            canvas.circle(*points[0], 4, stroke=0, fill=1)
            return
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        canvas.setFillColor(_FIELD)
        canvas.drawPath(path, fill=1)


def drawings(rows: list[list]) -> list[Flowable]:
    """A plan of each farm of the plan's table of areas, as it was kept with the version.

    :param rows: farm, name, kind, what grows there, coordinates, corners, …
    """
    farms: dict[str, list[Area]] = {}
    for farm, name, _kind, _commodity, point, outline, *_rest in rows:
        latitude, _space, longitude = (point or "").partition(" ")
        area = Area(
            name,
            point=(float(latitude), float(longitude)) if longitude else None,
            corners=tuple(corners(outline.replace(";", "\n"))) if outline else (),
        )
        farms.setdefault(farm, []).append(area)
    plans = {farm: draw(areas) for farm, areas in farms.items()}
    return [FarmDrawing(farm, plan) for farm, plan in plans.items() if plan]
