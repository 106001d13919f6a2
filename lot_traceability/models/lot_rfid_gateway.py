from datetime import timedelta

from odoo import api, fields, models

from ..tools.rfid_reads import Batch, ReadsError

GROUP = "lot_traceability.group_rfid_gateway"


class LotRfidGateway(models.AbstractModel):
    """The programs that send reads: what they may do, which is nothing else."""

    _name = "lot.rfid.gateway"
    _description = "Gateway of RFID readers"

    @api.model
    def _check_right(self) -> None:
        """:raise ReadsError: the user of the key is no gateway; this is told in the audit log"""
        if self.env.user.has_group(GROUP):
            return
        self._tell_refused("")
        text = "The user of this key may not send reads: give it the right “RFID gateway”."
        raise ReadsError(403, "no_right", text)

    @api.model
    def _take(self, batch: Batch, digest: str) -> dict:
        """Take a batch for the reader that it names; as `lot.rfid.intake` does.

        :raise ReadsError: as well when the gateway may not send for it
        """
        # sudo, here and below: a gateway reads nothing, not even companies and its own user, and
        # writes nothing but what its readers see
        readers = self.env["lot.rfid.reader"].sudo()
        user = self.env.user
        found = readers.search(
            [("code", "=", batch.reader), ("company_id", "in", user.sudo().company_ids.ids)]
        )
        reader = found.filtered(lambda one: one.company_id == user.sudo().company_id) or found
        if len(reader) != 1:
            text = f"There is no reader {batch.reader} in the company of this key."
            raise ReadsError(404, "reader", text, "/reader")
        if reader.user_id and reader.user_id != user.sudo():
            self._tell_refused(reader.name)
            text = f"Another gateway sends the reads of {batch.reader}."
            raise ReadsError(403, "other_gateway", text, "/reader")
        # sudo: as above
        return self.env["lot.rfid.intake"].sudo()._take(reader, batch, digest)

    @api.model
    def _tell_refused(self, reader: str) -> None:
        """Note a refused key in the audit log, at most once a minute: who tries a thousand times
        shall not fill it."""
        # sudo: whoever is refused may not read the log
        log = self.env["lot.audit.event"].sudo()
        recent = log.search_count(
            [
                ("kind", "=", "key_refused"),
                ("user_id", "=", self.env.uid),
                ("at", ">", fields.Datetime.now() - timedelta(minutes=1)),
            ],
            limit=1,
        )
        if not recent:
            # sudo: the name of the refused user, which it may not read
            log._record(
                "key_refused",
                record=self.env.user.sudo(),
                data={"step": "RFID", "reader": reader} if reader else {"step": "RFID"},
            )
