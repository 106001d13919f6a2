"""What a screen draws of a trace: at most so many nodes, and nothing left out.

A trace may hold 30,000 lots. Where it does not fit, the lots of one product in one
generation become one node that carries their number; the smallest groups stay
open, so that the rare lot is seen and the common ingredient is a number.

>>> lot = {"certainty": "recorded", "before": False, "uom": "kg"}
>>> trace = {
...     "origin": [1], "direction": "downstream", "warnings": [], "complete": True,
...     "elapsed_ms": 1.0, "receipts": [], "deliveries": [], "partners": [],
...     "on_hand": [], "scrapped": [],
...     "lots": [{"id": 1, "name": "M-1", "product_id": 5, "product": "Milk",
...               "side": "origin", "level": 0, **lot}]
...     + [{"id": n, "name": f"C-{n}", "product_id": 6, "product": "Cheese",
...         "side": "downstream", "level": 1, **lot} for n in range(2, 60)],
...     "edges": [{"id": n, "parent_lot_id": 1, "child_lot_id": n, "kind": "production",
...                "certainty": "recorded", "parent_quantity": 2.0,
...                "child_quantity": 1.0, "date": False, "document": False,
...                "before": False} for n in range(2, 60)],
... }
>>> drawn = build_overview(trace, limit=20)
>>> [(node["key"], node["count"]) for node in drawn["nodes"]]
[('lot:1', 1), ('group:1:6', 58)]
>>> drawn["links"][0]["label"]
'116 kg'
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from .trace_tables import TABLES, Row, Trace, table_rows, totals

#: Rows of each table that come with the overview; the rest is paged.
FIRST_ROWS = 80
#: A group of more members than this stays closed when not everything fits.
OPEN_GROUP = 12

__all__ = ["build_overview", "table_rows"]

Member = tuple[str, int]  # ("lot", id), ("supplier", id) or ("customer", id)


def build_overview(trace: Trace, limit: int = 300) -> dict[str, Any]:
    """The graph, first table rows and totals of a trace.

    :param trace: what `lot.trace.trace` returns
    :param limit: most nodes to draw, at least 10
    :return: ``{"origin": [int], "direction": str, "nodes": [...], "links": [...],
        "tables": {table: {"rows": [...], "total": int}}, "totals": {...},
        "warnings": [...], "complete": bool, "summarised": bool, "elapsed_ms": float}``.
        A node: `key`, `kind` (lot, group, supplier, suppliers, customer, customers),
        `level`, `label`, `product`, `products` (different ones inside), `count`,
        `lot` (the lot's dict or False), `partner_id`, `certainty` (recorded,
        inferred, mixed), `before`, `origin`, `filters` (for `rows`, of a group).
        A link: `source` and `target` (node keys), `kind`, `count` (edges in it),
        `parent_quantity`, `parent_uom`, `child_quantity`, `child_uom` (False where
        units differ), `label`, `certainty`, `before`.
    """
    lots = {lot["id"]: lot for lot in trace["lots"]}
    members = _members(trace, lots)
    node_of = _assign(members, set(trace["origin"]), lots, max(limit, 10))
    nodes = _nodes(node_of, members, lots, set(trace["origin"]))
    return {
        "origin": list(trace["origin"]),
        "direction": trace["direction"],
        "nodes": nodes,
        "links": _links(trace, node_of, lots),
        "tables": {table: table_rows(trace, table, 0, FIRST_ROWS) for table in TABLES},
        "totals": totals(trace),
        "warnings": trace["warnings"],
        "complete": trace["complete"],
        "summarised": len(nodes) < len(members),
        "elapsed_ms": trace["elapsed_ms"],
    }


def _members(trace: Trace, lots: dict[int, Row]) -> dict[Member, Row]:
    """Everything that could be a node of its own, suppliers first."""
    members: dict[Member, Row] = {}
    levels = {lot["level"] for lot in lots.values()} or {0}
    first, last = min(levels) - 1, max(levels) + 1
    for row in trace["receipts"]:
        _add_partner(members, "supplier", row, first)
    for lot in sorted(lots.values(), key=lambda lot: (lot["level"], lot["id"])):
        members["lot", lot["id"]] = lot
    for row in trace["deliveries"]:
        _add_partner(members, "customer", row, last)
    return members


def _add_partner(members: dict[Member, Row], role: str, row: Row, level: int) -> None:
    before = bool(row.get("before"))
    partner = members.setdefault(
        (role, row["partner_id"] or 0),
        {"name": row["partner"] or "", "level": level, "before": before},
    )
    # A partner who got anything affected is affected.
    partner["before"] = partner["before"] and before


def _assign(
    members: dict[Member, Row], origin: set[int], lots: dict[int, Row], limit: int
) -> dict[Member, str]:
    """The node key of every member, with at most `limit` different keys."""
    own = {member: f"{member[0]}:{member[1]}" for member in members}
    if len(members) <= limit:
        return own
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(_group_key(member, members, origin, limit), []).append(member)
    groups = _merge_levels(groups, members, limit)
    node_of = {member: key for key, inside in groups.items() for member in inside}
    count = len(groups)
    for inside in sorted(groups.values(), key=len):
        if len(inside) > OPEN_GROUP or count + len(inside) - 1 > limit:
            break
        count += len(inside) - 1
        node_of.update((member, own[member]) for member in inside)
    return node_of


def _group_key(member: Member, members: dict[Member, Row], origin: set[int], limit: int) -> str:
    kind, key = member
    if kind != "lot":
        return f"{kind}s:all"
    if key in origin and len(origin) <= limit // 4:
        return f"lot:{key}"
    lot = members[member]
    before = ":before" if lot["before"] else ""
    return f"group:{lot['level']}:{lot['product_id']}{before}"


def _merge_levels(
    groups: dict[str, list[Member]], members: dict[Member, Row], limit: int
) -> dict[str, list[Member]]:
    """Put all products of a generation in one group, the richest generation first.

    Where the generations alone are too many, the furthest ones become one group.
    """
    while len(groups) > limit:
        by_level: dict[str, list[str]] = {}
        for key in groups:
            if key.startswith("group:"):
                _kind, level, _product, *before = key.split(":")
                by_level.setdefault(":".join(["group", level, "0", *before]), []).append(key)
        merged, keys = max(by_level.items(), key=lambda item: len(item[1]), default=("", []))
        if len(keys) < 2:
            merged, keys = _furthest(groups, members)
        if len(keys) < 2:
            break
        inside = [member for key in keys for member in groups.pop(key)]
        groups[merged] = inside
    return groups


def _furthest(groups: dict[str, list[Member]], members: dict[Member, Row]) -> tuple[str, list[str]]:
    """The groups of the two generations furthest from the origin on one side."""
    levels = {key: members[inside[0]]["level"] for key, inside in groups.items() if "group" in key}
    if not levels:
        return "", []
    side = 1 if max(levels.values()) >= -min(levels.values()) else -1
    outer = sorted({level * side for level in levels.values() if level * side > 0})[-2:]
    keys = [key for key, level in levels.items() if level * side in outer]
    return f"group:{outer[0] * side if outer else 0}:0", keys


def _nodes(
    node_of: dict[Member, str],
    members: dict[Member, Row],
    lots: dict[int, Row],
    origin: set[int],
) -> list[Row]:
    inside: dict[str, list[Member]] = {}
    for member, key in node_of.items():
        inside.setdefault(key, []).append(member)
    nodes = [_node(key, group, members, origin) for key, group in inside.items()]
    nodes.sort(key=lambda node: (node["level"], node["before"], node["label"], node["key"]))
    return nodes


def _node(key: str, group: list[Member], members: dict[Member, Row], origin: set[int]) -> Row:
    rows = [members[member] for member in group]
    first, role = rows[0], group[0][0]
    node = {
        "key": key,
        "kind": key.split(":", 1)[0],
        "level": first["level"],
        "label": "",
        "product": "",
        "products": 0,
        "count": len(rows),
        "lot": False,
        "partner_id": False,
        "certainty": "recorded",
        "before": all(row["before"] for row in rows),
        "origin": False,
        "filters": False,
    }
    if role != "lot":
        if node["kind"] == role:
            node.update(label=first["name"], partner_id=group[0][1] or False)
        return node
    node["certainty"] = _certainty({row["certainty"] for row in rows})
    products = {row["product_id"] for row in rows}
    node["products"] = len(products)
    if len(products) == 1:
        node["product"] = first["product"]
    if node["kind"] == "lot":
        node.update(label=first["name"], lot=first, origin=first["id"] in origin)
    else:
        node["label"] = node["product"]
        node["origin"] = any(member[1] in origin for member in group)
        node["filters"] = _filters(rows, products)
        node["level"] = min((row["level"] for row in rows), key=abs)
    return node


def _filters(rows: list[Row], products: set[int]) -> dict[str, Any]:
    """What `table_rows` needs to list exactly these lots."""
    levels = {row["level"] for row in rows}
    filters: dict[str, Any] = {"level_min": min(levels), "level_max": max(levels)}
    if len(levels) == 1:
        filters = {"level": levels.pop()}
    if len({row["before"] for row in rows}) == 1:
        filters["before"] = rows[0]["before"]
    if len(products) == 1:
        filters["product_id"] = rows[0]["product_id"]
    return filters


def _links(trace: Trace, node_of: dict[Member, str], lots: dict[int, Row]) -> list[Row]:
    links: dict[Hashable, Row] = {}
    for edge in trace["edges"]:
        _add_link(
            links,
            node_of.get(("lot", edge["parent_lot_id"])),
            node_of.get(("lot", edge["child_lot_id"])),
            edge,
            (lots.get(edge["parent_lot_id"], {}).get("uom", "")),
            (lots.get(edge["child_lot_id"], {}).get("uom", "")),
        )
    for kind, role in (("receipts", "supplier"), ("deliveries", "customer")):
        for row in trace[kind]:
            partner = node_of.get((role, row["partner_id"] or 0))
            lot = node_of.get(("lot", row["lot_id"]))
            uom = lots.get(row["lot_id"], {}).get("uom", "")
            quantity = row.get("net", row["quantity"])
            part = {
                "kind": kind[:-1] if kind == "receipts" else "delivery",
                "certainty": "recorded",
                "before": bool(row.get("before")),
                "parent_quantity": quantity,
                "child_quantity": quantity,
            }
            ends = (partner, lot) if role == "supplier" else (lot, partner)
            _add_link(links, *ends, part, uom, uom)
    for link in links.values():
        link["label"] = _label(link["parent_quantity"], link["parent_uom"])
    return list(links.values())


def _add_link(
    links: dict[Hashable, Row],
    source: str | None,
    target: str | None,
    part: Row,
    parent_uom: str,
    child_uom: str,
) -> None:
    # An edge whose other end the caller may not see has no node; a warning of the
    # trace says so. An edge inside one group is in that group's number.
    if source is None or target is None or source == target:
        return
    link = links.get((source, target))
    if link is None:
        links[source, target] = {
            "source": source,
            "target": target,
            "kind": part["kind"],
            "count": 1,
            "parent_quantity": part["parent_quantity"],
            "parent_uom": parent_uom,
            "child_quantity": part["child_quantity"],
            "child_uom": child_uom,
            "certainty": part["certainty"],
            "before": bool(part["before"]),
        }
        return
    link["count"] += 1
    link["kind"] = part["kind"] if link["kind"] == part["kind"] else "mixed"
    if link["certainty"] != part["certainty"]:
        link["certainty"] = "mixed"
    link["before"] = link["before"] and bool(part["before"])
    for end, uom in (("parent", parent_uom), ("child", child_uom)):
        if link[f"{end}_uom"] == uom and link[f"{end}_quantity"] is not False:
            link[f"{end}_quantity"] += part[f"{end}_quantity"]
        else:
            link[f"{end}_quantity"] = link[f"{end}_uom"] = False


def _certainty(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else "mixed"


def _label(quantity: float | bool, uom: str | bool) -> str:
    if quantity is False:
        return ""
    number = f"{quantity:.4f}".rstrip("0").rstrip(".")
    return f"{number} {uom}".strip()
