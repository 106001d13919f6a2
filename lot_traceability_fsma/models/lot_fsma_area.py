from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.farm_map import Area
from ..tools.places import corners, is_on_earth


class LotFsmaArea(models.Model):
    """A field or growing area of a farm, or a container of an aquaculture farm, on the map
    (21 CFR 1.1315(a)(5))."""

    _name = "lot.fsma.area"
    _description = "Field or container of a farm"
    _inherit = ["lot.audited"]
    _order = "farm_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="As the grower names it")
    farm_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("field", "Field or growing area"),
            ("pond", "Pond"),
            ("pool", "Pool"),
            ("tank", "Tank"),
            ("cage", "Cage"),
            ("other", "Other container"),
        ],
        required=True,
        default="field",
    )
    commodity = fields.Char("What grows there")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    outline = fields.Text(
        help="The corners, a line each: latitude and longitude in degrees, 36.6777 -121.6555"
    )
    note = fields.Text("How it is found", help="What else helps to find it")
    map_url = fields.Char("Map", compute="_compute_map_url")
    plan = fields.Binary("Plan of the farm", related="farm_id.fsma_farm_plan")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    active = fields.Boolean(default=True)

    _name_of_farm = models.Constraint(
        "UNIQUE(farm_id, name, company_id)", "This farm has an area of this name already."
    )

    @api.depends("latitude", "longitude", "outline")
    def _compute_map_url(self):
        for area in self:
            latitude, longitude = area._point()
            area.map_url = (latitude or longitude) and (
                f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}"
                f"#map=16/{latitude:.6f}/{longitude:.6f}"
            )

    def _point(self) -> tuple[float, float]:
        """(latitude, longitude) of the area: as it was given, else the middle of its corners."""
        self.ensure_one()
        if self.latitude or self.longitude or not self.outline:
            return self.latitude, self.longitude
        try:
            points = corners(self.outline)
        except ValueError:
            return 0.0, 0.0
        return (
            sum(point[0] for point in points) / len(points),
            sum(point[1] for point in points) / len(points),
        )

    def _on_map(self) -> Area:
        """This area as the plan of its farm takes it."""
        self.ensure_one()
        try:
            outline = tuple(corners(self.outline)) if self.outline else ()
        except ValueError:
            # Being typed: the form says what is wrong when it is saved.
            outline = ()
        known = self.latitude or self.longitude
        point = (self.latitude, self.longitude) if known else None
        return Area(self.name or "", point, outline)

    @api.constrains("latitude", "longitude", "outline")
    def _check_on_map(self):
        for area in self:
            if not is_on_earth(area.latitude, area.longitude):
                raise ValidationError(
                    self.env._(
                        "%s: latitude is between -90 and 90, longitude between -180 and 180. "
                        "Perhaps they are the wrong way round.",
                        area.name,
                    )
                )
            if area.outline:
                area._check_outline()

    def _check_outline(self) -> None:
        try:
            corners(self.outline)
        except ValueError as error:
            line = error.args[0]
            message = (
                self.env._(
                    "%(area)s, line %(line)s of the outline: write latitude and longitude in "
                    "degrees, such as 36.6777 -121.6555.",
                    area=self.name,
                    line=line,
                )
                if line
                else self.env._("%s: an outline has at least three corners.", self.name)
            )
            raise ValidationError(message) from error

    def _told(self) -> dict[str, str]:
        """The column of an event that this area is told in."""
        if not self:
            return {}
        return {"field_name" if self.kind == "field" else "container_name": self.name}
