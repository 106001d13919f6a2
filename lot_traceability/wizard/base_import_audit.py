from odoo import models

# What is told when it is imported: a run of many rows is one act, besides what each row did.
IMPORTED = {"stock.lot", "stock.move.line", "stock.quant", "lot.measurement"}


class BaseImport(models.TransientModel):
    """An import of lots or of lines is told in the audit log: who, which file, how many rows."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """As in Odoo, and told in the audit log.

        :return: as in Odoo
        """
        waiting = self.env["lot.audit.event"]._waiting()
        before = list(waiting)
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if dryrun:
            # What was only tried has not happened.
            waiting[:] = before
        if not dryrun and result.get("ids") and self.res_model in IMPORTED:
            self._tell_imported(fields, result)
        return result

    def _tell_imported(self, names: list, result: dict) -> None:
        # sudo: the name of a kind of record is no secret
        model = self.env["ir.model"].sudo()._get(self.res_model)
        self.env["lot.audit.event"]._record(
            "imported",
            record=model,
            data={
                "count": len(result["ids"]),
                "file": self.file_name,
                "fields": [name for name in names if name],
            },
        )
