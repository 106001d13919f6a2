from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, sql

from ..tools import lot_name
from ..tools.lot_mask import Mask
from .lot_columns import rows, write_all
from .lot_numbering_request import NUMBER_REQUEST, NumberRequest
from .stock_lot_status import listed
from .unique_index import UniqueIndexWherePossible

# Numbers that a transaction has found free.
CHECKED = "lot_traceability.numbers.checked"


class StockLot(models.Model):
    """Numbers by scheme, and no number twice in another spelling."""

    _inherit = "stock.lot"

    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        precompute=True,
        help="What the lot number has in common with all numbers that look like it",
    )

    _name_key = models.Index("(product_id, name_key)")
    _number_unique = UniqueIndexWherePossible(
        "(product_id, name, COALESCE(company_id, 0))",
        "The combination of lot/serial number and product must be unique within a company "
        "including when no company is defined.",
    )

    def _auto_init(self):
        if sql.table_exists(self.env.cr, self._table) and not sql.column_exists(
            self.env.cr, self._table, "name_key"
        ):
            # Else Odoo would load all lots to work it out.
            sql.create_column(self.env.cr, self._table, "name_key", "varchar")
            self._fill_name_keys()
        return super()._auto_init()

    def _fill_name_keys(self) -> None:
        cr = self.env.cr
        key = SQL(
            "CASE WHEN name ~ '^[ -~]*$' THEN translate(upper(regexp_replace("
            "btrim(name), ' +', ' ', 'g')), %s, %s) END",
            *lot_name.LOOK_ALIKES,
        )
        write_all(cr, "stock_lot", "name_key", key)
        cr.execute(SQL("SELECT id, name FROM stock_lot WHERE name_key IS NULL"))
        rows = [(id_, lot_name.key(name)) for id_, name in cr.fetchall()]
        for start in range(0, len(rows), 10_000):
            cr.execute_values(
                "UPDATE stock_lot SET name_key = v.name_key FROM (VALUES %s) AS v (id, name_key) "
                "WHERE stock_lot.id = v.id",
                rows[start : start + 10_000],
            )

    @api.depends("name")
    def _compute_name_key(self):
        for lot in self:
            lot.name_key = lot_name.key(lot.name or "")

    @api.depends("product_id")
    def _compute_name(self):
        """A form shows the number at once; it is taken already, unless none may be missing."""
        numbering = self.env["lot.numbering"]
        empty = self.env["stock.picking.type"]
        for lot in self.filtered(lambda lot: lot.product_id and not lot.name):
            request = NumberRequest(
                lot.product_id._origin, lot.company_id or self.env.company, empty
            )
            scheme = numbering._schemes([request])[0]
            if scheme:
                try:
                    with self.env.cr.savepoint():
                        lot.name = (
                            numbering._offer(request)
                            if scheme.gap_free
                            else numbering._next_numbers([request])[0]
                        )
                except UserError:  # something is not known: the number is typed
                    lot.name = False
        return super()._compute_name()

    @api.model
    def generate_lot_names(self, first_lot, count):
        """Go on by the product's scheme where a dialog asks for several numbers."""
        request = self.env.context.get(NUMBER_REQUEST)
        names = request and self.env["lot.numbering"]._series(request, first_lot or "", count)
        if names:
            return [{"lot_name": name} for name in names]
        return super().generate_lot_names(first_lot, count)

    # -- saving ------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            vals.setdefault("product_id", self.env.context.get("default_product_id"))
            if not vals.get("name"):
                vals["name"] = self.env.context.get("default_name")
            if vals["name"]:
                vals["name"] = lot_name.clean(vals["name"])
        self._number_nameless([vals for vals in vals_list if not vals["name"]])
        self.browse()._check_new_numbers(
            [
                (self.env["product.product"].browse(vals["product_id"]), vals, vals["name"])
                for vals in vals_list
                if vals["name"] and vals["product_id"]
            ]
        )
        for vals in vals_list:
            if not vals["name"]:
                del vals["name"]
            if not vals["product_id"]:
                del vals["product_id"]
        lots = super().create(vals_list)
        lots._check_supplier_numbers()
        return lots

    def write(self, vals):
        if vals.get("name"):
            vals = vals | {"name": lot_name.clean(vals["name"])}
            renamed = self.filtered(lambda lot: lot.name != vals["name"])
            renamed._check_new_numbers(
                [
                    (lot.product_id, {"company_id": lot.company_id.id}, vals["name"])
                    for lot in renamed
                ]
            )
        result = super().write(vals)
        if {"supplier_lot", "supplier_id"} & vals.keys():
            self._check_supplier_numbers()
        return result

    def _number_nameless(self, vals_list: list[dict]) -> None:
        """Lots that are created without a number get one, as Odoo's sequence gives one."""
        vals_list = [vals for vals in vals_list if vals.get("product_id")]
        empty = self.env["stock.picking.type"]
        requests = [
            NumberRequest(
                self.env["product.product"].browse(vals["product_id"]),
                self.env["res.company"].browse(vals.get("company_id")) or self.env.company,
                empty,
                values={
                    "supplier_lot": vals.get("supplier_lot") or "",
                    **self._known_dates(vals),
                },
            )
            for vals in vals_list
        ]
        if requests:
            numbers = self.env["lot.numbering"]._next_numbers(requests)
            for vals, number in zip(vals_list, numbers, strict=True):
                product = self.env["product.product"].browse(vals["product_id"])
                sequence = product.lot_sequence_id
                vals["name"] = number or (sequence and sequence.next_by_id())

    def _known_dates(self, vals: dict) -> dict:
        expiry = vals.get("expiration_date")
        if not expiry:
            return {}
        return {"expiry": self.env["lot.calendar"]._day(fields.Datetime.to_datetime(expiry))}

    # -- checks ------------------------------------------------------------------------------

    @api.model
    def _company_for(self, product, vals: dict):
        """The company that a new lot gets, as Odoo works it out."""
        if "company_id" in vals or not product.company_id:
            return self.env["res.company"].browse(vals.get("company_id") or [])
        return self.new({"product_id": product.id, "name": "?"}).company_id

    def _check_new_numbers(self, entries: list[tuple]) -> None:
        """Refuse numbers that are there already, that are another spelling of one that is, or
        that do not fit the mask; all of them in one message.

        :param entries: [(product, values with "company_id" if known, number)]
        """
        products = self.env["product.product"].union(*(entry[0] for entry in entries))
        self._check_masks([(product, number) for product, _vals, number in entries])
        keys = {lot_name.key(number) for _product, _vals, number in entries}
        # A lot of another company counts where either of the two belongs to no company, so all of
        # them are asked for; nothing is said of them but the number.
        self.flush_model(["name", "product_id", "company_id", "name_key"])
        existing = self.env.execute_query(
            SQL(
                "SELECT product_id, name_key, name, company_id FROM stock_lot "
                "WHERE product_id = ANY(%s) AND name_key = ANY(%s) AND id <> ALL(%s) ORDER BY id",
                products.ids,
                list(keys),
                self.ids,
            )
        )
        known: dict[tuple, list] = {}
        for product_id, key, name, owner in existing:
            known.setdefault((product_id, key), []).append((name, owner))
        repeated, alike = [], []
        checked = self._checked_numbers()
        usual = {product: self._company_for(product, {}) for product in products}
        for product, vals, number in entries:
            company = self._company_for(product, vals) if "company_id" in vals else usual[product]
            others = known.setdefault((product.id, lot_name.key(number)), [])
            for name, owner in others:
                if owner and company and owner != company.id:
                    continue
                if name == number:
                    repeated.append((product, number))
                    break
                if self._is_refused(product, company, number, name):
                    alike.append((product, number, name))
                    break
            others.append((number, company.id))
            checked.add((product.id, number, company.id))
        self._refuse_repeated(repeated)
        self._refuse_alike(alike)

    def _checked_numbers(self) -> set[tuple]:
        """(product, number, company) of lots that this transaction has looked at and found free."""
        return self.env.cr.precommit.data.setdefault(CHECKED, set())

    @api.constrains("name", "product_id", "company_id")
    def _check_unique_lot(self):
        """Core asks the database again, twice for each receipt. Numbers that were checked before
        they were saved, and are guarded by an index since, need not be asked for."""
        checked = self._checked_numbers()
        numbers = rows(self, "product_id", "name", "company_id")
        others = self.browse(
            lot_id
            for lot_id, (product_id, name, company_id) in zip(self._ids, numbers, strict=True)
            if (product_id, name, company_id or False) not in checked
        )
        if others:
            return super(StockLot, others)._check_unique_lot()
        return None

    def _is_refused(self, product, company, number: str, other: str) -> bool:
        strictness = (company or self.env.company).lot_lookalike
        if strictness == "off":
            return False
        if lot_name.same_number(number, other):
            return True
        return strictness == "refuse" and not self.env["lot.numbering"]._may_have_made(
            product, company or self.env.company, number
        )

    def _refuse_repeated(self, repeated: list[tuple]) -> None:
        if repeated:
            _ = self.env._
            lines = list(
                dict.fromkeys(
                    _(
                        " - Product: %(product)s, Lot/Serial Number: %(lot)s",
                        product=product.display_name,
                        lot=number,
                    )
                    for product, number in repeated
                )
            )
            raise ValidationError(
                _(
                    "The combination of lot/serial number and product must be unique within a "
                    "company including when no company is defined.\n%(count)s numbers are there "
                    "already, or more than once:\n%(lines)s",
                    count=len(lines),
                    lines=listed(self.env, lines, mark="\n"),
                )
            )

    def _refuse_alike(self, alike: list[tuple]) -> None:
        if alike:
            _ = self.env._
            lines = [
                _(
                    "“%(number)s” of %(product)s: did you mean %(other)s?",
                    number=number,
                    product=product.display_name,
                    other=other,
                )
                for product, number, other in alike
            ]
            raise ValidationError(
                _(
                    "A lot with such a number exists already, in another spelling. Take that lot, "
                    "or choose a number that nobody can mistake.\n%s",
                    listed(self.env, lines, mark="\n"),
                )
            )

    def _check_masks(self, entries: list[tuple]) -> None:
        """:param entries: [(product, number)]"""
        wrong = [
            (product, number)
            for product, number in entries
            if product.lot_mask and not Mask.parse(product.lot_mask).fits(number)
        ]
        if wrong:
            raise ValidationError(
                "\n".join(
                    self._mask_problem(
                        product.display_name,
                        product.lot_mask,
                        [number for other, number in wrong if other == product],
                    )
                    for product in self.env["product.product"].union(*(entry[0] for entry in wrong))
                )
            )

    def _check_supplier_numbers(self) -> None:
        """The supplier's number has the form that the supplier's numbers have."""
        for lot in self.filtered("supplier_lot"):
            mask = lot.supplier_id.lot_mask or lot.supplier_id.commercial_partner_id.lot_mask
            if mask and not Mask.parse(mask).fits(lot.supplier_lot):
                raise ValidationError(
                    self._mask_problem(lot.supplier_id.name, mask, [lot.supplier_lot])
                )

    @api.model
    def _mask_problem(self, whose: str, mask: str, numbers: list[str]) -> str:
        return self.env._(
            "%(numbers)s: a lot number of %(whose)s has the form %(mask)s, for example "
            "%(example)s.",
            numbers=listed(self.env, numbers),
            whose=whose,
            mask=mask,
            example=Mask.parse(mask).example,
        )
