import json
import xmlrpc.client
from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import START, LotTraceabilityCommon

LOT = {
    "id", "name", "product_id", "product", "uom", "company_id", "supplier_lot", "expiration_date",
    "removal_date", "shelf", "status", "usable", "side", "level", "certainty", "reached", "before",
    "on_hand",
}  # fmt: skip
EDGE = {
    "id", "parent_lot_id", "child_lot_id", "kind", "certainty", "parent_quantity",
    "child_quantity", "date", "document", "before",
}  # fmt: skip
SHAPES = {
    "lots": LOT,
    "edges": EDGE,
    "receipts": {"lot_id", "partner_id", "partner", "quantity", "date", "document", "before"},
    "deliveries": {
        "lot_id", "partner_id", "partner", "quantity", "returned", "net", "date", "document",
        "certainty", "before",
    },
    "partners": {"id", "name", "role", "lots", "deliveries", "quantities", "last_date"},
    "on_hand": {
        "lot_id", "location_id", "location", "package", "quantity", "reserved", "company_id",
        "value",
    },
    "scrapped": {"lot_id", "quantity", "date", "document"},
    "warnings": {"code", "message", "lot_ids", "incomplete"},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestTraceApi(LotTraceabilityCommon):
    """A whole life: received, made into two products, delivered, returned, scrapped, counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.cheese = cls.product("Cheese", use_expiration_date=True, expiration_time=30)
        cls.milk_a = cls.lot(cls.milk, "MILK-A", supplier_lot="D-77", supplier_id=cls.dairy.id)
        cls.milk_b = cls.lot(cls.milk, "MILK-B")
        cls.cheese_lot = cls.lot(cls.cheese, "C-1", expiration_date="2026-04-01 10:00:00")
        cls.arrival = cls.receive({cls.milk_a: 100, cls.milk_b: 20}, cls.dairy)  # 06:00
        cls.production = cls.make(cls.cheese_lot, 10, {cls.milk_a: 60, cls.milk_b: 20})  # 07:00
        cls.shipment = cls.deliver({cls.cheese_lot: 6}, cls.shop)  # 08:00
        cls.give_back(cls.shipment, {cls.cheese_lot: 2})  # 09:00
        cls.deliver({cls.cheese_lot: 1}, cls.cafe)  # 10:00
        cls.scrap(cls.cheese_lot, 0.5)  # 11:00
        cls.count(cls.cheese_lot, 4)  # 12:00: half a kilogram was missing
        cls.reserved = cls.picking(
            cls.plant.out_type_id, {cls.milk_a: 15}, target=cls.customers, partner=cls.cafe
        )

    def setUp(self):
        super().setUp()
        self.api = self.env["lot.trace"].with_user(self.reader)

    def at(self, hours):
        return (START + timedelta(hours=hours)).isoformat() + "+00:00"

    def assertShape(self, rows, keys):
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual(set(row), keys)

    def assertPlain(self, value, path="result"):
        """JSON and XML-RPC alike: no None, no record, no date; keys are strings."""
        xmlrpc.client.dumps((value,), methodresponse=True)
        self.assertEqual(json.loads(json.dumps(value)), value, path)

    def test_trace_has_the_agreed_shape(self):
        result = self.api.trace(self.milk_a.ids)
        self.assertEqual(
            set(result),
            {*SHAPES, "origin", "direction", "max_depth", "complete", "data_age_s", "elapsed_ms"},
        )
        self.assertEqual((result["origin"], result["direction"]), (self.milk_a.ids, "both"))
        self.assertEqual((result["max_depth"], result["complete"]), (0, True))
        self.assertEqual(result["data_age_s"], 0.0)
        for table, keys in SHAPES.items():
            if table != "warnings":
                self.assertShape(result[table], keys)
        self.assertEqual(result["warnings"], [])
        for row in result["edges"] + result["receipts"] + result["deliveries"]:
            self.assertEqual(set(row["document"]), {"model", "id", "name"})
        self.assertPlain(result)

    def test_warnings_have_the_agreed_shape(self):
        curd = self.product("Curd", tracking="none")
        self.make(curd, 10, {self.milk_a: 5})
        result = self.api.trace(self.milk_a.ids)
        self.assertShape(result["warnings"], SHAPES["warnings"])
        self.assertEqual(result["complete"], not any(w["incomplete"] for w in result["warnings"]))
        self.assertPlain(result)

    def test_lots_say_where_they_stand_and_when_they_were_reached(self):
        rows = {row["name"]: row for row in self.api.trace(self.milk_a.ids)["lots"]}
        self.assertEqual(set(rows), {"MILK-A", "C-1"})
        milk, cheese = rows["MILK-A"], rows["C-1"]
        self.assertEqual((milk["side"], milk["level"], milk["reached"]), ("origin", 0, False))
        self.assertEqual((milk["supplier_lot"], milk["uom"]), ("D-77", self.kg.name))
        self.assertEqual((milk["on_hand"], milk["expiration_date"]), (40, False))
        self.assertEqual((cheese["side"], cheese["level"]), ("downstream", 1))
        self.assertEqual(cheese["reached"], self.at(1))
        self.assertEqual(cheese["expiration_date"], "2026-04-01T10:00:00+00:00")
        upstream = {row["name"]: row for row in self.api.trace(self.cheese_lot.ids)["lots"]}
        self.assertEqual(
            {name: (row["side"], row["level"]) for name, row in upstream.items()},
            {"C-1": ("origin", 0), "MILK-A": ("upstream", -1), "MILK-B": ("upstream", -1)},
        )

    def test_lot_on_both_sides_is_marked_so(self):
        self.make(self.milk_a, 5, {self.cheese_lot: 1})
        rows = {row["name"]: row["side"] for row in self.api.trace(self.milk_a.ids)["lots"]}
        self.assertEqual(rows["C-1"], "both")

    def test_edges_name_their_order_and_time(self):
        (edge,) = self.api.trace(self.milk_a.ids)["edges"]
        self.assertEqual(
            edge["document"],
            {
                "model": "mrp.production",
                "id": self.production.id,
                "name": self.production.name,
            },
        )
        self.assertEqual((edge["parent_quantity"], edge["child_quantity"]), (60, 7.5))
        self.assertEqual(edge["date"], self.at(1))

    def test_deliveries_are_net_of_returns_and_name_their_transfer(self):
        rows = self.api.trace(self.milk_a.ids)["deliveries"]
        self.assertEqual(
            [(r["partner"], r["quantity"], r["returned"], r["net"], r["date"]) for r in rows],
            [("Shop", 6, 2, 4, self.at(2)), ("Café", 1, 0, 1, self.at(4))],
        )
        self.assertEqual(
            rows[0]["document"],
            {"model": "stock.picking", "id": self.shipment.id, "name": self.shipment.name},
        )

    def test_partners_sum_up_what_they_sent_and_received(self):
        rows = {row["name"]: row for row in self.api.trace(self.cheese_lot.ids)["partners"]}
        self.assertEqual(
            {name: (row["role"], row["lots"], row["deliveries"]) for name, row in rows.items()},
            {"Shop": ("customer", 1, 1), "Café": ("customer", 1, 1), "Dairy": ("supplier", 2, 2)},
        )
        self.assertEqual(
            rows["Shop"]["quantities"],
            [{"uom": self.kg.name, "quantity": 6, "returned": 2, "net": 4}],
        )
        self.assertEqual(rows["Dairy"]["quantities"][0]["quantity"], 120)
        self.assertEqual(rows["Shop"]["last_date"], self.at(2))

    def test_direction_restricts_what_is_answered(self):
        up = self.api.trace(self.cheese_lot.ids, "upstream")
        self.assertEqual({r["side"] for r in up["lots"]}, {"origin", "upstream"})
        down = self.api.trace(self.cheese_lot.ids, "downstream")
        self.assertEqual({r["side"] for r in down["lots"]}, {"origin"})
        self.assertEqual([r["partner"] for r in down["deliveries"]], ["Shop", "Café"])

    def test_where_is_tells_places_and_what_is_reserved(self):
        (row,) = self.api.where_is(self.milk_a.ids)
        self.assertShape([row], SHAPES["on_hand"])
        self.assertEqual(
            (row["location_id"], row["location"], row["quantity"], row["reserved"]),
            (self.stock.id, self.stock.complete_name, 40, 15),
        )
        self.assertPlain([row])
        self.assertEqual(self.api.where_is(self.milk_b.ids), [])

    def test_who_received_is_net_and_names_how_to_reach_them(self):
        self.shop.write({"email": "shop@example.com", "phone": "+1 555 0100"})
        rows = self.api.who_received(self.milk_b.ids)
        self.assertShape(rows, SHAPES["partners"] | {"email", "phone"})
        self.assertEqual(
            [(r["name"], r["quantities"][0]["net"], r["email"]) for r in rows],
            [("Café", 1, ""), ("Shop", 4, "shop@example.com")],
        )
        self.assertPlain(rows)
        self.assertEqual(self.api.who_received(self.lot(self.milk, "NEW").ids), [])

    def test_history_lists_every_move_in_time(self):
        rows = self.api.history(self.cheese_lot.ids)
        self.assertShape(
            rows, {"lot_id", "date", "quantity", "from", "to", "document", "company_id"}
        )
        self.assertEqual(
            [(row["quantity"], row["date"]) for row in rows],
            [(10, self.at(1)), (6, self.at(2)), (2, self.at(3)), (1, self.at(4)),
             (0.5, self.at(5)), (0.5, self.at(6))],
        )  # fmt: skip
        self.assertEqual(rows[1]["from"], self.stock.complete_name)
        self.assertEqual(rows[1]["document"]["name"], self.shipment.name)
        self.assertPlain(rows)

    def test_mass_balance_accounts_for_every_unit(self):
        rows = {
            row["lot"]: row for row in self.api.mass_balance((self.milk_a | self.cheese_lot).ids)
        }
        cheese = rows["C-1"]
        self.assertEqual(
            {key: cheese[key] for key in (
                "received", "produced", "returned", "adjusted", "consumed", "delivered",
                "scrapped", "sent_back", "transferred", "on_hand", "difference",
            )},
            {"received": 0, "produced": 10, "returned": 2, "adjusted": -0.5, "consumed": 0,
             "delivered": 7, "scrapped": 0.5, "sent_back": 0, "transferred": 0, "on_hand": 4,
             "difference": 0},
        )  # fmt: skip
        milk = rows["MILK-A"]
        self.assertEqual(
            (milk["received"], milk["consumed"], milk["on_hand"], milk["difference"]),
            (100, 60, 40, 0),
        )
        self.assertPlain(list(rows.values()))

    def test_times_are_utc_whatever_the_zone_of_the_user(self):
        self.reader.tz = "Pacific/Auckland"
        result = self.api.with_context(tz="America/New_York").trace(self.milk_a.ids)
        dates = [row["date"] for row in result["edges"] + result["deliveries"] + result["receipts"]]
        for date in dates:
            self.assertTrue(date.endswith("+00:00"), date)
            datetime.fromisoformat(date)
        self.assertEqual(result["edges"][0]["date"], self.at(1))

    def test_rows_page_through_a_table(self):
        first = self.api.rows(self.cheese_lot.ids, "both", "lots", 0, 2)
        rest = self.api.rows(self.cheese_lot.ids, "both", "lots", 2, 2)
        self.assertEqual((first["total"], rest["total"]), (3, 3))
        self.assertEqual((len(first["rows"]), len(rest["rows"])), (2, 1))
        self.assertEqual(
            {row["name"] for row in first["rows"] + rest["rows"]}, {"C-1", "MILK-A", "MILK-B"}
        )
        level = self.api.rows(self.cheese_lot.ids, "both", "lots", 0, 80, {"level": -1})
        self.assertEqual({row["name"] for row in level["rows"]}, {"MILK-A", "MILK-B"})
        self.assertPlain(first)

    def test_overview_is_plain_and_holds_the_tables(self):
        result = self.api.overview(self.milk_a.ids)
        self.assertLessEqual(
            {"origin", "direction", "nodes", "links", "tables", "totals", "warnings", "complete"},
            set(result),
        )
        kinds = {node["kind"] for node in result["nodes"]}
        self.assertEqual(kinds, {"supplier", "lot", "customer"})
        self.assertEqual(result["tables"]["deliveries"]["total"], 2)
        self.assertPlain(result)

    def test_repeated_origins_count_once(self):
        once = self.api.trace(self.milk_a.ids)
        twice = self.api.trace(self.milk_a.ids * 3)
        self.assertEqual(twice["origin"], self.milk_a.ids)
        self.assertEqual(once["deliveries"], twice["deliveries"])

    def test_counters_of_the_lot_form_agree_with_the_trace(self):
        lot = self.cheese_lot.with_user(self.reader)
        self.assertEqual((lot.upstream_count, lot.downstream_count, lot.customer_count), (2, 0, 2))
        milk = self.milk_a.with_user(self.reader)
        self.assertEqual(
            (milk.upstream_count, milk.downstream_count, milk.customer_count), (0, 1, 2)
        )
