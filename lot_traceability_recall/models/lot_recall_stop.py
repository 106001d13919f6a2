from datetime import timedelta

from odoo import fields, models
from odoo.addons.lot_traceability.models.lot_columns import column
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

from ..tools.recall_settings import LIMITS, ROAD_DAYS


class LotRecall(models.Model):
    """Stop: every affected lot on hold in one transaction, and what that met."""

    _inherit = "lot.recall"

    freed_ids = fields.One2many("lot.recall.freed", "recall_id", "Stopped documents")
    freed_count = fields.Integer("Documents stopped", compute="_compute_freed_count")
    road_count = fields.Integer("On the road", compute="_compute_freed_count")

    def _compute_freed_count(self):
        rows = self.env["lot.recall.freed"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "kind", "settled"], ["__count"]
        )
        for recall in self:
            own = [row for row in rows if row[0] == recall]
            recall.freed_count = sum(row[3] for row in own if row[1] == "reservation")
            recall.road_count = sum(row[3] for row in own if row[1] != "reservation" and not row[2])

    def stop(self) -> dict[str, int]:
        """Put all lots of the frozen scope into the status "recalled": nothing of them is
        reserved, consumed, sold or sent any more, whichever way it is tried. Reservations are
        freed, other lots take their place, and those who answer for the documents are told. A
        drill only counts what it would stop.

        :return: {"lots": stopped now, "documents": freed, "road": deliveries that may still be
            under way}
        :raise AccessError: without the right to run recalls
        :raise UserError: before a scope is frozen
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("decided")
        # Ten thousand lots form no cycles: the collector would look through them again and again.
        with disabling_gc():
            return self._stop()

    def _stop(self) -> dict[str, int]:
        lots = self._lots_to_stop()
        drill = self.kind == "mock"
        status = self.env["lot.status"]._by_code("recalled")
        # sudo: what is stopped is listed whole, in documents of others too
        met = self.sudo()._met(lots, status)
        if not drill:
            self._keep_status_before(lots)
            lots.write({"status_id": status.id, "status_reason": f"{self.name}: {self.title}"})
        # A second stop does not ask again for what somebody has called about already.
        # sudo: noted by the step itself
        listed = {(row.kind, row.res_model, row.res_id) for row in self.sudo().freed_ids}
        self.env["lot.recall.freed"].sudo().create(
            [
                row
                for row in met
                if row["kind"] == "reservation"
                or (row["kind"], row["res_model"], row["res_id"]) not in listed
            ]
        )
        self._note({"stopped_on": self.stopped_on or fields.Datetime.now()})
        self.invalidate_recordset(["freed_count", "road_count"])
        done = {
            "lots": len(lots),
            "documents": sum(row["kind"] == "reservation" for row in met),
            "road": sum(row["kind"] != "reservation" for row in met),
        }
        self._tell_step("stopped", **done)
        self.message_post(body=self._stop_text(done))
        return done

    def action_stop(self) -> bool:
        """As `stop`, for a button."""
        self.stop()
        return True

    def _stop_text(self, done: dict[str, int]) -> str:
        if self.kind == "mock":
            return self.env._(
                "Drill: %(lots)s lots would be stopped, %(documents)s documents freed; %(road)s "
                "deliveries may be on the road. Nothing was touched.",
                **done,
            )
        return self.env._(
            "%(lots)s lots stopped, %(documents)s documents freed; %(road)s deliveries may be on "
            "the road.",
            **done,
        )

    def _lots_to_stop(self):
        """Lots of the frozen scope that are not stopped yet."""
        if not self.scope_id:
            raise UserError(self.env._("Freeze the scope first: it says which lots are stopped."))
        recalled = self.env["lot.status"]._by_code("recalled")
        lots = self._taken_lots()
        statuses = zip(lots._ids, column(lots, "status_id"), strict=True)
        return lots.browse(lot for lot, status in statuses if status != recalled.id)

    def _keep_status_before(self, lots) -> None:
        """What each lot was before, for the end of the recall."""
        self.env["lot.recall.lot"].flush_model()
        for status, same in lots.grouped("status_id").items():
            # By its number and not by a join: the planner knows nothing of rows that are new, and
            # compared each lot with each.
            self.env.cr.execute(
                SQL(
                    "UPDATE lot_recall_lot SET status_before_id = %s"
                    " WHERE scope_id = %s AND lot_id = ANY(ARRAY(SELECT UNNEST(%s)))",
                    status.id or None,
                    self.scope_id.id,
                    same.ids,
                )
            )
        self.env["lot.recall.lot"].invalidate_model(["status_before_id"])

    # -- what the stop meets -------------------------------------------------------------------

    def _met(self, lots, status) -> list[dict]:
        reserved = lots._lines_withdrawn(status)
        since = fields.Datetime.now() - timedelta(days=self._road_days())
        road = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self._taken_lots().ids),
                ("state", "=", "done"),
                ("date", ">=", since),
                ("location_id.usage", "in", ("internal", "transit")),
                ("location_dest_id.usage", "in", ("customer", "transit")),
            ]
        )
        sent = road.filtered(lambda line: line.location_dest_usage == "customer")
        rows = [
            *self._documents("reservation", reserved),
            *self._documents("road", sent),
        ]
        arriving = road.filtered(lambda line: line.location_dest_usage == "transit")
        return rows + self._documents("transit", arriving)

    def _taken_lots(self):
        """The lots that the frozen scope takes; their lines are not read, there are thousands."""
        lines = self.env["lot.recall.lot"]
        domain = [("scope_id", "=", self.scope_id.id), ("decision", "!=", "excluded")]
        query = lines._search(domain)
        rows = self.env.execute_query(query.select(SQL.identifier(query.table, "lot_id")))
        return self.env["stock.lot"].browse(lot for (lot,) in rows)

    def _road_days(self) -> int:
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(ROAD_DAYS, "")
        return LIMITS[ROAD_DAYS].parse(value)

    def _documents(self, kind: str, lines) -> list[dict]:
        rows = []
        by_document = lines.grouped(lambda line: line.move_id._lot_document())
        for document, same in by_document.items():
            if not document:
                continue
            lots = same.lot_id
            rows.append(
                {
                    "recall_id": self.id,
                    "kind": kind,
                    "res_model": document._name,
                    "res_id": document.id,
                    "document": document.display_name,
                    "origin": document.origin if "origin" in document._fields else "",
                    "lot_ids": lots.ids,
                    "lot_names": lots._names(),
                    "quantity": sum(same.mapped("quantity_product_uom")),
                    "planned": max(same.mapped("date")),
                    **self._who_to_call(document),
                }
            )
        return rows

    def _who_to_call(self, document) -> dict:
        """Consignee and carrier of a transfer; the carrier where the app for carriers is there."""
        if document._name != "stock.picking":
            return {}
        partner = document.partner_id
        found = {
            "partner_id": partner.id,
            "phone": partner.phone or partner.commercial_partner_id.phone,
        }
        carrier = document.carrier_id if "carrier_id" in document._fields else None
        if carrier:
            supplier = carrier.product_id.seller_ids[:1].partner_id
            found |= {
                "carrier": carrier.name,
                "carrier_phone": supplier.phone,
                "tracking": document["carrier_tracking_ref"],
            }
        return found


class LotRecallLot(models.Model):
    _inherit = "lot.recall.lot"

    status_before_id = fields.Many2one(
        "lot.status", "Status before", readonly=True, copy=False, ondelete="restrict"
    )
