from odoo import models

# What a supplier can tell of goods that it sent, by how they came in.
_OF_EVENT = {
    "receiving": ("tlc", "tlc_source"),
    "first_receiving": ("species", "harvest_date", "harvest_end_date", "catch_area"),
}
# The fields of lots that keep it.
_OF_RAW = {
    "farm": "fsma_farm_id",
    "harvester": "fsma_harvester_id",
    "harvest_date": "harvest_date",
    "cooling_location": "fsma_cooler_id",
}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _fsma_lacking(self, lots=None) -> dict:
        """What its supplier could still tell of the lots of this receipt.

        :param lots: only these
        :return: {lot: codes of elements}
        """
        self.ensure_one()
        # sudo: what is known of an event is known, whoever asks about the receipt
        events = self.env["lot.fsma.event"].sudo()
        found = events.search(
            [
                ("picking_id", "=", self.id),
                ("kind", "in", list(_OF_EVENT)),
                ("replaced_by_id", "=", False),
                ("missing", "!=", False),
            ]
        )
        lacking = {}
        for event in found:
            codes = event.missing.split(",")
            asked = [code for code in _OF_EVENT[event.kind] if code in codes]
            if asked:
                lacking[event.lot_id] = asked
        for lot in self._fsma_raw_lots():
            asked = [code for code, name in _OF_RAW.items() if not lot[name]]
            applies = lot.product_id._fsma_applies()
            if not lot.fsma_area_id:
                asked += [
                    code
                    for code, when in (("field_name", "produce"), ("container_name", "aquaculture"))
                    if applies.get(when)
                ]
            # Whether it was cooled is asked along, and alone is no question.
            if set(asked) - {"cooling_location"}:
                lacking[lot] = asked
        return {lot: codes for lot, codes in lacking.items() if lots is None or lot in lots}

    def _fsma_raw_lots(self):
        """The lots of raw commodities that came in with this: no event tells of them yet."""
        if self.state != "done" or self.picking_type_id.code != "incoming":
            return self.env["stock.lot"]
        lots = self.move_line_ids.lot_id
        return lots.filtered(
            lambda lot: (
                lot.product_id.fsma_stage == "raw"
                and (lot.product_id.fsma_listed or self.company_id.fsma_record_all)
            )
        )

    def action_fsma_ask(self) -> dict:
        """Ask the suppliers of these receipts for what is missing: the question, ready to be sent.

        :return: the action of its form, or of the list of several
        :raise UserError: when nothing is missing that they could tell
        """
        questions = self.env["lot.fsma.question"]._ask(self)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Questions to suppliers"),
            "res_model": "lot.fsma.question",
            "domain": [("id", "in", questions.ids)],
            "views": [[False, "list"], [False, "form"]],
        }
        if len(questions) == 1:
            action.update(res_id=questions.id, views=[[False, "form"]])
        return action
