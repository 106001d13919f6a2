from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..report.label_pdf import Sheet
from ..tools.label.identifiers import read_list
from ..tools.label.layout import Size

KINDS = [
    ("item", "Item"),
    ("case", "Case"),
    ("pallet", "Pallet or other package"),
    ("location", "Location"),
]
SYMBOLS = [
    ("gs1_datamatrix", "GS1 DataMatrix"),
    ("gs1_128", "GS1-128 bar code"),
    ("qr_link", "QR code with GS1 Digital Link"),
    ("gs1_qr", "GS1 QR code"),
    ("none", "No code"),
]
FORMATS = [
    ("pdf", "PDF"),
    ("zpl", "ZPL, for label printers"),
    ("png", "PNG picture"),
    ("svg", "SVG drawing"),
]
MODELS = {
    "item": "stock.lot",
    "case": "stock.lot",
    "pallet": "stock.package",
    "location": "stock.location",
}
# What GS1 can say of each, as far as it is known here.
_OF_LOT = frozenset("01 10 11 13 15 17 21 30 240 310 400 422 7006".split())
IDENTIFIERS = {
    "item": _OF_LOT,
    "case": _OF_LOT,
    "pallet": frozenset("00 02 10 11 13 15 17 21 37 422".split()),
    "location": frozenset(("414", "254")),
}
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_SMALLEST, _LARGEST = 15.0, 420.0


class LotLabelDesign(models.Model):
    """What labels look like and say: for an item, a case, a pallet or a place."""

    _name = "lot.label.design"
    _description = "Label design"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, "For", required=True, default="item")
    company_id = fields.Many2one("res.company", help="Empty: all companies")
    width = fields.Float("Width (mm)", required=True, default=100.0)
    height = fields.Float("Height (mm)", required=True, default=50.0)
    symbol = fields.Selection(SYMBOLS, "Code", required=True, default="gs1_datamatrix")
    identifiers = fields.Char(
        default="(01)(17)(10)",
        help="GS1 application identifiers, in the order of printing. What is not known of a lot is "
        "left out; (10) becomes (21) where the product has serial numbers.",
    )
    with_hri = fields.Boolean(
        "Print what the code says", default=True, help="GS1 asks for it beside each code."
    )
    plain = fields.Boolean(
        "Number alone where GS1 is impossible",
        default=True,
        help="A lot whose product has no GTIN, or whose number has characters that GS1 does not "
        "allow, gets a code that holds just its number. Otherwise nothing is printed.",
    )
    domain = fields.Char(
        "Web address of links",
        help="Of a QR code, such as https://id.example.com. Empty: https://id.gs1.org",
    )
    date_format = fields.Selection(
        [
            ("lang", "As in the language"),
            ("iso", "2026-12-31"),
            ("dmy", "31.12.2026"),
            ("month", "31 DEC 2026"),
        ],
        "Dates",
        required=True,
        default="iso",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="Empty: that of whoever prints",
    )
    field_ids = fields.One2many("lot.label.field", "design_id", string="Says", copy=True)
    file_format = fields.Selection(FORMATS, "Usual format", required=True, default="pdf")
    printer_id = fields.Many2one(
        "lot.label.printer", "Usual printer", help="Empty: it is downloaded"
    )
    # -- on a sheet of paper
    on_sheet = fields.Boolean("Several on a sheet")
    paper = fields.Selection([("a4", "A4"), ("letter", "Letter")], default="a4")
    rows = fields.Integer(default=1)
    columns = fields.Integer(default=1)
    margin_left = fields.Float("Left margin (mm)")
    margin_top = fields.Float("Top margin (mm)")
    gap_across = fields.Float("Gap between columns (mm)")
    gap_down = fields.Float("Gap between rows (mm)")

    # -- checks ------------------------------------------------------------------------------

    @api.constrains("width", "height")
    def _check_size(self):
        for design in self:
            sides = (design.width, design.height)
            if min(sides) < _SMALLEST or max(sides) > _LARGEST:
                raise ValidationError(
                    self.env._("A label is between 15 and 420 mm wide and high. Correct its size.")
                )

    @api.constrains("identifiers", "kind", "symbol")
    def _check_identifiers(self):
        for design in self.filtered(lambda each: each.symbol != "none"):
            chosen = design._identifiers()
            unknown = [each for each in chosen if each not in IDENTIFIERS[design.kind]]
            if unknown or not chosen:
                raise ValidationError(
                    self.env._(
                        "The code of “%(design)s” cannot say %(unknown)s. Choose among these "
                        "identifiers: %(known)s.",
                        design=design.name,
                        unknown=", ".join(f"({each})" for each in unknown) or self.env._("nothing"),
                        known=", ".join(f"({each})" for each in sorted(IDENTIFIERS[design.kind])),
                    )
                )

    @api.constrains(
        "on_sheet",
        "paper",
        "rows",
        "columns",
        "margin_left",
        "margin_top",
        "gap_across",
        "gap_down",
    )
    def _check_sheet(self):
        for design in self.filtered("on_sheet"):
            sheet = design._sheet()
            right = sheet.left + (sheet.columns - 1) * sheet.across + design.width
            bottom = sheet.top + (sheet.rows - 1) * sheet.down + design.height
            if (
                min(sheet.rows, sheet.columns) < 1
                or min(sheet.left, sheet.top, design.gap_across, design.gap_down) < 0
                or right > sheet.width + 0.01
                or bottom > sheet.height + 0.01
            ):
                raise ValidationError(
                    self.env._(
                        "%(rows)s rows of %(columns)s labels do not fit on a sheet. Correct their "
                        "number, the margins or the gaps.",
                        rows=design.rows,
                        columns=design.columns,
                    )
                )

    # -- what it is --------------------------------------------------------------------------

    def _identifiers(self) -> tuple[str, ...]:
        return read_list(self.identifiers or "")

    def _size(self, dpi: int) -> Size:
        return Size(self.width, self.height, dpi)

    def _sheet(self) -> Sheet:
        width, height = PAPERS[self.paper or "a4"]
        return Sheet(
            width,
            height,
            self.rows,
            self.columns,
            self.margin_left,
            self.margin_top,
            self.width + self.gap_across,
            self.height + self.gap_down,
        )

    def _formats(self) -> list[str]:
        """The formats that it can be printed in: a sheet is a PDF."""
        return ["pdf"] if self.on_sheet else [name for name, _label in FORMATS]

    @api.model
    def _designs_for(self, record) -> list[dict]:
        """The designs that a record, or the lots of a document, can be labelled with.

        :param record: a `stock.lot`, `stock.package`, `stock.location`, transfer, order, …
        :return: [{"id": int, "name": str, "formats": ["pdf", "zpl", …]}], the usual one first
        """
        kinds = [kind for kind, model in MODELS.items() if model in self._labelled_models(record)]
        company = record.company_id[:1] if "company_id" in record._fields else self.env.company
        designs = self.search(
            [("kind", "in", kinds), ("company_id", "in", [False, (company or self.env.company).id])]
        )
        return [
            {"id": design.id, "name": design.name, "formats": design._formats()}
            for design in designs
        ]
