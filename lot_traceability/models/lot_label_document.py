import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class LotLabelDocument(models.AbstractModel):
    """A document that prints labels by itself. A label that cannot be printed is said in the
    document's chatter: it never undoes a receipt."""

    _name = "lot.label.document"
    _description = "Document that prints labels"

    def _label_operation_type(self):
        return self.picking_type_id

    def _print_by_itself(self, *, network: bool) -> list[dict]:
        """Print what the rules of the operation types say.

        :param network: on printers in the network; else what the browser or an IoT box gets
        :return: the answers of `_print`
        """
        answers = []
        rules_of = self.env["lot.label.rule"]._of
        for document in self:
            for rule in rules_of(document._label_operation_type(), network=network):
                answer = document._print_rule(rule)
                if answer:
                    answers.append(answer)
        return answers

    def _print_rule(self, rule) -> dict | None:
        # sudo: the operation prints, whatever its user may print by hand
        designs = self.env["lot.label.design"].sudo()
        design, copies = rule.design_id, rule.copies
        try:
            with self.env.cr.savepoint():
                document = self.sudo()  # sudo: as above
                if not design._labels(document):
                    return None
                for_each = 0 if rule.quantity == "unit" else copies
                return designs._print(
                    document,
                    design,
                    for_each,
                    rule.printer_id,
                    self.env._("Printed by itself with %s", self.display_name),
                )
        except UserError as error:
            message = self.env._("No labels were printed. %s", error)
            _logger.info("%s: %s", self.display_name, message)
            self.sudo().message_post(body=message)  # sudo: the note is no change of theirs
            return None

    def _label_reports(self) -> list[dict]:
        """Actions that have the client fetch or print what the rules say."""
        answers = self._print_by_itself(network=False)
        jobs = self.env["lot.label.job"].browse(answer["job_id"] for answer in answers)
        return [job._report_action() for job in jobs]
