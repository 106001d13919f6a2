from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from ..tools.rfid_reads import Read, Sighting, sightings, stronger
from ..tools.rfid_tag import split_epcs

MAX_PASTED = 10_000
_FOUND = {
    "state",
    "compared_at",
    "right",
    "missing",
    "misplaced",
    "unexpected",
    "unknown",
    "warned",
}


class LotRfidCount(models.Model):
    """A place counted by the tags in it: what is there, what is missing, and what lies there that
    belongs elsewhere."""

    _name = "lot.rfid.count"
    _description = "RFID count"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    location_id = fields.Many2one(
        "stock.location",
        "Place",
        required=True,
        check_company=True,
        domain="[('usage', 'in', ('internal', 'transit'))]",
        tracking=True,
        help="With the places below it",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users", "Counted by", default=lambda self: self.env.user, tracking=True
    )
    scope = fields.Selection(
        [("tagged", "Goods that have tags"), ("all", "Everything in stock there")],
        "What should be there",
        default="tagged",
        required=True,
        help="Goods that have tags: lots of products of which at least one tag is registered, or "
        "was read here.",
    )
    state = fields.Selection(
        [("open", "Reading"), ("compared", "Compared"), ("applied", "Closed")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    tag_ids = fields.One2many("lot.rfid.count.tag", "count_id", "Tags read", readonly=True)
    line_ids = fields.One2many("lot.rfid.count.line", "count_id", "Result")
    pasted = fields.Text(
        "Tags", help="EPCs that were pasted, or typed by a wand that acts as a keyboard"
    )
    tags = fields.Integer("Tags read so far", compute="_compute_tags")
    compared_at = fields.Datetime(readonly=True)
    right = fields.Integer("As it should be", readonly=True)
    missing = fields.Integer(readonly=True)
    misplaced = fields.Integer(readonly=True)
    unexpected = fields.Integer(readonly=True)
    unknown = fields.Integer("Not known", readonly=True)
    warned = fields.Integer("May not be used", readonly=True)

    def _compute_tags(self):
        rows = self.env["lot.rfid.count.tag"]._read_group(
            [("count_id", "in", self.ids)], ["count_id"], ["__count"]
        )
        counts = {count.id: number for count, number in rows}
        for count in self:
            count.tags = counts.get(count._origin.id, 0)

    @api.depends("location_id", "create_date")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for count in self:
            when = count.create_date and format_datetime(self.env, count.create_date)
            place = count.location_id.display_name or ""
            count.display_name = f"{place}, {when}" if when else place

    # -- reading -------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Take the tags of the text that was pasted or typed.

        :raise UserError: when there are none, too many, or the count is closed
        """
        self.ensure_one()
        self.check_access("write")
        epcs = split_epcs(self.pasted or "")
        if not epcs:
            raise UserError(self.env._("Paste the EPCs of the tags, or read them with the wand."))
        self.add(epcs)
        self.pasted = False

    def add(self, epcs: list[str]) -> int:
        """Take tags that were read.

        :param epcs: EPCs as hexadecimal digits or URNs
        :return: how many of them are new in this count
        :raise UserError: when there are too many at once, or the count is closed
        """
        self.ensure_one()
        self.check_access("write")
        if len(epcs) > MAX_PASTED:
            raise UserError(self.env._("Add at most %s tags at once.", MAX_PASTED))
        self._check_not_applied()
        now = fields.Datetime.now()
        reads = [Read(str(epc), now, 0, None) for epc in epcs if str(epc).strip()]
        # sudo: tags of a count are written by the system alone
        return self.sudo()._note(list(sightings(reads, self._no_break())))

    @api.model
    def _no_break(self):
        """However long ago a tag was read, it is the same one."""
        return timedelta.max

    def _check_not_applied(self) -> None:
        if any(count.state == "applied" for count in self):
            raise UserError(self.env._("This count is closed. Begin a new one."))

    def _note(self, seen: list[Sighting]) -> int:
        """Write tags that were seen, each once.

        :return: how many of them are new in this count
        """
        self.ensure_one()
        once: dict[str, Sighting] = {}
        for one in seen:
            known = once.setdefault(one.tag.identity, one)
            if known is not one:
                known.last_at = max(known.last_at, one.last_at)
                known.count += one.count
                known.best_rssi = stronger(known.best_rssi, one.best_rssi)
        if not once:
            return 0
        rows = [
            (
                *(one.tag.identity, one.tag.epc, one.tag.scheme or None, one.tag.gtin or None),
                *(one.tag.serial or None, one.tag.lot or None, one.tag.sscc or None),
                *(one.tag.problem or None, one.last_at, one.count),
            )
            for one in once.values()
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lot_rfid_count_tag AS tag
                       (count_id, company_id, identity, epc, scheme, gtin, serial, lot_name, sscc,
                        problem, last_at, reads)
                SELECT %s, %s, seen.* FROM unnest(
                       %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[],
                       %s::varchar[], %s::varchar[], %s::varchar[], %s::timestamp[], %s::int4[])
                       AS seen
                ON CONFLICT (count_id, identity) DO UPDATE SET
                   last_at = greatest(tag.last_at, excluded.last_at),
                   reads = tag.reads + excluded.reads
                RETURNING xmax = 0
                """,
                *(self.id, self.company_id.id, *columns),
            ),
            log_exceptions=False,
        )
        new = sum(row[0] for row in self.env.cr.fetchall())
        self.env["lot.rfid.count.tag"].invalidate_model(flush=False)
        self.invalidate_recordset(["tag_ids", "tags"], flush=False)
        # What was compared is old by now.
        if new and self.state == "compared":
            self.state = "open"
        return new

    # -- the result ----------------------------------------------------------------------------

    def action_compare(self) -> None:
        """Compare the tags with the stock that should be there.

        :raise UserError: when the count is closed, or has no tags
        """
        self.check_access("write")
        self._check_not_applied()
        for count in self:
            if not count.tags:
                raise UserError(
                    self.env._("No tag was read yet in %s.", count.location_id.display_name)
                )
            # sudo: lines are written by the system alone; what they name is checked when read
            self.env["lot.rfid.comparison"].sudo()._compare(count.sudo())
        self.invalidate_recordset()

    def action_close(self) -> None:
        """Close these counts without changing any stock."""
        self.check_access("write")
        # sudo: see `write`
        self.sudo().state = "applied"

    def write(self, vals):
        """People write what they count; what came of it is written by the system alone."""
        if not self.env.su and _FOUND & vals.keys():
            raise AccessError(self.env._("The result of a count is not changed by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(count.state == "applied" for count in self):
            raise UserError(self.env._("A count that is closed is part of the record and stays."))
