"""The company itself: warehouses, users, settings, chart of accounts."""

from typing import Any

from odoo.fields import Command

from ..tools.gs1 import check_digit
from .world import World

# The company prefix that GS1 uses in its own examples: no real firm's goods.
GS1_PREFIX = "0614141"
_WAREHOUSES = {
    "P1": ("Plant 1 Creamery", "1200 Industrial Park Road", "St. Albans", "VT", "05478"),
    "P2": ("Plant 2 Kitchen", "35 Harvest Lane", "Williston", "VT", "05495"),
    "DC": ("Distribution Centre", "400 Interstate Drive", "Albany", "NY", "12205"),
}
_SUPPLIED_BY = {"P2": ("P1",), "DC": ("P1", "P2")}
_USERS = {
    "quality": (
        "Quinn Abara",
        "Quality Manager",
        (
            "lot_traceability.group_quality",
            "stock.group_stock_manager",
            "mrp.group_mrp_manager",
            "purchase.group_purchase_user",
            "sales_team.group_sale_salesman_all_leads",
        ),
    ),
    "operator": (
        "Oskar Lind",
        "Warehouse Operator",
        ("stock.group_stock_user", "mrp.group_mrp_user"),
    ),
}


def create_company(world: World) -> None:
    """Name the company and switch on what a food maker needs of Odoo."""
    env = world.env
    state = env["res.country.state"].search(
        [("code", "=", "VT"), ("country_id.code", "=", "US")], limit=1
    )
    _name, street, city, _state, postcode = _WAREHOUSES["P1"]
    world.company.write({"currency_id": env.ref("base.USD").id, "gs1_prefix": GS1_PREFIX})
    world.company.partner_id.write(
        {
            "name": "Quillbrook Foods",
            "street": street,
            "city": city,
            "zip": postcode,
            "state_id": state.id,
            "country_id": state.country_id.id,
            "email": "quality@quillbrookfoods.example",
            "phone": "+1 802 555 0142",
        }
    )
    env.ref("lot_traceability.lot_numbering_scheme_default").active = True
    if "stock_text_confirmation" in world.company._fields:
        world.company.stock_text_confirmation = False
    if not world.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", world.company)
    for group in (
        "stock.group_production_lot",
        "stock.group_stock_multi_locations",
        "stock.group_lot_on_delivery_slip",
        "mrp.group_mrp_byproducts",
        "uom.group_uom",
    ):
        env.ref("base.group_user")._apply_group(env.ref(group))


def create_warehouses(world: World) -> None:
    """Create two plants and a distribution centre that supply each other."""
    env = world.env
    first = env["stock.warehouse"].search([("company_id", "=", world.company.id)], limit=1)
    for code, (name, street, city, state, postcode) in _WAREHOUSES.items():
        place = env["res.partner"].create(
            {
                "name": f"Quillbrook Foods, {name}",
                "type": "delivery",
                "parent_id": world.company.partner_id.id,
                "street": street,
                "city": city,
                "zip": postcode,
                "country_id": world.company.country_id.id,
                "state_id": env["res.country.state"]
                .search([("code", "=", state), ("country_id.code", "=", "US")], limit=1)
                .id,
            }
        )
        values = {"name": name, "code": code, "partner_id": place.id}
        if code == "P1":
            _rename(first, values)
            world.warehouses[code] = first
        else:
            world.warehouses[code] = env["stock.warehouse"].create(values)
    for number, warehouse in enumerate(world.warehouses.values(), 1):
        stem = f"{GS1_PREFIX}{number:05}"
        warehouse.lot_stock_id.gln = stem + check_digit(stem)
    for code, sources in _SUPPLIED_BY.items():
        world.warehouses[code].resupply_wh_ids = [
            Command.set([world.warehouses[source].id for source in sources])
        ]
    # Beside the stock, not in it, so that nothing is reserved from there.
    world.returns = env["stock.location"].create(
        {
            "name": "Returns",
            "usage": "internal",
            "location_id": world.warehouses["DC"].view_location_id.id,
        }
    )


def _rename(warehouse: Any, values: dict[str, Any]) -> None:
    """Rename Odoo's first warehouse, and what it numbers: core leaves its orders as WH/MO/…"""
    old = f"{warehouse.code}/"
    warehouse.write(values)
    types = warehouse.env["stock.picking.type"].with_context(active_test=False)
    for sequence in types.search([("warehouse_id", "=", warehouse.id)]).sequence_id:
        if sequence.prefix.startswith(old):
            sequence.prefix = f"{warehouse.code}/{sequence.prefix.removeprefix(old)}"


def create_users(world: World) -> None:
    """Create a quality manager and an operator; the password is the login name.

    From here on the operator does the work and the administrator the selling.
    """
    env = world.env
    users = {}
    for login, (name, role, groups) in _USERS.items():
        users[login] = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@quillbrookfoods.example",
                    "tz": "America/New_York",
                    "group_ids": [
                        Command.link(env.ref("base.group_user").id),
                        *(Command.link(env.ref(group).id) for group in groups),
                    ],
                    "function": role,
                }
            )
        )
    admin = env.ref("base.user_admin")
    # The welcome of Odoo's bot would lie over the first page on a phone.
    for user in (admin, *users.values()):
        user.odoobot_state = "disabled"
    admin.tz = "America/New_York"
    # Still the superuser's rights: the story checks no access.
    world.env = env(user=users["operator"].id, su=True)
    world.office = env(user=admin.id, su=True)
    world.laboratory = env(user=users["quality"].id, su=True)
