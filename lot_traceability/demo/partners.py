"""Suppliers and customers of the demo company. All are invented."""

import re
from typing import Any, NamedTuple

from odoo.fields import Command

from .world import World


class _Supplier(NamedTuple):
    name: str
    street: str
    city: str
    state: str
    zip: str


_SUPPLIERS = {
    "farm1": _Supplier("Cold Hollow Dairy Farm", "1180 Creamery Road", "Richford", "VT", "05476"),
    "farm2": _Supplier("Pruett Family Farm", "77 Lower Newton Road", "Swanton", "VT", "05488"),
    "farm3": _Supplier("Maple Ledge Milk", "412 Duffy Hill Road", "Enosburg Falls", "VT", "05450"),
    "farm4": _Supplier("Champlain Flats Dairy", "903 Lake Street", "Champlain", "NY", "12919"),
    "cream": _Supplier("Otter Falls Cream Works", "15 Mill Street", "Vergennes", "VT", "05491"),
    "cultures": _Supplier("Lactavia Cultures", "2200 Science Drive", "Madison", "WI", "53711"),
    "acids": _Supplier("Barlow & Dent Ingredients", "48 Harbor Way", "Bayonne", "NJ", "07002"),
    "glenvarra": _Supplier("Glenvarra Farms", "6100 Levee Road", "Salinas", "CA", "93908"),
    "saltmarsh": _Supplier("Saltmarsh Growers", "31 County Road 12", "Yuma", "AZ", "85364"),
    "leaf": _Supplier("Underhill Leaf Growers", "240 River Road", "Hadley", "MA", "01035"),
    "herbs": _Supplier("Tansy Lane Produce", "5 Tansy Lane", "Sunderland", "MA", "01375"),
    "oils": _Supplier("Prairie Gold Oils", "1400 Grain Belt Avenue", "Fargo", "ND", "58102"),
    "eggs": _Supplier("Wexcombe Egg Products", "86 Feed Mill Road", "Lititz", "PA", "17543"),
    "pasta": _Supplier("Molino Carrara USA", "700 Industrial Parkway", "Buffalo", "NY", "14206"),
    "packs": _Supplier("Northway Packaging", "19 Corporate Circle", "Albany", "NY", "12203"),
    "slicer": _Supplier("Kestrel Slicing and Packing", "64 Depot Street", "Rutland", "VT", "05701"),
}

SHOP = "Grocer"
KITCHEN = "Kitchen"
FARM = "Farm"
_ES, _FR, _EN = "es_MX", "fr_CA", "en_US"

