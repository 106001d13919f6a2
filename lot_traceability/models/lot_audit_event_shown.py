from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.audit_format import time_text
from .lot_audit_text import AuditText

# Of events that lie closer than this, whole blocks are read.
DENSE = 20


class LotAuditEvent(models.Model):
    """An event as people read it. The names come out of its body, so that they are the ones of
    that day and stay when the record is gone."""

    _inherit = "lot.audit.event"

    summary = fields.Char("What happened", compute="_compute_shown")
    lot_summary = fields.Char("What happened to it", compute="_compute_shown")
    user_name = fields.Char("By", compute="_compute_shown")
    lot_name = fields.Char("Lot number", compute="_compute_shown")
    product_name = fields.Char(compute="_compute_shown")
    company_name = fields.Char(compute="_compute_shown")
    record_name = fields.Char("About", compute="_compute_shown")
    origin = fields.Char("From where", compute="_compute_shown")
    zone = fields.Char("Time zone of the user", compute="_compute_shown")
    reason = fields.Char(compute="_compute_shown")
    exact_time = fields.Char("Time (UTC)", compute="_compute_shown")
    change_table = fields.Html("Before and after", compute="_compute_tables", sanitize=False)
    detail_table = fields.Html("Details", compute="_compute_tables", sanitize=False)
    block_number = fields.Integer("Block", compute="_compute_block_number")
    seal_state = fields.Selection(
        [("sealed", "Sealed"), ("waiting", "Waits to be sealed")],
        "Seal",
        compute="_compute_block_number",
    )

    @api.depends("kind", "document")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = self.env._(
                "%(kind)s, event %(number)s", kind=kinds.get(event.kind, ""), number=event.id
            )

    @api.depends("body")
    @api.depends_context("lang", "tz")
    def _compute_shown(self):
        text = AuditText(self.env)
        for event in self:
            told = text.parse(event.body)
            event.summary = text.sentence(told)
            event.lot_summary = text.sentence(told, on_lot=True)
            event.user_name = text.who(told)
            event.lot_name = text.value(told.get("lot"))
            event.product_name = text.value(told.get("product"))
            event.company_name = text.value(told.get("company"))
            event.record_name = text.subject(told)
            event.origin = text.origin(told)
            event.zone = told.get("zone") or ""
            event.reason = told.get("why") or ""
            event.exact_time = time_text(event.at) if event.at else ""

    @api.depends("body")
    @api.depends_context("lang", "tz")
    def _compute_tables(self):
        text = AuditText(self.env)
        render = self.env["ir.qweb"]._render
        for event in self:
            told = text.parse(event.body)
            changes, details = text.changes(told), text.details(told)
            event.change_table = changes and render(
                "lot_traceability.lot_audit_changes", {"changes": changes}
            )
            event.detail_table = details and render(
                "lot_traceability.lot_audit_details", {"details": details}
            )

    def _compute_block_number(self):
        blocks = self._block_numbers(self.ids)
        for event in self:
            event.block_number = blocks.get(event.id, 0)
            event.seal_state = "sealed" if event.block_number else "waiting"

    @api.model
    def _block_numbers(self, ids: list[int]) -> dict[int, int]:
        """The block of each of these events; one that is in no block yet is left out."""
        if not ids:
            return {}
        ids, low, high = list(ids), min(ids), max(ids)
        if high - low < DENSE * len(ids):
            query = SQL(
                """SELECT held.id, block.id
                     FROM lot_audit_block AS block, unnest(block.event_ids) AS held (id)
                    WHERE block.last_id >= %s AND block.first_id <= %s AND held.id = ANY(%s)""",
                *(low, high, ids),
            )
        else:
            # The block is the first or one of the first that end with it or later.
            query = SQL(
                """SELECT wanted.id, found.id FROM unnest(%s) AS wanted (id)
                    CROSS JOIN LATERAL (
                          SELECT block.id FROM lot_audit_block AS block
                           WHERE block.last_id >= wanted.id AND wanted.id = ANY(block.event_ids)
                           ORDER BY block.last_id LIMIT 1) AS found""",
                ids,
            )
        self.env.cr.execute(query)
        return dict(self.env.cr.fetchall())

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """A group of what is gone has its number for a name."""
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec not in ("lot_id", "product_id", "user_id"):
            return formatter
        known = set(self.env[self._fields[groupby_spec].comodel_name].union(*values).exists().ids)

        def formatter_of_known(value):
            if not value or value.id in known:
                return formatter(value)
            return (value.id, self.env._("Deleted (%s)", value.id)), [(groupby_spec, "=", value.id)]

        return formatter_of_known

    def action_open_lot(self) -> dict:
        """Open the lot that the event is about.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        return self._form_of("stock.lot", self.lot_id.exists().id)

    def action_open_record(self) -> dict:
        """Open the document with which it happened, or the record that it is about.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        told = AuditText.parse(self.body)
        found = told.get("document") or told.get("record") or {}
        return self._form_of(found.get("model"), found.get("id"))

    def action_open_block(self) -> dict:
        """Open the block in which the event is sealed.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        return self._form_of("lot.audit.block", self.block_number)

    @api.model
    def _warning(self, message: str) -> dict:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": message},
        }

    def _form_of(self, model, record_id) -> dict:
        record = model in self.env and self.env[model].browse(record_id or []).exists()
        if not record:
            return self._warning(self.env._("It does not exist any more."))
        # The forms of Odoo's documents read more than whoever only reads lots may read.
        ours = record._original_module == self._module or model == "stock.lot"
        if not ours and not record.has_access("write"):
            # sudo: the event names it as well
            return self._warning(
                self.env._(
                    "You may not open %s. Ask somebody who works with it to show it to you.",
                    record.sudo().display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record.id,
            "views": [[False, "form"]],
        }
