"""What is known of a lot that needs a number."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class NumberRequest:
    """One lot that needs a number.

    :ivar product: product.product
    :ivar company: res.company where it is received or made
    :ivar operation_type: stock.picking.type, may be empty
    :ivar automatic: nobody asked for a number: only a scheme that numbers by itself gives one
    :ivar values: what is known besides, by token: "production_date", "line", "expiry" …
    :ivar offered: the number that a dialog has shown as the next one
    """

    product: Any
    company: Any
    operation_type: Any
    automatic: bool = False
    values: dict[str, str | date] = field(default_factory=dict)
    offered: str = ""


# The one context key of numbering: dialogs of Odoo ask for a series without naming the product.
NUMBER_REQUEST = "lot_number_request"