# name, kind, street, city, state, zip, language
_CUSTOMERS = (
    ("Alder Street Market", SHOP, "12 Alder Street", "Burlington", "VT", "05401", _EN),
    ("Bracken Hill General Store", SHOP, "4 Common Road", "Stowe", "VT", "05672", _EN),
    ("Cobble & Crumb Grocers", SHOP, "210 Elm Street", "Montpelier", "VT", "05602", _EN),
    ("Copperfield Co-op Market", SHOP, "33 Canal Street", "Brattleboro", "VT", "05301", _EN),
    ("Dunmore Corner Deli", SHOP, "8 Merchants Row", "Middlebury", "VT", "05753", _EN),
    ("East Quay Provisions", SHOP, "71 Quay Street", "Plattsburgh", "NY", "12901", _EN),
    ("Fennimore Fresh", SHOP, "1502 Central Avenue", "Albany", "NY", "12205", _EN),
    ("Four Gables Farm Shop", SHOP, "980 Route 7", "Pittsford", "VT", "05763", _EN),
    ("Gosling Street Grocery", SHOP, "16 Gosling Street", "Keene", "NH", "03431", _EN),
    ("Greenway Pantry", SHOP, "455 Greenway Drive", "Nashua", "NH", "03060", _EN),
    ("Harrow & Vine", SHOP, "29 Vine Street", "Concord", "NH", "03301", _EN),
    ("Hobbs Mill Market", SHOP, "2 Mill Yard", "Manchester", "NH", "03101", _EN),
    ("Ivy Lane Foods", SHOP, "640 Ivy Lane", "Worcester", "MA", "01604", _EN),
    ("Juniper Point Stores", SHOP, "18 Point Road", "Portland", "ME", "04101", _EN),
    ("Kittery Cove Market", SHOP, "90 Cove Road", "Kittery", "ME", "03904", _EN),
    ("Larkspur Natural Foods", SHOP, "303 Pleasant Street", "Northampton", "MA", "01060", _EN),
    ("Linden Square Deli", SHOP, "7 Linden Square", "Wellesley", "MA", "02482", _EN),
    ("Mercado La Ceiba", SHOP, "1188 Park Street", "Hartford", "CT", "06106", _ES),
    ("Mercado Dos Ríos", SHOP, "415 Essex Street", "Lawrence", "MA", "01840", _ES),
    ("Abarrotes El Quetzal", SHOP, "92 Chelsea Street", "Boston", "MA", "02128", _ES),
    ("Bodega Sol de Borinquen", SHOP, "530 Main Street", "Holyoke", "MA", "01040", _ES),
    ("Tienda Los Almendros", SHOP, "27 Broad Street", "Providence", "RI", "02905", _ES),
    ("Nutmeg Street Grocers", SHOP, "61 Nutmeg Street", "New Haven", "CT", "06511", _EN),
    ("Old Ferry Market", SHOP, "3 Ferry Road", "Troy", "NY", "12180", _EN),
    ("Pemberley Fine Foods", SHOP, "250 Broadway", "Saratoga Springs", "NY", "12866", _EN),
    ("Quarry Road Market", SHOP, "145 Quarry Road", "Barre", "VT", "05641", _EN),
    ("Rushmere Stores", SHOP, "77 Lake Avenue", "Rochester", "NH", "03867", _EN),
    ("Sorrel & Thyme", SHOP, "14 Court Street", "Exeter", "NH", "03833", _EN),
    ("Three Bridges Market", SHOP, "501 Bridge Street", "Springfield", "MA", "01103", _EN),
    ("Épicerie du Faubourg", SHOP, "1420 rue Ontario Est", "Montréal", "QC", "H2L 1S3", _FR),
    ("Fromagerie des Érables", SHOP, "85 rue Principale", "Granby", "QC", "J2G 2T9", _FR),
    ("Marché Saint-Armand", SHOP, "12 chemin du Lac", "Bedford", "QC", "J0J 1A0", _FR),
    ("Alimentation Beaurivage", SHOP, "230 rue King Ouest", "Sherbrooke", "QC", "J1H 1P9", _FR),
    ("Alder Brook Elementary Kitchen", KITCHEN, "1 School Lane", "Essex", "VT", "05452", _EN),
    ("Ashgrove Care Home", KITCHEN, "40 Ashgrove Road", "Glens Falls", "NY", "12801", _EN),
    ("Bellweather Staff Canteen", KITCHEN, "900 Park Drive", "Latham", "NY", "12110", _EN),
    ("Birch Meadow Senior Living", KITCHEN, "22 Meadow Road", "Lebanon", "NH", "03766", _EN),
    ("Cathedral Hill Hospital", KITCHEN, "100 Hill Street", "Hartford", "CT", "06105", _EN),
    ("Chandler Valley School District", KITCHEN, "60 Valley Road", "Rutland", "VT", "05701", _EN),
    ("Clearwater Rehabilitation Center", KITCHEN, "5 Spring Street", "Dover", "NH", "03820", _EN),
    ("Eastlake College Dining", KITCHEN, "1 College Way", "Waterville", "ME", "04901", _EN),
    ("Fairhaven Children's Hospital", KITCHEN, "3 Hope Lane", "Worcester", "MA", "01605", _EN),
    ("Forge Works Canteen", KITCHEN, "77 Forge Street", "Springfield", "VT", "05156", _EN),
    ("Granite State Conference Center", KITCHEN, "9 Summit Road", "Concord", "NH", "03301", _EN),
    ("Harbor View Hotel Kitchen", KITCHEN, "1 Harbor View", "Portland", "ME", "04101", _EN),
    ("Hollis Park Day Nursery", KITCHEN, "15 Park Street", "Hollis", "NH", "03049", _EN),
    ("Kingsbury Airfield Catering", KITCHEN, "Hangar Road 4", "Keene", "NH", "03431", _EN),
    ("Lakeshore Medical Center", KITCHEN, "450 Shore Road", "Colchester", "VT", "05446", _EN),
    ("Longmeadow Retirement Village", KITCHEN, "31 Orchard Way", "Longmeadow", "MA", "01106", _EN),
    ("Mill City Courthouse Café", KITCHEN, "2 Court House Square", "Lowell", "MA", "01852", _EN),
    ("Northfield Academy Refectory", KITCHEN, "88 Academy Drive", "Northfield", "MA", "01360", _EN),
    ("Orchard Park Community Kitchen", KITCHEN, "19 Orchard Park", "Troy", "NY", "12180", _EN),
    ("Prospect Street Shelter Kitchen", KITCHEN, "54 Prospect St", "New Haven", "CT", "06511", _EN),
    ("Ridgeline Ski Lodge", KITCHEN, "1 Summit Access Road", "Killington", "VT", "05751", _EN),
    ("St. Aldhelm's Hospital", KITCHEN, "700 Western Avenue", "Albany", "NY", "12203", _EN),
    ("Tidewater Cruise Catering", KITCHEN, "Pier 6", "Boston", "MA", "02210", _EN),
    ("Cafétéria Champlain-Sud", KITCHEN, "5 av. du Collège", "Laval", "QC", "H7N 5Y4", _FR),
    ("Hôpital de la Rive", KITCHEN, "350 boul. de la Rive", "Longueuil", "QC", "J4K 1A8", _FR),
    ("Cocina Comunitaria Esperanza", KITCHEN, "73 Union Street", "Lawrence", "MA", "01841", _ES),
    ("Restaurante Casa Ocampo", KITCHEN, "208 Wickenden Street", "Providence", "RI", "02903", _ES),
    ("Tupper Hill Pig Farm", FARM, "2300 Tupper Hill Road", "Fairfax", "VT", "05454", _EN),
)


