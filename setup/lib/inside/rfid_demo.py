"""Readers, tags and a shift for the demo company; runs in Odoo's shell."""

import random
import time
from datetime import datetime, timedelta

from psycopg2 import OperationalError

GATEWAY = "rfid-simulator"
DOOR = "cold-room"
LOTS = 12
TAGS_OF_LOT = 10
# How often something is tried that the server does as well.
TIMES = 10
# SGTIN-96 of GTIN 09506000134352, without the serial number in its last bits.
SGTIN = 0x30364433400D1EC000000000


def prepare(env, keep_reads):
    """A portal between the stock of the distribution centre and a cold room, a gateway with a
    fresh key, and tags on lots in stock there."""
    place = _stock(env)
    room = _once(
        env["stock.location"],
        {"name": "Cold room", "location_id": place.location_id.id, "usage": "internal"},
    )
    door = _once(
        env["lot.rfid.reader"],
        {"code": DOOR, "company_id": env.company.id},
        {
            "name": "Cold-room door",
            "kind": "portal",
            "location_id": place.id,
            "location_dest_id": room.id,
            "direction": "antennas",
            "first_antennas": "1, 2",
            "second_antennas": "3, 4",
            "mode": "automatic",
        },
    )
    user = _once(
        env["res.users"],
        {"login": GATEWAY},
        {
            "name": "RFID simulator",
            "group_ids": [(6, 0, env.ref("lot_traceability.group_rfid_gateway").ids)],
        },
    )
    keys = env["res.users.apikeys"].with_user(user)
    key = keys._generate(None, "simulator", datetime.now() + timedelta(days=1))
    return {"key": key, "reads": _shift(_tags(env, door)) if keep_reads else []}


def settle(env):
    """What passed becomes loads; a line about each."""
    door = env["lot.rfid.reader"].search([("code", "=", DOOR)])
    settlement = env["lot.rfid.settlement"]
    while _again(env, lambda: settlement._settle(door, at_once=True)):
        pass
    for load in door._proposals_to_book():
        _again(env, lambda load=load: load.state == "booked" or load._book_automatically())
    return {"loads": [_told(load) for load in env["lot.rfid.proposal"].search([], limit=20)][::-1]}


def _again(env, work):
    """Do it and commit; once more where the running server books the same load at this moment."""
    for _time in range(TIMES):
        try:
            done = work()
            env.cr.commit()
        except OperationalError:
            env.cr.rollback()
            env.invalidate_all(flush=False)
            time.sleep(1)
        else:
            return done
    raise SystemExit("the running server keeps the loads: look at them there")


def _told(load):
    way = f"{load.location_id.display_name} to {load.location_dest_id.display_name}"
    if load.state == "booked":
        return f"{load.display_name}: {load.tags} tags, {way}: moved by {load.picking_id.name}"
    problems = load._problems_text().replace("\n", "; ") or "ready to be moved"
    return f"{load.display_name}: {load.tags} tags, {way}: waits: {problems}"


def _stock(env):
    """The warehouse's stock place with the most lots that may be moved."""
    places = env["stock.warehouse"].search([]).lot_stock_id
    rows = env["stock.quant"]._read_group(
        [("location_id", "in", places.ids), *_movable()],
        ["location_id"],
        ["__count"],
        order="__count desc",
        limit=1,
    )
    return rows[0][0]


def _movable():
    return [
        ("lot_id", "!=", False),
        ("quantity", ">", 0),
        ("lot_id.status_id.usable", "=", True),
        ("lot_id.removal_date", ">", datetime.now() + timedelta(days=1)),
    ]


def _once(model, values, more=None):
    found = model.search([(name, "=", value) for name, value in values.items()], limit=1)
    return found or model.create(values | (more or {}))


def _tags(env, door):
    """{lot: EPCs} of lots in stock before the door; registered."""
    quants = env["stock.quant"].search(
        [("location_id", "=", door.location_id.id), *_movable()], order="id"
    )
    tags = env["lot.rfid.tag"]
    found = {}
    for quant in quants[:LOTS]:
        known = tags.search([("lot_id", "=", quant.lot_id.id)], limit=TAGS_OF_LOT)
        if not known:
            each = min(1.0, quant.quantity / TAGS_OF_LOT)
            ids = tags.enroll(
                [_epc(quant.lot_id.id * TAGS_OF_LOT + n) for n in range(TAGS_OF_LOT)],
                quant.lot_id.id,
                each,
            )
            known = tags.browse(ids)
        found[quant.lot_id.name] = known.mapped("epc")
    return found


def _epc(serial):
    """A tag as a maker of tags numbers it: what it is on is for the register to know."""
    return f"{SGTIN | serial:024X}"


def _shift(tags):
    """Pallets go through the door, one each two to six minutes, some of them back again; a
    stranger's tag now and then."""
    chance = random.Random("shift")
    reads, at = [], 5.0
    for number, epcs in enumerate(tags.values()):
        reads += _passes(chance, at, epcs, (1, 3))
        if number % 3 == 2:
            at += chance.uniform(240, 360)
            reads += _passes(chance, at, epcs, (4, 2))
        if number % 4 == 1:
            reads += _passes(chance, at + 1, [f"E2009A{number:018X}"], (1, 3))
        at += chance.uniform(240, 360)
    return sorted(reads, key=lambda read: read["at"])


def _passes(chance, at, epcs, antennas):
    """Each tag is read some twenty times, first by one side's antenna and then by the other's."""
    reads = []
    for epc in epcs:
        start = at + chance.uniform(0, 2)
        for step in range(20):
            reads.append(
                {
                    "at": round(start + step * 0.2, 3),
                    "reader": DOOR,
                    "epc": epc,
                    "antenna": antennas[step >= 10],
                    "rssi": round(chance.uniform(-68, -48), 1),
                }
            )
    return reads
