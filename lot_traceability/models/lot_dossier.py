from typing import IO

from odoo import api, models

from ..report.lot_dossier import LotDossier
from ..report.lot_dossier_pdf import write_dossier_pdf
from ..report.lot_dossier_xlsx import write_dossier_xlsx

WRITERS = {"pdf": write_dossier_pdf, "xlsx": write_dossier_xlsx}


class LotDossierExport(models.AbstractModel):
    """All that is known of a lot in one file. That it was made is an event of the audit log."""

    _name = "lot.dossier"
    _description = "Dossier of a lot"

    @api.model
    def _write_dossier(self, lot, file_format: str, target: IO[bytes]) -> None:
        """Write the dossier of a lot.

        :param lot: a `stock.lot`
        :param file_format: "pdf" or "xlsx"
        :param target: a file open for writing bytes
        :raise AccessError: without the right to read the lot, its trace or its log
        """
        lot = lot.with_env(self.env)
        lot.check_access("read")
        self.env["lot.audit.event"].check_access("read")
        self.env["lot.trace"]._check_reader()
        dossier = LotDossier(lot)
        WRITERS[file_format](dossier, target)
        self.env["lot.audit.event"]._record_read(
            "exported",
            lot=lot,
            data={
                "count": dossier.events.count,
                "format": file_format,
                "what": self.env._("Lot dossier"),
            },
        )
