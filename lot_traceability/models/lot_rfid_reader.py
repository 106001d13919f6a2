import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.rfid_loads import LONGEST, Passed

KINDS = [
    ("portal", "Portal at a door"),
    ("wand", "Wand"),
    ("station", "Station"),
    ("printer", "Printer"),
]
DIRECTIONS = [
    ("one_way", "Always from the first place to the second"),
    ("antennas", "By the antennas that saw it first and last"),
]
# So long a load waits for one that brings its goods.
_LATE = timedelta(days=1)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}").fullmatch


class LotRfidReader(models.Model):
    """A reader of RFID tags as the warehouse knows it: where it is, and what it means that a tag
    was seen there."""

    _name = "lot.rfid.reader"
    _description = "RFID reader"
    _inherit = ["lot.audited"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(
        "Name for programs",
        required=True,
        help="What the gateway calls this reader: letters, digits and the signs . _ : -",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, default="portal", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Gateway",
        domain=lambda self: [("all_group_ids", "in", self._gateway_group().ids)],
        help="The user whose API key may send what this reader sees. Empty: any gateway of the "
        "company.",
    )
    window_seconds = fields.Float(
        "Same passage within (seconds)",
        default=10.0,
        help="A tag that is not seen for longer has left the field; seen again, it is another "
        "passage.",
    )
    min_rssi = fields.Float(
        "Weakest signal (dBm)",
        help="Reads with a weaker signal are left out: they come from goods that only stand near. "
        "0: all are taken.",
    )
    location_id = fields.Many2one(
        "stock.location", "First place", check_company=True, help="Where goods come from"
    )
    location_dest_id = fields.Many2one(
        "stock.location", "Second place", check_company=True, help="Where goods go"
    )
    direction = fields.Selection(DIRECTIONS, default="one_way", required=True)
    first_antennas = fields.Char(
        "Antennas at the first place", help="Their numbers, separated by commas"
    )
    second_antennas = fields.Char("Antennas at the second place")
    picking_type_id = fields.Many2one(
        "stock.picking.type",
        "Operation",
        check_company=True,
        help="Open transfers of this operation are looked through for what passes; where none is "
        "expected, goods that stay in the company get a transfer of this operation. Empty: the "
        "internal transfers of the warehouse.",
    )
    mode = fields.Selection(
        [("proposed", "Proposed"), ("automatic", "Done where nothing speaks against it")],
        "Transfers are",
        default="proposed",
        required=True,
    )
    load_gap = fields.Float(
        "Same load within (seconds)",
        default=120.0,
        help="Passages that follow one another more closely are one load and one transfer.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        help="Told when a load cannot be moved as it was seen",
    )
    last_heard_at = fields.Datetime("Last heard", compute="_compute_last_heard_at")
    open_count = fields.Integer("Open proposals", compute="_compute_open_count")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another reader of the company has this name for programs."
    )
    _window_positive = models.Constraint(
        "CHECK (window_seconds > 0 AND load_gap > 0)", "A time span has to be longer than nothing."
    )

    def _gateway_group(self):
        return self.env.ref("lot_traceability.group_rfid_gateway")

    # -- what is set up ------------------------------------------------------------------------

    @api.constrains("code")
    def _check_code(self):
        for reader in self:
            if not _CODE(reader.code or ""):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be a name for programs: use up to 64 letters, digits and the "
                        "signs . _ : -",
                        reader.code,
                    )
                )

    @api.constrains(
        "kind", "direction", "location_id", "location_dest_id", "first_antennas", "second_antennas"
    )
    def _check_portal(self):
        for reader in self.filtered(lambda one: one.kind == "portal"):
            if not reader.location_id or not reader.location_dest_id:
                raise ValidationError(
                    self.env._("Say between which two places the portal “%s” is.", reader.name)
                )
            if reader.location_id == reader.location_dest_id:
                raise ValidationError(
                    self.env._("The portal “%s” needs two different places.", reader.name)
                )
            if reader.direction == "antennas":
                reader._check_antennas()

    def _check_antennas(self) -> None:
        first, second = self._antennas("first"), self._antennas("second")
        if not first or not second or first & second:
            raise ValidationError(
                self.env._(
                    "Give the antennas of each side of “%s” by their numbers, such as 1, 2 and "
                    "3, 4. An antenna has one side only.",
                    self.name,
                )
            )

    def _antennas(self, side: str) -> set[int]:
        """The numbers of the antennas of a side; empty where there is something else."""
        parts = [part.strip() for part in (self[f"{side}_antennas"] or "").split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            return set()
        return {int(part) for part in parts}

    def _window_span(self) -> timedelta:
        return timedelta(seconds=self.window_seconds)

    def _operation_type(self):
        """The kind of transfer that this portal makes."""
        self.ensure_one()
        warehouse = self.location_id.warehouse_id or self.location_dest_id.warehouse_id
        if self.picking_type_id or warehouse.company_id == self.company_id:
            return self.picking_type_id or warehouse.int_type_id
        # sudo: which operations a company has is no secret to those who work in it
        found = self.env["stock.picking.type"].sudo()
        return found.search(
            [("code", "=", "internal"), ("company_id", "=", self.company_id.id)], limit=1
        )

    # -- loads ---------------------------------------------------------------------------------

    def _proposal_of(self, way: str, load: list[Passed]):
        """The open proposal that this load goes on with, or a new one."""
        self.ensure_one()
        first, last = load[0].first_at, max(one.last_at for one in load)
        gap = timedelta(seconds=self.load_gap)
        proposals = self.env["lot.rfid.proposal"]
        found = proposals.search(
            [
                ("reader_id", "=", self.id),
                ("way", "=", way),
                ("state", "=", "open"),
                ("last_at", ">=", first - gap),
                ("first_at", "<=", last + gap),
                ("first_at", ">=", last - LONGEST),
            ],
            limit=1,
        )
        if found:
            return found
        places = [self.location_id.id, self.location_dest_id.id]
        source, target = places if way == "there" else reversed(places)
        return proposals.create(
            {
                "reader_id": self.id,
                "way": way,
                "location_id": source,
                "location_dest_id": target,
                "first_at": first,
                "last_at": last,
            }
        )

    def _proposals_to_book(self):
        """Loads that have ended and may need nobody to look at them, in the order in which they
        passed: what is not there yet may come with the load before."""
        self.ensure_one()
        proposals = self.env["lot.rfid.proposal"]
        if self.mode != "automatic":
            return proposals
        over = fields.Datetime.now() - timedelta(seconds=self.load_gap)
        late = Domain("line_ids.problem", "=", "elsewhere") & Domain("last_at", ">", over - _LATE)
        return proposals.search(
            Domain("reader_id", "=", self.id)
            & Domain("state", "=", "open")
            & Domain("last_at", "<=", over)
            & (Domain("ready", "=", True) | Domain("told", "=", False) | late),
            order="first_at, id",
        )

    # -- what is shown -------------------------------------------------------------------------

    def _compute_last_heard_at(self):
        pulses = self.env["lot.rfid.pulse"].search([("reader_id", "in", self.ids)])
        heard = {pulse.reader_id.id: pulse.heard_at for pulse in pulses}
        for reader in self:
            reader.last_heard_at = heard.get(reader._origin.id, False)

    def _compute_open_count(self):
        rows = self.env["lot.rfid.proposal"]._read_group(
            [("reader_id", "in", self.ids), ("state", "=", "open")], ["reader_id"], ["__count"]
        )
        counts = {reader.id: count for reader, count in rows}
        for reader in self:
            reader.open_count = counts.get(reader._origin.id, 0)

    def action_settle(self) -> dict:
        """Make proposals of what has passed, without waiting for the load to end.

        :return: the window action of the proposals of these readers
        :raise UserError: when one of them is no portal
        """
        self.check_access("read")
        self.env["lot.rfid.proposal"].check_access("write")
        others = self.filtered(lambda reader: reader.kind != "portal")
        if others:
            raise UserError(
                self.env._("%s is no portal: nothing passes it.", ", ".join(others.mapped("name")))
            )
        for reader in self:
            # sudo: what passed is gathered, whoever asks for it; moving it asks for rights
            self.env["lot.rfid.settlement"].sudo()._settle(reader.sudo(), at_once=True)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_rfid_proposal_action"
        )
        return action | {"domain": [("reader_id", "in", self.ids)]}
