from odoo import api, models
from odoo.exceptions import UserError

from ..tools.gs1 import check_digit, has_check_digit

_SSCC_DIGITS = 18


class StockPackage(models.Model):
    """Packages numbered as GS1 numbers logistic units: the SSCC is the name of the package, where
    Odoo's own scanning looks for it."""

    _inherit = "stock.package"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("name") and not vals.get("complete_name"):
                kind = self.env["stock.package.type"].browse(vals.get("package_type_id"))
                if kind.sscc:
                    company = kind.company_id or self.env.company
                    vals["name"] = self._next_sscc(company)[0]
        return super().create(vals_list)

    def _sscc(self) -> str:
        """The 18 digits, or nothing where its name is no SSCC."""
        name = self.name or ""
        valid = len(name) == _SSCC_DIGITS and name.isascii() and name.isdigit()
        return name if valid and has_check_digit(name) else ""

    @api.model
    def _next_sscc(self, company=None, count: int = 1) -> list[str]:
        """Numbers of pallets that nobody was given before and nobody will be given again.

        :param company: whose prefix they have, the current one unless given
        :param count: how many
        :return: 18 digits each
        :raise UserError: the company has no prefix, or its numbers are used up
        """
        # sudo: who packs a pallet need not be allowed to read the company's settings
        company = (company or self.env.company).sudo()
        prefix, extension = company.gs1_prefix, company.sscc_extension or "0"
        if not prefix:
            raise UserError(
                self.env._(
                    "%s has no GS1 company prefix, so its packages cannot be numbered as SSCC. "
                    "Enter the prefix in the settings of Inventory.",
                    company.name,
                )
            )
        size = _SSCC_DIGITS - 2 - len(prefix)
        found: list[str] = []
        while len(found) < count:
            numbers = self._take_sscc(prefix, extension, size, count - len(found))
            # sudo: a package of another company has its number as well
            taken = self.sudo().with_context(active_test=False).search([("name", "in", numbers)])
            found += [number for number in numbers if number not in set(taken.mapped("name"))]
        return found

    @api.model
    def _take_sscc(self, prefix: str, extension: str, size: int, count: int) -> list[str]:
        # sudo: the counter is moved for whoever packs
        counter = self.env["lot.numbering.counter"].sudo()
        # No scheme has the number 0. Companies that share a prefix share the counter.
        first = counter._take(0, f"SSCC {extension}{prefix}", count, gap_free=False) - 1
        if first + count > 10**size:
            raise UserError(
                self.env._(
                    "All pallet numbers (SSCC) of prefix %(prefix)s with extension digit %(digit)s "
                    "are used up. Choose another extension digit in the settings of Inventory.",
                    prefix=prefix,
                    digit=extension,
                )
            )
        stems = (f"{extension}{prefix}{number:0{size}}" for number in range(first, first + count))
        return [stem + check_digit(stem) for stem in stems]

    def action_number_sscc(self) -> bool:
        """Give these packages an SSCC as their name; those that have one keep it.

        :raise UserError: as `_next_sscc`
        """
        self.check_access("write")
        for package in self:
            if not package._sscc():
                package.name = self._next_sscc(package.company_id or self.env.company)[0]
        return True
