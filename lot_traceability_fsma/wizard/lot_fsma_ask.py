from odoo import api, fields, models
from odoo.addons.lot_traceability.models.lot_done_answers import ANSWERS
from odoo.exceptions import UserError
from odoo.fields import Command

#: Context key: these documents were asked about, and are validated with what is known.
ASKED = "fsma_asked"
# What is told of a line where it is filled in on the form, and for all lines at once.
_FACTS = {
    "source_id": "fsma_source_id",
    "source_reference": "fsma_source_reference",
    "farm_id": "fsma_farm_id",
    "area_id": "fsma_area_id",
    "harvester_id": "fsma_harvester_id",
    "harvest_date": "harvest_date",
    "harvest_end_date": "harvest_end_date",
    "cooler_id": "fsma_cooler_id",
    "cooling_date": "fsma_cooling_date",
    "catch_area": "fsma_catch_area",
}
# Only asked along with other things.
_ALONG = {"source_reference", "cooler_id", "cooling_date"}
_OF_GROUP = {
    "code": ("tlc", "source_id", "source_reference"),
    "farm": ("farm_id", "area_id", "harvester_id", "harvest_date", "cooler_id", "cooling_date"),
    "catch": ("harvest_date", "harvest_end_date", "catch_area"),
}


class LotFsmaAsk(models.TransientModel):
    """What the rule wants to know of lots and Odoo cannot know, asked in one dialog before a
    receipt or an order is validated. What is told is kept by the lots; the rest waits."""

    _name = "lot.fsma.ask"
    _description = "Questions of FSMA 204 before validation"

    picking_ids = fields.Many2many("stock.picking", readonly=True)
    production_ids = fields.Many2many("mrp.production", readonly=True)
    may_wait = fields.Boolean(compute="_compute_may_wait")
    asks = fields.Char(compute="_compute_asks")
    source_id = fields.Many2one("res.partner", "Source of the codes")
    source_reference = fields.Char()
    farm_id = fields.Many2one("res.partner")
    area_id = fields.Many2one("lot.fsma.area", "Field or container")
    harvester_id = fields.Many2one("res.partner")
    harvest_date = fields.Date("Harvested")
    harvest_end_date = fields.Date("Harvested until")
    cooler_id = fields.Many2one("res.partner", "Cooled at")
    cooling_date = fields.Date("Cooled")
    catch_area = fields.Char("Areas of the catch")
    line_ids = fields.One2many("lot.fsma.ask.line", "wizard_id", "Lots")

    @api.depends("picking_ids", "production_ids")
    def _compute_may_wait(self):
        for wizard in self:
            companies = (wizard.picking_ids or wizard.production_ids).company_id
            wizard.may_wait = "refuse" not in companies.mapped("fsma_ask")

    @api.depends("line_ids.asks")
    def _compute_asks(self):
        for wizard in self:
            wizard.asks = "".join(wizard.line_ids.mapped(lambda line: line.asks or ""))

    @api.onchange("farm_id")
    def _onchange_farm(self):
        self.harvester_id = self.harvester_id or self.farm_id
        if self.area_id.farm_id != self.farm_id:
            self.area_id = False

    # -- asking ----------------------------------------------------------------------------------

    @api.model
    def _ask(self, documents) -> dict | None:
        """The dialog that validation of these documents has to show first; None when there is
        nothing to ask, or nobody to be asked."""
        asking = documents.filtered(lambda one: one.company_id.fsma_ask in ("ask", "refuse"))
        # Portal users have no such dialog.
        nobody = self.env.su or not self.env.user._is_internal()
        if not asking or nobody or {ASKED, ANSWERS} & self.env.context.keys():
            return None
        lines = self._lines_of(asking)
        if not lines:
            return None
        field = "picking_ids" if documents._name == "stock.picking" else "production_ids"
        wizard = self.create(
            {
                field: [Command.set(documents.ids)],
                "line_ids": [Command.create(values) for values in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("FSMA 204 asks for"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": dict(self.env.context),
        }

    @api.model
    def _lines_of(self, documents) -> list[dict]:
        if documents._name == "stock.picking":
            found = []
            asking = documents.move_ids.filtered(lambda move: move._fsma_asked())
            for line in self._taken(asking):
                asked = self._lacking_of_line(line)
                if asked:
                    found.append(
                        {
                            "move_line_id": line.id,
                            "product_id": line.product_id.id,
                            "name": line.lot_id.name or line.lot_name,
                            "asks": f",{','.join(asked)},",
                        }
                    )
            return found
        found = {}
        for order in documents:
            for lot in self._packed_raw(order):
                known = {name: lot[field] for name, field in _FACTS.items() if field in lot}
                asked = self._due("farm", lot.product_id, known)
                if asked:
                    found[lot] = {
                        "lot_id": lot.id,
                        "product_id": lot.product_id.id,
                        "name": lot.name,
                        "asks": f",{','.join(asked)},",
                    }
        return list(found.values())

    @api.model
    def _taken(self, moves):
        """The lines with which these moves are about to be done: all, where none is picked in
        their document."""
        taken = moves.move_line_ids.browse()
        for document, same in moves.grouped(
            lambda move: move.picking_id or move.raw_material_production_id
        ).items():
            picking = document._name == "stock.picking"
            whole = document.move_ids if picking else document.move_raw_ids
            lines = same.move_line_ids.filtered(
                lambda line: line.quantity and (line.lot_id or line.lot_name)
            )
            taken |= lines.filtered("picked") if any(whole.mapped("picked")) else lines
        return taken

    @api.model
    def _lacking_of_line(self, line) -> list[str]:
        group = line.move_id._fsma_asked()
        if not group or line.move_id.state in ("done", "cancel"):
            return []
        if group != "code":
            told, lot = line._told_facts(), line.lot_id
            known = {
                name: told.get(field) or (field in lot and lot[field])
                for name, field in _FACTS.items()
            }
            return self._due(group, line.product_id, known)
        if self._is_given_here(line):
            return []
        code, source, reference = line._fsma_given()
        # sudo: what is known of a code is asked nobody again
        kept = line.lot_id.sudo().fsma_code_id
        known = {
            "tlc": code or kept,
            "source_id": source or reference or kept.source_partner_id or kept.reference,
        }
        return self._due(group, line.product_id, known)

    @api.model
    def _is_given_here(self, line) -> bool:
        """Does the rule let this firm give the code, because the source is exempt?"""
        partner = line.picking_id.partner_id.commercial_partner_id
        day = fields.Date.context_today(self)
        # sudo: which sources are exempt decides, whoever may read why
        exemptions = self.env["lot.fsma.exemption"].sudo()
        _products, firms = exemptions._in_force(line.company_id, day)
        return partner.id in firms

    @api.model
    def _due(self, group: str, product, known: dict) -> list[str]:
        """Of what a group asks, what is not known; nothing where only what comes along is not."""
        names = [name for name in _OF_GROUP[group] if not known.get(name)]
        # sudo: who receives goods need not be allowed to read how the product is traced
        applies = product.sudo()._fsma_applies()
        if not applies.get("produce") and not applies.get("aquaculture"):
            names = [name for name in names if name != "area_id"]
        return names if set(names) - _ALONG else []

    @api.model
    def _packed_raw(self, order):
        """The raw commodities that this order packs for the first time."""
        product = order.product_id
        told = order.bom_id.fsma_event or order.picking_type_id.fsma_event
        if product.fsma_stage == "raw" or told in ("none", "cooling"):
            return self.env["stock.lot"]
        return self._taken(order.move_raw_ids).lot_id.filtered(
            lambda lot: (
                lot.product_id.fsma_stage == "raw"
                and (lot.product_id.fsma_listed or order.company_id.fsma_record_all)
            )
        )

    # -- answering -------------------------------------------------------------------------------

    def action_confirm(self) -> dict | bool:
        """Keep what was told, and go on with the validation.

        :return: what the validation returns: True, or the next dialog
        :raise UserError: when something is missing and the firm does not let it wait
        """
        self.ensure_one()
        for line in self.line_ids:
            line._keep()
        left = self._lines_of(self.picking_ids or self.production_ids)
        if left and not self.may_wait:
            raise UserError(
                self.env._(
                    "Fill in what FSMA 204 asks of these lots; your firm does not receive or pack "
                    "them before: %s.",
                    ", ".join(line["name"] or "" for line in left),
                )
            )
        return self._go_on()

    def action_later(self) -> dict | bool:
        """Go on without an answer: what is missing waits under FSMA 204, Missing Data.

        :return: what the validation returns: True, or the next dialog
        :raise UserError: when the firm does not let it wait
        """
        self.ensure_one()
        if not self.may_wait:
            return self.action_confirm()
        return self._go_on()

    def _go_on(self) -> dict | bool:
        context = {
            key: value for key, value in self.env.context.items() if not key.startswith("default_")
        }
        documents = (self.picking_ids or self.production_ids).with_context(context, **{ASKED: True})
        if self.picking_ids:
            return documents.button_validate()
        return documents.button_mark_done()


class LotFsmaAskLine(models.TransientModel):
    _name = "lot.fsma.ask.line"
    _description = "Lot about which FSMA 204 asks"

    wizard_id = fields.Many2one("lot.fsma.ask", required=True, ondelete="cascade")
    move_line_id = fields.Many2one("stock.move.line", readonly=True, ondelete="cascade")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True)
    name = fields.Char("Lot number", readonly=True)
    asks = fields.Char(readonly=True)
    tlc = fields.Char("Traceability lot code")
    source_id = fields.Many2one("res.partner", "Source of the code")
    farm_id = fields.Many2one("res.partner")
    area_id = fields.Many2one(
        "lot.fsma.area", "Field or container", domain="[('farm_id', '=', farm_id)]"
    )
    harvest_date = fields.Date("Harvested")
    catch_area = fields.Char("Areas of the catch")

    def _keep(self) -> None:
        """What was told of this lot, or else of all of them, goes where it belongs."""
        asked = [name for name in (self.asks or "").split(",") if name]
        told = {}
        for name in asked:
            value = name in self._fields and self[name]
            value = value or (name in self.wizard_id._fields and self.wizard_id[name])
            if value:
                told[name] = value.id if isinstance(value, models.BaseModel) else value
        if not told:
            return
        if self.move_line_id:
            values = {_FACTS[name]: value for name, value in told.items() if name in _FACTS}
            if "tlc" in told:
                values["fsma_code"] = told["tlc"].strip()
            self.move_line_id.write(values)
        else:
            # What a lot says already is not asked.
            self.lot_id._fsma_keep(told, {})
