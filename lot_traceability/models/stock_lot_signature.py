from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

# What a signature under a lot stands for.
_FACTS = (
    "name",
    "product_id",
    "ref",
    "status_id",
    "status_reason",
    "supplier_id",
    "supplier_lot",
    "production_date",
    "packing_date",
    "freezing_date",
    "harvest_date",
    "harvest_end_date",
    "expiration_date",
    "use_date",
    "removal_date",
    "origin_country_id",
    "origin_place",
    "allergen_ids",
)


class StockLot(models.Model):
    """Release, and end of a hold, as steps that are signed; and what a signature stands for."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "lot.signable"]

    signature_ids = fields.One2many(
        "lot.signature",
        "lot_id",
        "Signatures",
        readonly=True,
        groups="lot_traceability.group_reader",
    )

    signature_void = fields.Boolean(
        "Signature void", compute="_compute_signature_void", groups="lot_traceability.group_reader"
    )

    @api.depends("signature_ids")
    def _compute_signature_void(self):
        """Is what was signed of the lot last not so any more? Earlier signatures are of how it was
        before that."""
        for lot in self:
            own = lot.signature_ids.filtered(lambda one: one.res_model == self._name)
            lot.signature_void = own[:1].state == "void"

    # -- the steps -------------------------------------------------------------------------------

    def write(self, vals):
        if vals.get("status_id"):
            status = self.env["lot.status"].browse(vals["status_id"])
            for code, lots in self._signed_steps(status).items():
                self.env["lot.signing"]._demand(code, lots)
        if "allergen_ids" in vals:
            self.env["lot.signature"]._mark_changed(self._name, self.ids)
        return super().write(vals)

    def _write_multi(self, vals_list):
        self.env["lot.signature"]._mark_changed(self._name, self.ids)
        return super()._write_multi(vals_list)

    def _signed_steps(self, status) -> dict[str, Any]:
        """{code of a step that has to be signed: lots of these} to give them this status."""
        signing, steps = self.env["lot.signing"], {}
        if self.env.su or not self.env["lot.signature.step"]._demanded_ids():
            return steps
        for current, lots in (
            self.filtered(lambda lot: lot.status_id != status).grouped("status_id").items()
        ):
            for code in current._steps_to(status):
                if signing._step_of(code, lots):
                    steps[code] = steps.get(code, self.browse()) | lots
                    break
        return steps

    def _ask_to_sign(self, status, reason: str) -> dict[str, Any] | None:
        """The action that has these lots signed before they get the status; None where nothing has
        to be signed.

        :raise UserError: when they do not all need the same signature
        """
        steps = self._signed_steps(status)
        if not steps:
            return None
        signing = self.env["lot.signing"]
        found = {code: signing._step_of(code, lots) for code, lots in steps.items()}
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "These lots need different signatures (%s): choose lots of one status only.",
                    ", ".join(step.name for step in found.values()),
                )
            )
        code, step = next(iter(found.items()))
        values = {"status": status.code, "reason": reason or ""}
        self._check_signed(code, values)
        return signing._ask(step, self, values)

    def _signed_release(self, values: dict[str, Any]):
        return self._signed_status(values)

    def _signed_end_hold(self, values: dict[str, Any]):
        return self._signed_status(values)

    def _signed_status(self, values: dict[str, Any]):
        status = self.env["lot.status"]._by_code(values.get("status") or "")
        reason = values.get("reason") or values.get("signed_reason") or ""
        self.write({"status_id": status.id, "status_reason": reason})
        return self

    def _check_signed(self, code, values):
        result = super()._check_signed(code, values)
        status = self.env["lot.status"]._by_code(values.get("status") or "")
        for current in self.status_id - status:
            status._check_step(current)
        obstacles = self._release_obstacles() if status.usable else []
        if obstacles:
            raise UserError("\n".join(obstacles))
        return result

    def _signature_summary(self, code, values):
        status = self.env["lot.status"]._by_code(values.get("status") or "")
        rows = [
            f"{lot.name} ({lot.product_id.display_name}): {lot.status_id.name} → {status.name}"
            for lot in self
        ]
        return "\n".join(rows)

    # -- what is signed --------------------------------------------------------------------------

    def _signature_place(self):
        return {"lot": self, "company": self.company_id}

    def _signature_facts(self):
        facts = super()._signature_facts()
        facts.update({name: self._fact(name) for name in _FACTS})
        readings = self.env["lot.measurement"].search([("lot_id", "=", self.id)])
        facts["condition_ids"] = [
            reading._fact() for reading in readings.filtered(lambda one: one.purpose != "test")
        ]
        facts["test_ids"] = [
            reading._fact() for reading in readings.filtered(lambda one: one.purpose == "test")
        ]
        return {name: value for name, value in facts.items() if value}

    def _signature_present(self, signed):
        """Goods go on being watched after they were released: a condition that was read later is
        no change of what was signed. A test result is."""
        facts = self._signature_facts()
        known = {row["id"] for row in signed.get("condition_ids", ())}
        conditions = [row for row in facts.get("condition_ids", ()) if row["id"] in known]
        return (
            {**facts, "condition_ids": conditions}
            if conditions
            else {name: value for name, value in facts.items() if name != "condition_ids"}
        )

    def _fact(self, name: str) -> Any:
        """A value as it is signed."""
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return value and {"id": value.id, "name": value.display_name}
        if field.type == "many2many":
            return [{"id": one.id, "name": one.display_name} for one in value.sorted("id")]
        if field.type == "datetime":
            return value and f"{fields.Datetime.to_string(value)} UTC"
        return fields.Date.to_string(value) if field.type == "date" else value

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        # sudo: a signature of another company protects the lot as well
        signed = self.env["lot.signature"].sudo().search([("lot_id", "in", self.ids)], limit=1)
        if signed:
            raise UserError(
                self.env._(
                    "Lot %s has been signed and is part of the record, so it cannot be deleted.",
                    signed.lot_id.name,
                )
            )
