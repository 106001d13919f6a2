from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from ..lot_label_design import MODELS
from .lot_scan_flow import RefusedError

# More of one label at once is a slip of the finger.
_MOST_COPIES = 100


class LotScanFlow(models.AbstractModel):
    """Labels that any work prints."""

    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "label"]

    @api.model
    def _print_labels(
        self, records, told: dict[str, Any], reason: str = "", quantity: float = 0.0
    ) -> dict[str, Any]:
        """Print labels of these records.

        :param told: {"design_id": asked for where there are several, "copies": 1 unless told,
            "printer_id": that of the design unless told}
        :param reason: needed where one of them had such a label before
        :param quantity: that the labels tell
        :return: {"state": "queued" or "download", "url": where to fetch the file, "message"}
        :raise RefusedError: asks for what is missing
        :raise UserError: when they cannot be printed
        """
        design = self._design(records[:1], told.get("design_id"))
        printers = self.env["lot.label.printer"]
        if type(told.get("printer_id")) is int:
            printers = self._existing("lot.label.printer", told["printer_id"])
            if not printers:
                raise UserError(self.env._("This printer is not there any more. Choose another."))
        copies = told.get("copies", 1)
        if type(copies) is not int or not 1 <= copies <= _MOST_COPIES:
            raise UserError(self.env._("Print between 1 and %s copies.", _MOST_COPIES))
        labels = design._labels(records, copies, quantity)
        again = self.env["lot.label.line"]._printed_before(design, labels)
        if again and not reason:
            raise RefusedError(
                self.env._(
                    "%s has had such a label already. Say why it is printed again.",
                    next(iter(again)).display_name,
                ),
                [self._ask_reason()],
            )
        printed = design._print(
            records,
            design,
            copies=copies,
            printer=printers or design.printer_id or None,
            reason=reason,
            quantity=quantity,
        )
        return {name: printed.get(name) or "" for name in ("state", "url", "message")}

    @api.model
    def _design(self, record, design_id: object):
        """The design that is told, or the only one that there is for such a record.

        :raise RefusedError: asks which
        :raise UserError: when there is none
        """
        designs = self.env["lot.label.design"]
        known = designs._designs_for(record)
        chosen = [one for one in known if one["id"] == design_id]
        if design_id and not chosen:
            raise UserError(
                self.env._("This label is not for %s. Choose another one.", record.display_name)
            )
        if not known:
            raise UserError(
                self.env._(
                    "There are no labels for %s. An administrator can design one in Odoo.",
                    record.display_name,
                )
            )
        if len(known) > 1 and not chosen:
            question = self._question(
                "design_id",
                self.env._("Label"),
                "selection",
                [(one["id"], one["name"]) for one in known],
            )
            raise RefusedError(
                self.env._("Which label for %s?", record.display_name),
                [self._choice("design", self.env._("Choose the label"), asks=[question])],
            )
        return designs.browse((chosen or known)[0]["id"])


class LotScanFlowLabel(models.AbstractModel):
    """A label for what one has in front of oneself."""

    _name = "lot.scan.flow.label"
    _description = "Print labels"
    _inherit = "lot.scan.flow"
    _sequence = 100

    @api.model
    def _label(self):
        return self.env._("Label")

    @api.model
    def _do_print(self, command) -> dict[str, Any]:
        """{"lot_id", "package_id" or "location_id", or the text of the command; "design_id": asked
        for where there are several; "copies": 1 unless told; "printer_id": that of the design
        unless told; "quantity": that the label tells; "reason": where it had one before} →
        "print": {"state": "queued" or "download", "url", "message"}."""
        record = self._labelled(command)
        lot = record if record._name == "stock.lot" else None
        quantity = self._told_quantity(command, lot.product_id) if lot else None
        printed = self._print_labels(
            record, command.data, self._told_text(command, "reason"), quantity or 0.0
        )
        return {
            "message": f"{record.display_name}: {printed['message']}",
            "print": printed,
            "lot": self.env["lot.scan.card"]._lot(lot) if lot else False,
        }

    @api.model
    def _labelled(self, command):
        """The lot, package or place that is labelled.

        :raise UserError: when the command names none, or several
        """
        if command.data.get("lot_id"):
            return self._lot(command)
        for name, model in (("package_id", "stock.package"), ("location_id", "stock.location")):
            if command.data.get(name):
                return self._told_record(command, name, model)
        reading = self.env["lot.scan.reading"]._reading(command.text)
        others = [one for one in (reading.packages, reading.locations) if len(one) == 1]
        if len(others) == 1 and not reading.lots and not reading.error:
            return others[0]
        return self.env["lot.scan.reading"]._one_lot(reading)


class LotScan(models.Model):
    _inherit = "lot.scan"

    @api.model
    def _choices(self):
        """With "label_designs": [{"id", "name", "model" of what it is for}] and "printers": [{"id",
        "name"}]."""
        company = [("company_id", "in", [False, self.env.company.id])]
        designs = self.env["lot.label.design"].search(company)
        printers = self.env["lot.label.printer"].search(company)
        return {
            **super()._choices(),
            "label_designs": [
                {"id": design.id, "name": design.name, "model": MODELS[design.kind]}
                for design in designs
            ],
            "printers": [{"id": printer.id, "name": printer.name} for printer in printers],
        }
