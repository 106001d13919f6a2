from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import scan_data
from ...tools.scan_choice import ask, choice
from .lot_scan_flow import RefusedError

# Odoo asks one thing after the other; more than these there are not.
_MOST_QUESTIONS = 8
_NAMED = 5
_MOST_REASONS = 50


class LotScanTransfer(models.AbstractModel):
    """The end of a transfer: what Odoo asks in dialogs is asked on the device.

    For a dialog of another app give this model a method `_answer_<model with underscores>(picking,
    action, data)`. It answers the dialog with what the command says and returns what validation
    returns then, or raises `RefusedError` with choices that add the answer to the data.
    """

    _inherit = "lot.scan.transfer"

    @api.model
    def _do_finish(self, command) -> dict[str, Any]:
        """{"document"; "backorder": bool, whether what is missing stays open; "put_back": True to
        leave the lots that may not go; "expired": True to take lots that are too old; "together":
        True where lots should be kept apart; "reason_id", "note": why other lots were taken}."""
        picking = self._open(command)
        return self._finished(picking, command.data)

    @api.model
    def _finished(self, picking, data: dict[str, Any]) -> dict[str, Any]:
        """Validate a transfer.

        :return: keys of an answer; "lots" are those that it moved
        """
        returned = self._leave_refused(picking, data)
        lines = picking.move_line_ids.filtered("picked")
        if not lines and not returned:
            raise UserError(
                self.env._("Nothing has been scanned for %s. Scan the goods first.", picking.name)
            )
        if not lines:
            return {"message": returned, "document": self._document(picking)}
        self._validate(picking, data)
        lots = lines.exists().lot_id
        return {
            "message": self._text_of_end(picking),
            "document": self._document(picking),
            "lots": [{"id": lot.id, "name": lot.name} for lot in lots],
        }

    @api.model
    def _text_of_end(self, picking) -> str:
        rest = picking.backorder_ids.filtered(lambda other: other.state != "cancel")
        if rest:
            return self.env._(
                "%(document)s is done. The rest is on %(rest)s.",
                document=picking.name,
                rest=", ".join(rest.mapped("name")),
            )
        return self.env._("%s is done.", picking.name)

    @api.model
    def _validate(self, picking, data: dict[str, Any]) -> None:
        result = picking.with_context(skip_sms=True).button_validate()
        for _question in range(_MOST_QUESTIONS):
            if picking.state == "done" or not isinstance(result, dict):
                break
            name = str(result.get("res_model") or "").replace(".", "_")
            answer = getattr(self, f"_answer_{name}", None)
            if answer is None:
                break
            result = answer(picking, result, data)
        if picking.state != "done":
            raise UserError(
                self.env._(
                    "Odoo asks something about %s that a handheld cannot show. Finish it on a "
                    "computer.",
                    picking.name,
                )
            )

    @api.model
    def _dialog(self, action: dict[str, Any]):
        dialogs = self.env[action["res_model"]].with_context(**(action.get("context") or {}))
        return dialogs.browse(action["res_id"]) if action.get("res_id") else dialogs.create({})

    # -- lots that may not go (any more) ---------------------------------------------------------

    @api.model
    def _leave_refused(self, picking, data: dict[str, Any]) -> str:
        """Stop where a lot was put on hold since it was scanned, or leave it here where that was
        chosen.

        :return: what was left here
        """
        gate, withdrawn = self.env["lot.gate"], self._withdrawn(picking)
        picked = picking.move_line_ids.filtered("picked")
        refusals = gate._refusals(picked, leaves=True)
        if not refusals and not withdrawn:
            return ""
        if data.get("put_back") is True:
            refused = picked.browse({line.id: True for line, *_rest in refusals})
            texts = [self._put_back(refused)] if refused else []
            if withdrawn:
                texts.append(self.env._("Left here: %s.", ", ".join(withdrawn.mapped("name"))))
            return " ".join(texts)
        rows = [f"- {lot.name}: {lot.status_id.name} – {lot.status_reason}" for lot in withdrawn]
        raise RefusedError(
            self.env._(
                "These lots may not go:\n%s", "\n".join([*gate._refusal_rows(refusals), *rows])
            ),
            [choice("put_back", self.env._("Leave them here"), put_back=True)],
        )

    @api.model
    def _withdrawn(self, picking):
        """Lots that were scanned for this transfer and taken out of it by whoever held them: they
        stand with the goods that are about to go."""
        scans = self.env["lot.scan"].search(
            [
                ("res_model", "=", picking._name),
                ("res_id", "=", picking.id),
                ("action", "in", ("take", "undo", "finish")),
                ("state", "=", "done"),
            ],
            order="id",
        )
        there, gone = set(picking.move_line_ids.ids), {}
        for scan in scans:
            entry = (scan.answer or {}).get("entry")
            if scan.action == "finish":
                # It was said already, and they were left here.
                gone.clear()
            elif scan.action == "undo":
                gone.pop(entry, None)
            elif entry and entry not in there:
                gone[entry] = scan.lot_id
        lots = self.env["stock.lot"].union(*gone.values())
        return lots.filtered(lambda lot: lot.status_id and not lot.status_id.usable)

    # -- the dialogs -----------------------------------------------------------------------------

    @api.model
    def _answer_stock_backorder_confirmation(self, picking, action, data):
        keep = data.get("backorder")
        if type(keep) is not bool:
            raise RefusedError(
                self.env._("Not complete: %s.", self._missing(picking)),
                [
                    choice("backorder", self.env._("Leave the rest open"), backorder=True),
                    choice("complete", self.env._("Nothing more to come"), backorder=False),
                ],
            )
        dialog = self._dialog(action)
        return dialog.process() if keep else dialog.process_cancel_backorder()

    @api.model
    def _missing(self, picking) -> str:
        rows = [
            f"{product.display_name} {self._shown(left, product)}"
            for product, moves in self._moves(picking).grouped("product_id").items()
            if product.uom_id.compare(left := self._left(moves), 0) > 0
        ]
        more = ["…"] if len(rows) > _NAMED else []
        return ", ".join(rows[:_NAMED] + more)

    @api.model
    def _answer_expiry_picking_confirmation(self, picking, action, data):
        old = picking.move_line_ids.filtered("picked")._lot_too_old()
        if old and data.get("expired") is not True:
            raise RefusedError(
                "; ".join(dict.fromkeys(line._too_old_text() for line in old)) + ".",
                [choice("expired", self.env._("Go on all the same"), expired=True)],
            )
        return self._dialog(action).process()

    @api.model
    def _answer_lot_done_wizard(self, picking, action, data):
        dialog = self._dialog(action)
        if dialog.separation and data.get("together") is not True:
            raise RefusedError(
                self.env._("Keep these apart:\n%s", dialog.separation),
                [choice("together", self.env._("Go on all the same"), together=True)],
            )
        if dialog.line_ids:
            reason, note = self._reason_given(data)
            if not reason:
                taken = "; ".join(
                    self.env._(
                        "%(taken)s instead of %(proposed)s",
                        taken=line.taken,
                        proposed=line.proposed,
                    )
                    for line in dialog.line_ids
                )
                raise RefusedError(
                    self.env._("Say why another lot goes first: %s.", taken),
                    [self._ask_exception()],
                )
            dialog.write({"reason_id": reason.id, "note": note})
        return dialog.action_confirm()

    # -- why another lot is taken ----------------------------------------------------------------

    @api.model
    def _ask_exception(self) -> dict[str, Any]:
        """The choice to take another lot than the first to expire, with the firm's reasons."""
        reasons = self.env["lot.fefo.reason"].search([], limit=_MOST_REASONS)
        label = self.env._("Take it all the same")
        if not self.env.company.lot_fefo_ask:
            return choice("exception", label, fefo={"reason_id": False})
        return choice(
            "exception",
            label,
            ask(
                "reason_id",
                self.env._("Reason"),
                "selection",
                ((reason.id, reason.name) for reason in reasons),
            ),
            ask("note", self.env._("In a few words"), required=False),
        )

    @api.model
    def _reason_given(self, data: dict[str, Any]) -> tuple:
        """(reason, note) for another lot than the first to expire, from the data of a command:
        `fefo` {"reason_id", "note"}, or both by themselves.

        :raise RefusedError: when the reason has to be explained
        """
        told = data.get("fefo") if isinstance(data.get("fefo"), dict) else data
        reasons = self.env["lot.fefo.reason"]
        reason = reasons.browse(scan_data.identity(told.get("reason_id"))).exists()
        note = scan_data.text(told.get("note"))
        if reason and reason.note_required and not note:
            raise RefusedError(
                self.env._("“%s” is not enough. Add a few words.", reason.name),
                [
                    choice(
                        "note",
                        self.env._("Explain it"),
                        ask("note", self.env._("In a few words")),
                        fefo=False,
                        reason_id=reason.id,
                    )
                ],
            )
        return reason, note
