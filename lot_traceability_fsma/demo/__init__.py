"""What FSMA 204 needs of the demo company, before its story is told: the foods on the list, how
they are packed, locations with their numbers, and farms with their fields.

Some things are left out on purpose, so that there is something to complete: one grower has not
told its phone number nor who gives its codes, and a few customers have no phone number.
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
    customers = [partner for same in world.customers.values() for partner in same]
    for number, partner in enumerate(customers):
        if number % _SILENT:
            partner.phone = f"+1 413 555 01{number % 100:02}"