def create_partners(world: World) -> None:
    """Create suppliers and customers, with the languages of the customers."""
    env = world.env
    for code in sorted({row[-1] for row in _CUSTOMERS}):
        env["res.lang"]._activate_lang(code)
    states = _states(world)
    kinds = {
        kind: env["res.partner.category"].create({"name": kind}).id
        for kind in (SHOP, KITCHEN, FARM)
    }
    suppliers = env["res.partner"].create(
        [
            _partner_values(states, supplier, "quality")
            | {"ref": f"V{number:03d}", "supplier_rank": 1}
            for number, supplier in enumerate(_SUPPLIERS.values(), start=1)
        ]
    )
    world.suppliers = dict(zip(_SUPPLIERS, suppliers, strict=True))
    customers = env["res.partner"].create(
        [
            _partner_values(states, _Supplier(name, street, city, state, postcode), "receiving")
            | {
                "ref": f"C{number:03d}",
                "lang": lang,
                "customer_rank": 1,
                "category_id": [Command.link(kinds[kind])],
            }
            for number, (name, kind, street, city, state, postcode, lang) in enumerate(
                _CUSTOMERS, start=1
            )
        ]
    )
    world.customers = {
        kind: customers.filtered(lambda partner, kind=kind: kinds[kind] in partner.category_id.ids)
        for kind in kinds
    }


def _states(world: World) -> dict[str, Any]:
    found = world.env["res.country.state"].search([("country_id.code", "in", ("US", "CA"))])
    return {
        state.code: state for state in found if state.country_id.code == "US" or state.code == "QC"
    }


def _partner_values(states: dict[str, Any], place: _Supplier, mailbox: str) -> dict[str, Any]:
    domain = re.sub("[^a-z]", "", place.name.lower())
    state = states[place.state]
    return {
        "name": place.name,
        "is_company": True,
        "street": place.street,
        "city": place.city,
        "zip": place.zip,
        "state_id": state.id,
        "country_id": state.country_id.id,
        # A top-level domain that is reserved for examples: no mail can go out.
        "email": f"{mailbox}@{domain}.example",
    }
