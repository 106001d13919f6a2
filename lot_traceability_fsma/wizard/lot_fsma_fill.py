from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.lot_fsma_event import DOCUMENTS
from ..models.lot_fsma_event_learn import COLUMNS

_CODE = ("source_id", "source_reference")


class LotFsmaFill(models.TransientModel):
    """Fills in what several events lack, all at once: what a delivery or a week has in common.

    Only what an event does not say is put into it; each gets a new version with the reason.
    """

    _name = "lot.fsma.fill"
    _description = "Filling in missing data elements"

    event_ids = fields.Many2many("lot.fsma.event", readonly=True)
    count = fields.Integer("Events", compute="_compute_codes")
    codes = fields.Char(compute="_compute_codes")
    missing_text = fields.Char("Missing", compute="_compute_codes")
    reason = fields.Char(required=True, help="Where it is known from")
    anew = fields.Boolean(
        "Take addresses and product descriptions as they are now",
        default=True,
        help="Where a contact or product was described in full since",
    )
    source_id = fields.Many2one("res.partner", "Source of the code")
    source_reference = fields.Char()
    farm_id = fields.Many2one("res.partner")
    area_id = fields.Many2one("lot.fsma.area", "Field or container")
    field_name = fields.Char("Field or growing area")
    container_name = fields.Char("Pond, pool, tank or cage")
    harvester_id = fields.Many2one("res.partner")
    cooler_id = fields.Many2one("res.partner", "Cooled at")
    harvest_date = fields.Date("Harvested")
    harvest_end_date = fields.Date("Harvested until")
    cooling_date = fields.Date("Cooled")
    received_date = fields.Date("Received")
    catch_area = fields.Char("Areas of the catch")
    commodity = fields.Char()
    species = fields.Char("Species or market name")
    document_type = fields.Selection(DOCUMENTS)
    document_number = fields.Char()

    @api.depends("event_ids")
    def _compute_codes(self):
        names = self.env["lot.fsma.element"]._names()
        for fill in self:
            # One after the other, each once.
            lacking = ",".join(event.missing or "" for event in fill.event_ids)
            codes = [code for code in dict.fromkeys(lacking.split(",")) if code]
            fill.codes = f",{','.join(codes)},"
            fill.missing_text = ", ".join(names.get(code, code) for code in codes)
            fill.count = len(fill.event_ids)

    @api.onchange("farm_id")
    def _onchange_farm(self):
        self.harvester_id = self.harvester_id or self.farm_id
        if self.area_id.farm_id != self.farm_id:
            self.area_id = False

    @api.onchange("area_id")
    def _onchange_area(self):
        told = self.area_id._told()
        self.field_name = told.get("field_name") or self.field_name
        self.container_name = told.get("container_name") or self.container_name

    def action_save(self) -> dict:
        """Give each of the events a new version with what it lacked.

        :return: the action that says how many are complete now
        :raise UserError: without a reason, or when there is nothing to learn for any of them
        """
        self.ensure_one()
        told = {name: self._plain(name) for name in (*COLUMNS, *_CODE, "area_id") if name in self}
        before = self.event_ids._latest()
        after = before._learn(told, self.reason, anew=self.anew)
        if after == before:
            raise UserError(
                self.env._(
                    "Nothing that these events lack was filled in. Fill in one of: %s.",
                    self.missing_text,
                )
            )
        for event in after - before:
            event._tell_lots(told, {})
        complete = after.filtered(lambda event: not event.missing)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(done)s of %(all)s events are complete now.",
                    done=len(complete),
                    all=len(after),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _plain(self, name: str):
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value
