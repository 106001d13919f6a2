"""What every part of the story shares: the company's records, by short names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from odoo.api import Environment

from .clock import StoryClock

# Asked for by a wizard in the web client; the story has answered them all.
STORY_CONTEXT = {
    "tracking_disable": True,
    "skip_backorder": True,
    "skip_consumption": True,
    "skip_expired": True,
    "skip_sms": True,
}


@dataclass
class World:
    """The demo company while its story is told.

    Products, suppliers and warehouses are found by the short codes of
    ``products.py``, ``partners.py`` and ``company.py``. ``lots`` and
    ``deliveries`` keep what later events refer to.
    """

    env: Environment  # of the operator, once the users are there
    office: Environment  # of the administrator, who takes the orders
    clock: StoryClock
    random: Random
    products: dict[str, Any] = field(default_factory=dict)
    suppliers: dict[str, Any] = field(default_factory=dict)
    customers: dict[str, Any] = field(default_factory=dict)
    warehouses: dict[str, Any] = field(default_factory=dict)
    boms: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    returns: Any = None
    laboratory: Any = None  # the environment of quality, who judges
    lots: dict[str, Any] = field(default_factory=dict)
    deliveries: dict[int, Any] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def company(self) -> Any:
        return self.env.company

    def new_lot_name(self, prefix: str) -> str:
        """Return the next lot name of the day: prefix, year, day of the year, letter."""
        stem = f"{prefix}{self.clock.now:%y%j}"
        self._names[stem] += 1
        return stem + chr(ord("A") + self._names[stem] - 1)

    def stock(self, warehouse: str) -> Any:
        """Return the stock location of a warehouse."""
        return self.warehouses[warehouse].lot_stock_id

    def available(self, codes: Iterable[str], warehouse: str) -> dict[str, float]:
        """Return what is in stock, not reserved and not past its removal date.

        :return: quantity in the product's unit by product code; zero is left out
        """
        by_product = {self.products[code]: code for code in codes}
        rows = self.env["stock.quant"]._read_group(
            [
                ("location_id", "child_of", self.stock(warehouse).id),
                ("product_id", "in", [product.id for product in by_product]),
                "|",
                ("removal_date", "=", False),
                ("removal_date", ">", self.clock.now),
            ],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        free = {by_product[product]: total - held for product, total, held in rows}
        return {code: round(free[code], 2) for code in codes if free.get(code, 0) > 0.005}
