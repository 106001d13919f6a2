"""Which class reads which kind of import."""

from .kind import Kind
from .kind_links import Links
from .kind_lots import Lots
from .kind_movements import Receipts, Shipments
from .kind_quality import Quality
from .kind_stock import Stock

KINDS: dict[str, type[Kind]] = {
    "lots": Lots,
    "stock": Stock,
    "quality": Quality,
    "receipts": Receipts,
    "links": Links,
    "shipments": Shipments,
}
