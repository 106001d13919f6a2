from odoo import fields, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _demands_quarantine(self, event: str) -> bool:
        """Has a lot of this product to be judged first?

        :param event: "receipt" or "production"
        """
        name = f"lot_quarantine_{event}"
        category = self.categ_id
        while category and not category[name]:
            category = category.parent_id
        return bool(self.product_tmpl_id[name] or category)

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        result = super()._compute_quantities_dict(lot_id, owner_id, package_id, from_date, to_date)
        tracked = self._origin.filtered(lambda product: product.tracking != "none")
        if tracked:
            held = tracked._held_back(lot_id, owner_id, package_id)
            for product in self.filtered(lambda product: product._origin.id in held):
                for name in ("free_qty", "virtual_available"):
                    quantity = result[product.id][name] - held[product._origin.id]
                    result[product.id][name] = product.uom_id.round(quantity)
        return result

    def _held_back(self, lot_id, owner_id, package_id) -> dict[int, float]:
        """What core calls free of these products and the gate would refuse, by product: lots whose
        status forbids their use. Less what core leaves out although its last day is not over.

        Core leaves out what is past its removal date at `to_date`, or else what has this day for
        it, from midnight to midnight where the user is.
        """
        domain = Domain("product_id", "in", self.ids) & Domain(self._get_domain_locations()[0])
        for name, value in (("lot_id", lot_id), ("owner_id", owner_id), ("package_id", package_id)):
            if value is not None:
                domain &= Domain(name, "=", value)
        owners = self.env.context.get("owners")
        if owners is not None:
            domain &= Domain("owner_id", "in", owners or [False])
        to_date = self.env.context.get("to_date")
        since = self.env["lot.calendar"]._expired_before(on=fields.Datetime.to_datetime(to_date))
        blocked = self.env["lot.status"]._ids_without("usable")
        refused = Domain("lot_id", "any", [("status_id", "in", blocked)])
        over = Domain("removal_date", "<", since)
        left_out = Domain("removal_date", "<=", to_date or fields.Date.today())
        result = {}
        for difference, sign in (
            ((refused | over) & ~left_out, 1),
            (left_out & ~over & ~refused, -1),
        ):
            for product, quantity, reserved in (
                self.env["stock.quant"]
                .with_context(active_test=False)
                ._read_group(
                    domain & difference,
                    ["product_id"],
                    ["quantity:sum", "reserved_quantity:sum"],
                )
            ):
                result[product.id] = result.get(product.id, 0.0) + sign * (quantity - reserved)
        return result
