"""What the tests of ship notices share: shipments as they are, and any shipment there can be."""

from datetime import date, datetime
from decimal import Decimal

from fsma_tools.asn import Line, Order, Pallet, Party, Shipment
from fsma_tools.check_digits import check_digit
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# A shipment is large, to draw one takes a while.
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NOW = datetime(2026, 11, 26, 12, 30)
PLANT = Party(
    name="Sunny Farms Packing",
    gln="4012345000009",
    street="1 Field Road",
    city="Salinas",
    state="CA",
    postcode="93901",
    country="US",
    phone="+1 831 555 0100",
    reference="12345678901",
)
STORE = Party(name="Fresh Foods DC 7", gln="4023333000000", city="Austin", state="TX", country="US")
TOMATOES = Line(
    "04012345123456",
    "L1/A",
    Decimal("40"),
    "CS",
    description="Tomatoes on the vine 11 lb",
    product_number="TOM11",
    order_line="1",
    expiry=date(2026, 12, 10),
    packed=date(2026, 11, 25),
    harvested=date(2026, 11, 24),
    tlc_source=PLANT,
)
HERBS = Line("04012345666663", "H-77", Decimal("12.5"), "KGM", best_before=date(2026, 12, 1))
SHIPMENT = Shipment(
    "ASN1099",
    datetime(2026, 11, 26, 10),
    expected=datetime(2026, 11, 27, 6, 15),
    ship_from=PLANT,
    ship_to=STORE,
    supplier=PLANT,
    buyer=Party(name="Fresh Foods Inc"),
    bill_of_lading="BOL-1",
    carrier="Cold Wheels",
    orders=(
        Order(
            "PO-1",
            date(2026, 11, 20),
            (
                Pallet("040123450000003338", (TOMATOES, HERBS)),
                Pallet("140123451122233341", (TOMATOES,)),
            ),
        ),
        Order("PO-2", None, (Pallet("", (HERBS,)),)),
    ),
)

_days = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
_times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(
    lambda time: time.replace(second=0, microsecond=0)
)


def numbers(length):
    """Numbers of ``length`` digits with their check digit."""
    digits = st.text("0123456789", min_size=length - 1, max_size=length - 1)
    return digits.map(lambda text: text + check_digit(text))


def words(signs, most):
    """Texts of words with one space between them."""
    return st.lists(st.text(signs, min_size=1, max_size=10), max_size=4).map(
        lambda parts: " ".join(parts)[:most].strip()
    )


def codes(signs, most, least=1):
    return st.text(signs, min_size=least, max_size=most)


def parties(signs, *, whole):
    """Parties; a ``whole`` one has a name or a GLN."""
    glns = numbers(13) | (st.just("") if not whole else numbers(13))
    return st.builds(
        Party,
        name=words(signs, 40),
        gln=glns,
        street=words(signs, 40),
        city=words(signs, 25),
        state=st.sampled_from(["", "CA", "TX", "Bavaria"]),
        postcode=codes("0123456789", 9, 0),
        country=st.sampled_from(["", "US", "DE"]),
        phone=words(signs, 30),
        reference=codes(signs, 20, 0),
    ).filter(lambda party: (party == Party() and not whole) or bool(party.name or party.gln))


@st.composite
def shipments(draw, signs):
    """Any shipment, its texts of ``signs``; orders and pallets differ from each other."""
    line = st.builds(
        Line,
        gtin=numbers(14),
        lot=codes(signs, 20),
        quantity=st.decimals(Decimal("0.001"), 999_999, places=3),
        unit=st.sampled_from(["CS", "EA", "KGM", "LBR", "C62"]),
        description=words(signs, 60),
        product_number=codes(signs, 20, 0),
        order_line=codes("0123456789", 6, 0),
        expiry=_days,
        best_before=_days,
        production=_days,
        packed=_days,
        harvested=_days,
        tlc_source=st.none() | parties(signs, whole=True),
    )
    orders = []
    for number in draw(st.lists(codes(signs, 20), min_size=1, max_size=2, unique=True)):
        pallets = []
        for sscc in draw(st.lists(st.just("") | numbers(18), min_size=1, max_size=2, unique=True)):
            lines = draw(st.lists(line, min_size=1, max_size=2))
            pallets.append(Pallet(sscc, tuple(lines)))
        orders.append(Order(number, draw(_days), tuple(pallets)))
    party = parties(signs, whole=False)
    return Shipment(
        draw(codes(signs, 30)),
        draw(_times),
        draw(st.none() | _times),
        draw(party),
        draw(party),
        draw(party),
        draw(party),
        draw(codes(signs, 30, 0)),
        draw(words(signs, 35)),
        tuple(orders),
    )
