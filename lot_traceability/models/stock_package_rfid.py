from odoo import models
from odoo.exceptions import UserError

from ..tools.gs1 import encode_tag, from_pairs, has_check_digit
from ..tools.rfid_tag import read_tag

# GS1 tag data standard: a full case for transport, or a unit load.
_UNIT_LOAD = 6


class StockPackage(models.Model):
    """What is written to the tag of a package."""

    _inherit = "stock.package"

    def _rfid_encodings(self) -> list[str]:
        """The EPC of each of these packages, in hexadecimal digits, and registered as such.

        :raise UserError: a package is not called by an SSCC, or something does not fit
        """
        tags = self.env["lot.rfid.tag"]
        tags.check_access("create")
        epcs = []
        for package in self:
            company = package.company_id or self.env.company
            epc = package._rfid_encode(company)
            identity = read_tag(epc).identity
            if not tags.search_count(
                [("company_id", "=", company.id), ("identity", "=", identity)], limit=1
            ):
                tags.create(
                    {
                        "epc": epc,
                        "package_id": package.id,
                        "origin": "encoded",
                        "company_id": company.id,
                    }
                )
            epcs.append(epc)
        return epcs

    def _rfid_encode(self, company) -> str:
        name = self.name or ""
        sscc = name[-18:]
        if name not in (sscc, f"00{sscc}") or len(sscc) != 18 or not has_check_digit(sscc):
            raise UserError(
                self.env._(
                    "Package %s is not called by an SSCC, which its tag has to name: give it one.",
                    self.name,
                )
            )
        scheme, prefix = company.rfid_package_scheme, company.gs1_prefix or ""
        if scheme == "sscc-96" and not sscc[1:].startswith(prefix or "-"):
            raise UserError(
                self.env._(
                    "SSCC-96 needs the GS1 company prefix of %s: enter it in the settings of the "
                    "company, or choose SSCC+ there.",
                    self.name,
                )
            )
        try:
            return encode_tag(
                scheme,
                from_pairs([("00", sscc)]),
                filter_value=_UNIT_LOAD,
                company_prefix_length=len(prefix),
            )
        except ValueError as error:
            raise UserError(str(error)) from error
