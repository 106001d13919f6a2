from collections.abc import Iterator

from odoo import api, models

from ..tools.audit_format import Block


class LotAuditBlock(models.Model):
    """The events of an archived block are read from its archive: a verification or an export of
    the whole log goes through them as if they were still here."""

    _inherit = "lot.audit.block"

    @api.model
    def _blocks(self, first: int = 1, last: int = 0) -> Iterator[tuple[Block, Iterator[bytes]]]:
        # sudo: where events are is no secret
        archives = (
            self.env["lot.audit.archive"]
            .sudo()
            .search([("first_block", ">", 0)], order="first_block")
        )
        reading, lines = archives.browse(), iter(())
        for block, own in super()._blocks(first, last):
            number = block.header["number"]
            if archives and not reading._has(number):
                reading = archives.filtered(lambda archive, number=number: archive._has(number))
                # A file that is not there shows as missing events.
                there = reading and reading._path().exists()
                lines = reading._lines_by_block(number) if there else iter(())
            if reading:
                own = next((events for found, events in lines if found == number), own)
            yield block, iter(own)
