from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lot_gate import GATE_ACTIVE, GATE_TERMS

# Context key: how much is to be reserved, while quants are chosen for it. Stands only inside
# `_get_reserve_quantity`.
GATHER_ENOUGH = "lot_gather_enough"
# Strategies whose order is an ORDER BY: the first quants that suffice can be read alone.
_ORDERED = {"fifo", "lifo", "fefo"}
_FIRST_READ = 40
# Context key of quants that were gathered so: core gathers once more from them to add them up.
_GATHERED = "lot_gathered"


def _available(operator: str) -> Domain:
    """What is not reserved of a quant, compared with nothing. As in the partial indexes below."""

    def to_sql(model, alias, query):
        return SQL(
            "%s %s %s",
            model._field_to_sql(alias, "quantity", query),
            SQL(operator),
            model._field_to_sql(alias, "reserved_quantity", query),
        )

    return Domain.custom(to_sql=to_sql)


class StockQuant(models.Model):
    """What may be reserved, and in which order it is offered.

    The filter stands only under `GATE_ACTIVE`: `_gather` also serves the movement of goods, where
    a hidden quant would be made a second time.
    """

    _inherit = "stock.quant"

    # The first quants that fit, without reading all of the product.
    _gather_fefo = models.Index(
        "(product_id, removal_date, in_date, id) WHERE quantity <> reserved_quantity"
    )
    _gather_fifo = models.Index("(product_id, in_date, id) WHERE quantity <> reserved_quantity")
    _gather_owed = models.Index("(product_id) WHERE quantity < reserved_quantity")

    @api.depends("lot_id.status_id", "removal_date")
    def _compute_available_quantity(self):
        """Nothing is available of what the gate would refuse for any use."""
        result = super()._compute_available_quantity()
        gate, default = self.env["lot.gate"], self.env["lot.gate"]._default_terms()
        for quant in self.filtered("lot_id"):
            refused = gate._refusal(default, quant.lot_id)
            quant.available_quantity = 0.0 if refused else quant.quantity - quant.reserved_quantity
        return result

    @api.model
    def _get_gather_domain(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        quants, since = self, self.env.context.get("with_expiration")
        if since:
            # The one rule of what "today" means: a removal date counts until its day is over.
            company = location_id.company_id or self.env.company
            start = self.env["lot.calendar"]._expired_before(
                company, fields.Datetime.to_datetime(since)
            )
            quants = self.with_context(with_expiration=start)
        domain = super(StockQuant, quants)._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        terms = self.env.context.get(GATE_ACTIVE)
        return domain & self.env["lot.gate"]._quant_domain(terms) if terms else domain

    @api.model
    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        quants = self
        if product_id.uom_id.compare(quantity, 0) > 0:
            quants = self.browse().with_context(**self._gate_context(product_id, quantity, strict))
        return super(StockQuant, quants)._get_reserve_quantity(
            product_id, location_id, quantity, uom_id, lot_id, package_id, owner_id, strict
        )

    def _gate_context(self, product, quantity: float, strict: bool) -> dict:
        terms = False
        if product.tracking != "none":
            terms = self.env.context.get(GATE_TERMS)
            if terms is None:
                terms = self.env["lot.gate"]._default_terms()
        # Whole packagings are rounded down from all that is there: then all must be read.
        whole = (
            self.env.context.get("packaging_uom_id")
            and product.categ_id.packaging_reserve_method == "full"
        )
        return {GATE_ACTIVE: terms, GATHER_ENOUGH: 0 if strict or whole else quantity}

    @api.model
    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        if self.env.context.get(_GATHERED):
            # Core adds up what it has just gathered by gathering it again, none as well.
            return self
        enough = self.env.context.get(GATHER_ENOUGH)
        characteristics = (product_id, location_id, lot_id, package_id, owner_id)
        strategy = self._get_removal_strategy(product_id, location_id) if enough else ""
        if strategy in _ORDERED and not strict:
            quants = self._gather_enough(strategy, enough, characteristics)
        else:
            quants = super()._gather(*characteristics, strict=strict, qty=qty)
            terms = self.env.context.get(GATE_ACTIVE)
            if terms and self.env.context.get("quants_cache") is not None:
                # Core's cache knows no domain.
                quants = quants.filtered_domain(self.env["lot.gate"]._quant_domain(terms))
        return quants.with_context(**{_GATHERED: True}) if enough else quants

    def _gather_enough(self, strategy: str, quantity: float, characteristics: tuple):
        """The first quants in the order of the strategy that give this quantity, with all that are
        owed more than they have: from these core chooses what it would choose from all.

        It takes from the first on until it has enough. A quant of which nothing is free adds
        nothing; one that is owed takes away wherever it stands, so all of these are here; and
        what is free of the rest less what is owed reaches the quantity, or nothing is left out.
        """
        # "<>" stands in each search because it is the condition of the indexes.
        domain = self._get_gather_domain(*characteristics, strict=False) & _available("<>")
        order = self._get_removal_strategy_order(strategy)
        few = self.search(domain, order=order, limit=_FIRST_READ)
        if len(few) < _FIRST_READ:
            return few._in_turn(strategy, quantity, characteristics[0], domain)
        owed = self.search(domain & _available("<"))
        missing = quantity - sum(quant.quantity - quant.reserved_quantity for quant in owed)
        product, reached = characteristics[0], self.browse()
        # As in core: what has a lot first.
        for part in (Domain("lot_id", "!=", False), Domain("lot_id", "=", False)):
            found, limit, read, behind = self.browse(), _FIRST_READ, 0, False
            while missing > 0:
                more = self.search(
                    domain & part & _available(">"), order=order, limit=limit, offset=read
                )
                found += more
                missing -= sum(quant.quantity - quant.reserved_quantity for quant in more)
                behind = len(more) == limit
                if not behind:
                    break
                read, limit = read + limit, limit * 8
            if strategy == "fefo" and product.tracking == "lot":
                free = domain & part & _available(">")
                found = found._spare_lots(product, quantity, free, behind, owed)
            reached += found
        return reached + owed

    def _in_turn(self, strategy: str, quantity: float, product, domain: Domain):
        """All quants that there are, as `_gather_enough` gives them: what has a lot first."""
        owed = self.filtered(lambda quant: quant.quantity < quant.reserved_quantity)
        free = self.filtered(lambda quant: quant.quantity > quant.reserved_quantity)
        lots = free.filtered("lot_id")
        rest = free - lots
        if strategy == "fefo" and product.tracking == "lot":
            lots = lots._spare_lots(product, quantity, domain, False, owed)
        return lots + rest + owed
