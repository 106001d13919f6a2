from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.event_elements import IF_ANY, SPROUTS
from ..tools.places import text
from .lot_fsma_event import DOCUMENTS


class StockLot(models.Model):
    """Seeds for sprouting: what 21 CFR 1.1330(b) asks of them is kept with their lot, once, and
    told by each initial packing of what grew of them."""

    _inherit = "stock.lot"

    fsma_is_seed = fields.Boolean(related="product_id.fsma_seed")
    fsma_seeds_told = fields.Text("Known of the seeds", compute="_compute_fsma_seeds_told")
    fsma_seeds_missing = fields.Char("Not known yet", compute="_compute_fsma_seeds_told")

    @api.depends("fsma_details", "supplier_lot", "name", "product_id")
    def _compute_fsma_seeds_told(self):
        facts = self.filtered("fsma_is_seed")._fsma_seed_facts()
        names = self.env["lot.fsma.element"]._names()
        for lot in self:
            told = facts.get(lot._origin.id, {})
            lot.fsma_seeds_told = "\n".join(
                f"{names.get(one.code, one.code)}: {told[one.code]}"
                for one in SPROUTS
                if one.code in told
            )
            lot.fsma_seeds_missing = ", ".join(
                names.get(one.code, one.code)
                for one in SPROUTS
                if one.when == "sprouts" and one.code not in told
            )

    def action_fsma_seeds(self) -> dict:
        """Open the form that tells what is known of these seeds.

        :return: the action of the form
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Seeds"),
            "res_model": "lot.fsma.seeds",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_lot_id": self.id},
        }

    def _fsma_tell_seeds(self, told: dict[str, str]) -> None:
        """Keep what is told of these seeds, and give the events that lacked it a version.

        :param told: {code of element: text}, days as ISO texts
        """
        self.ensure_one()
        # What the receipt tells is read from there, until somebody says otherwise.
        received = self._fsma_seeds_received().get(self.id, {})
        self.fsma_details = {
            code: value for code, value in told.items() if received.get(code) != value
        } or False
        self._fsma_seeds_learnt()

    # -- what is known ---------------------------------------------------------------------------

    def _fsma_seed_facts(self) -> dict[int, dict[str, str]]:
        """{lot id: {code of element: what is known}} of these lots of seeds: what was told, else
        what their receipt says. Days are ISO texts. One query, however many there are."""
        received = self._fsma_seeds_received()
        # sudo: what is known of seeds is told by whatever grows of them
        return {
            lot.id: {**received.get(lot.id, {}), **(lot.fsma_details or {})} for lot in self.sudo()
        }

    def _fsma_seeds_received(self) -> dict[int, dict[str, str]]:
        """What the receipts of these lots say of their seeds."""
        ids = self._origin.ids
        if not ids:
            return {}
        self.env["lot.genealogy.upkeep"]._flush_pending()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (lot_id) lot_id, date, partner_id, picking_id, company_id
                     FROM lot_genealogy_movement
                    WHERE lot_id = ANY(%s) AND kind = 'receipt' ORDER BY lot_id, date""",
                ids,
            )
        )
        # sudo: of the lots that the caller has, the receipt is told, whoever may open it
        env = self.sudo().env
        types = dict(DOCUMENTS)
        found = {}
        for lot_id, at, partner_id, picking_id, company_id in rows:
            lot, company = env["stock.lot"].browse(lot_id), env["res.company"].browse(company_id)
            partner = env["res.partner"].browse(partner_id or [])
            picking = env["stock.picking"].browse(picking_id or [])
            kind, number = picking._fsma_document() if picking else ("", "")
            supplier_lot = lot.supplier_lot or lot.fsma_code_id.code
            known = {
                "seed_supplier": partner and text(partner._place()),
                "seed_supplier_lot": supplier_lot,
                "seed_own_lot": supplier_lot and lot.name != supplier_lot and lot.name,
                "seed_harvest_date": lot.harvest_date and str(lot.harvest_date),
                "seed_received_date": str(env["lot.calendar"]._day(at, company)),
                "seed_document": number and f"{types.get(kind, kind)} {number}",
            }
            found[lot_id] = {code: value for code, value in known.items() if value}
        return found

    def _fsma_seed_details(self) -> dict[str, str] | bool:
        """What is known of the seeds among these lots, of all of them together: what several say
        differently is listed. False when nothing is."""
        # Where no product is marked as seeds, what was told of any of these lots counts.
        seeds = self.filtered("fsma_is_seed")
        if seeds:
            facts = seeds._fsma_seed_facts()
        else:
            facts = {lot.id: lot.fsma_details for lot in self if lot.fsma_details}
        together = {}
        for one in SPROUTS:
            said = [told[one.code] for told in facts.values() if told.get(one.code)]
            # What one of several does not say is missing, unless there may be nothing to say.
            if said and (len(said) == len(facts) or one.when == IF_ANY or not seeds):
                together[one.code] = "; ".join(dict.fromkeys(said))
        return together or False

    # -- what is learnt --------------------------------------------------------------------------

    def _fsma_seeds_learnt(self) -> None:
        """Give a version to each event that lacks what is known of these seeds now."""
        self.ensure_one()
        # sudo: events follow from what is known, whoever tells it
        events = self.env["lot.fsma.event"].sudo()
        lacking = events.search(
            [
                ("replaced_by_id", "=", False),
                ("void", "=", False),
                ("sprouts", "=", True),
                ("missing", "=like", "%,seed\\_%"),
                ("production_id.move_raw_ids.move_line_ids.lot_id", "=", self.id),
            ],
            order="id",
        )
        for event in lacking:
            used = event.production_id.move_raw_ids.move_line_ids.lot_id
            known = used._fsma_seed_details() or {}
            missing = (event.missing or "").split(",")
            new = {code: value for code, value in known.items() if code in missing}
            if new:
                event._correct(
                    {"details": new}, self.env._("Told of lot %s of the seeds", self.name)
                )
