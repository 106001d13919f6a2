"""Advance ship notices: one neutral shipment, X12 856 and EDIFACT DESADV written and read.

>>> from datetime import datetime
>>> from decimal import Decimal
>>> line = Line("04012345123456", "L1", Decimal(40), "CS", order_line="1")
>>> shipment = Shipment("ASN1", datetime(2026, 11, 26, 10), orders=(
...     Order("PO1", pallets=(Pallet("040123450000003338", (line,)),)),))
>>> now = datetime(2026, 11, 26, 12)
>>> _interchange, shipments = read_856(
...     write_856([shipment], Interchange("SENDER", "RECEIVER", 1, now)))
>>> shipments == [shipment]
True
>>> envelope = Envelope("4012345000009", "4023333000000", "1", now)
>>> read_desadv(write_desadv([shipment], envelope))[1] == [shipment]
True
"""

from .desadv import Envelope, write_desadv
from .desadv_reader import read_desadv
from .errors import AsnError
from .shipment import Line, Order, Pallet, Party, Shipment, check
from .x12_856 import write_856
from .x12_856_reader import read_856
from .x12_997 import write_997
from .x12_envelope import Interchange, Message, messages
from .x12_profile import Profile
from .x12_syntax import Delimiters

__all__ = [
    "AsnError",
    "Delimiters",
    "Envelope",
    "Interchange",
    "Line",
    "Message",
    "Order",
    "Pallet",
    "Party",
    "Profile",
    "Shipment",
    "check",
    "messages",
    "read_856",
    "read_desadv",
    "write_856",
    "write_997",
    "write_desadv",
]
