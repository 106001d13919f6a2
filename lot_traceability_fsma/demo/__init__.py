"""What FSMA 204 needs of the demo company, before its story is told: the foods on the list, how
they are packed, locations with their numbers, and farms with their fields.

Some things are not known while the story is told: one grower has not told its phone number nor
who gives its codes, and a few customers have no phone number. In the end they have been asked,
and the events have a second version: the year's records are complete.
"""

from typing import Any

# Category of the list, packaging size and style, of what the growers send and the plants make.
_FOODS = {
    "ROM": ("ftl_leafy_greens", "24 heads", "carton"),
    "ICE": ("ftl_leafy_greens", "24 heads", "carton"),
    "SPI": ("ftl_leafy_greens", "4 lb", "carton"),
    "CHIV": ("ftl_herbs", "1 lb", "carton"),
    "CEL": ("ftl_vegetables_cut", "5 lb", "bag"),
    "CUTR": ("ftl_leafy_greens_cut", "200 kg", "bin"),
    "LEAF": ("ftl_leafy_greens_cut", "100 kg", "bin"),
    "R300": ("ftl_leafy_greens_cut", "300 g", "pouch"),
    "L200": ("ftl_leafy_greens_cut", "200 g", "pouch"),
    "RCAT": ("ftl_leafy_greens_cut", "2.5 kg", "bag"),
    "SOFT": ("ftl_cheese_fresh", "20 kg", "tub"),
    "RICO": ("ftl_cheese_fresh", "20 kg", "tub"),
    "CHT": ("ftl_cheese_fresh", "150 g", "cup"),
    "RIT": ("ftl_cheese_fresh", "250 g", "cup"),
    "SLC": ("ftl_cheese_fresh", "120 g", "tray"),
    # A dressing is not on the list; with fresh chives in it, it is traced as well.
    "DRH": ("", "100 kg", "bin"),
    "DELI": ("ftl_deli_salads", "50 kg", "bin"),
    "D250": ("ftl_deli_salads", "250 g", "tub"),
    "PAST": ("ftl_deli_salads", "50 kg", "bin"),
    "P400": ("ftl_deli_salads", "400 g", "tub"),
}
# Fields by grower: name, what grows there, latitude and longitude.
_FIELDS = {
    "glenvarra": (
        ("Levee 3", "Romaine lettuce", 36.6421, -121.6310),
        ("Levee 7", "Romaine lettuce", 36.6388, -121.6244),
    ),
    "saltmarsh": (
        ("County 12 North", "Romaine lettuce", 32.6631, -114.5912),
        ("County 12 South", "Romaine lettuce", 32.6579, -114.5899),
    ),
    "leaf": (
        ("River field", "Spinach, iceberg lettuce", 42.3502, -72.5871),
        ("Church field", "Iceberg lettuce", 42.3467, -72.5803),
    ),
    "herbs": (("Tansy Lane", "Chives, celery", 42.4611, -72.5820),),
}
_TELLS_LITTLE = "herbs"
# Every so many customers there is one without a phone number.
_SILENT = 17


def prepare(world: Any) -> None:
    """Describe the demo company as the rule wants it; nothing has moved yet.

    :param world: the `World` of the demo company, with partners, products and warehouses
    """
    # Receipts of the story run to their end; what is missing waits on the work list.
    world.company.fsma_ask = "later"
    world.company.partner_id.fsma_ffrn = "11223344556"
    for warehouse in world.warehouses.values():
        warehouse.partner_id.fsma_gln = warehouse.lot_stock_id.gln
    _describe_partners(world)
    for code, (category, size, style) in _FOODS.items():
        product = world.products[code]
        product.write(
            {
                "fsma_category_id": category
                and world.env.ref(f"lot_traceability_fsma.{category}").id,
                "fsma_commodity": product.name,
                "fsma_packaging_size": size,
                "fsma_packaging_style": style,
            }
        )


def finish(world: Any) -> None:
    """Complete what the story has recorded: what was missing is asked and filled in, and the
    traceability plan is put in force.

    :param world: the `World` of the demo company, the day before today
    """
    # Recorded as it was known then, as if each document had been a transaction of its own.
    world.env["lot.fsma.recorder"]._flush()
    _ask_the_rest(world)
    events = world.laboratory["lot.fsma.event"]
    lacking = [("replaced_by_id", "=", False), ("missing", "!=", False)]
    for partner, together in events.search(lacking, order="id").grouped("partner_id").items():
        world.laboratory["lot.fsma.fill"].create(
            {
                "event_ids": [(6, 0, together.ids)],
                "reason": f"{partner.name} was called, and told its address in full",
                "source_id": partner.fsma_source_id.id,
            }
        ).action_save()
    world.laboratory["lot.fsma.plan"].create(
        {
            "contact_name": world.laboratory.user.name,
            "contact_title": "Quality manager",
            "contact_phone": world.company.phone or world.company.partner_id.phone,
            "records_note": "All records are kept in Odoo; papers of suppliers as attachments.",
        }
    ).action_in_force()


def _ask_the_rest(world: Any) -> None:
    """What was not known: the grower's phone number and who gives its codes, customers' phones."""
    grower = world.suppliers[_TELLS_LITTLE]
    grower.write({"phone": "+1 802 555 0199", "fsma_source_id": grower.id})
    for number, partner in enumerate(_customers(world)):
        if number % _SILENT == 0:
            partner.phone = f"+1 413 555 01{number % 100:02}"


def _customers(world: Any) -> list:
    return [partner for same in world.customers.values() for partner in same]


def _describe_partners(world: Any) -> None:
    for number, (key, supplier) in enumerate(world.suppliers.items(), start=10):
        if key != _TELLS_LITTLE:
            # Each supplier codes its goods itself; 555-01 numbers are nobody's.
            supplier.write({"phone": f"+1 802 555 01{number}", "fsma_source_id": supplier.id})
    growers = {key: world.suppliers[key] for key in _FIELDS}
    for grower in growers.values():
        grower.fsma_farm = True
    world.env["lot.fsma.area"].create(
        [
            {
                "farm_id": growers[key].id,
                "name": name,
                "commodity": commodity,
                "latitude": latitude,
                "longitude": longitude,
            }
            for key, fields in _FIELDS.items()
            for name, commodity, latitude, longitude in fields
        ]
    )
    for number, partner in enumerate(_customers(world)):
        if number % _SILENT:
            partner.phone = f"+1 413 555 01{number % 100:02}"
