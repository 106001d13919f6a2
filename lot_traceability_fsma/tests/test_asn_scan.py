from datetime import date, datetime
from decimal import Decimal

from odoo.addons.lot_traceability.tests.scan_common import ScanCommon
from odoo.addons.lot_traceability.tools import scan_command
from odoo.addons.lot_traceability_fsma.tools import asn
from odoo.tests import tagged

from .epcis_common import GTIN, OURS, THEIRS, EpcisCommon

PALLET = "040123450000003338"
SECOND = "040123450000003345"
CARROT_GTIN = "04012345123456"


@tagged("post_install", "-at_install", "epcis_rest")
class TestAsnScan(EpcisCommon, ScanCommon):
    """The dock scans the label of a pallet that was announced, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrots = cls.listed("Carrots", barcode=CARROT_GTIN)

    def expected(self, content=None):
        picking = self.picking(
            self.plant.in_type_id,
            content or {self.lettuce: 20, self.carrots: 5},
            source=self.suppliers,
            partner=self.distributor,
        )
        picking.move_line_ids.picked = False
        return picking

    def announced(self, pallets, number="ASN1"):
        """A ship notice was taken: {SSCC: [(GTIN, lot, kg)]}."""
        shipment = asn.Shipment(
            number,
            datetime(2026, 3, 1, 10),
            supplier=asn.Party("Fresh", THEIRS),
            orders=(
                asn.Order(
                    "",
                    pallets=tuple(
                        asn.Pallet(
                            sscc,
                            tuple(
                                asn.Line(
                                    gtin,
                                    lot,
                                    Decimal(quantity),
                                    "KGM",
                                    harvested=date(2026, 2, 27),
                                    tlc_source=asn.Party(gln=THEIRS),
                                )
                                for gtin, lot, quantity in lines
                            ),
                        )
                        for sscc, lines in pallets.items()
                    ),
                ),
            ),
        )
        created = datetime(2026, 3, 1, 11)
        text = asn.write_856([shipment], asn.Interchange(THEIRS, OURS, 1, created))
        return self.env["lot.fsma.asn"].with_user(self.operator).take(text)

    def two_pallets(self):
        picking = self.expected()
        self.announced(
            {
                PALLET: [(GTIN, "T9", 8), (GTIN, "T10", 4), (CARROT_GTIN, "C1", 5)],
                SECOND: [(GTIN, "T11", 8)],
            }
        )
        return picking

    def take(self, text, picking=None, **data):
        if picking:
            data["document"] = {"model": "stock.picking", "id": picking.id}
        return self.scan("receive", "take", text, **data)

    def picked(self, picking):
        lines = picking.move_line_ids.filtered("picked")
        return {line.lot_name: line.quantity for line in lines}

    def done(self, answer):
        self.assertEqual(answer["state"], "done", answer["message"])
        return answer

    def refused(self, answer, text):
        self.assertEqual(answer["state"], "refused", answer["message"])
        self.assertRegex(answer["message"], text)
        return answer

    def test_one_scan_receives_the_whole_pallet_with_codes_and_quantities(self):
        picking = self.two_pallets()
        answer = self.done(self.take(f"]C100{PALLET}", picking))
        self.assertIn(f"Pallet {PALLET}: ", answer["message"])
        self.assertIn("Romaine hearts 12 kg", answer["message"])
        self.assertEqual(self.picked(picking), {"T9": 8, "T10": 4, "C1": 5})
        self.assertEqual([one["sscc"] for one in answer["document"]["pallets"]], [SECOND])
        self.done(self.take(f"00{SECOND}", picking))
        self.done(
            self.scan("receive", "finish", document={"model": "stock.picking", "id": picking.id})
        )
        self.assertEqual(picking.state, "done")
        lots = {line.lot_id.name: line for line in picking.move_line_ids}
        self.assertEqual(set(lots), {"T9", "T10", "T11", "C1"})
        line = lots["T9"]
        self.assertEqual(line.lot_id.product_qty, 8)
        self.assertEqual(line.lot_id.fsma_code_id.code, "T9")
        self.assertEqual(line.lot_id.fsma_code_id.source_partner_id, self.distributor)
        self.assertEqual(str(line.lot_id.harvest_date), "2026-02-27")
        self.assertEqual(line.result_package_id.name, PALLET)
        events = self.events(picking, "receiving")
        self.assertEqual(
            {event.tlc: event.quantity for event in events},
            {"T9": 8, "T10": 4, "T11": 8, "C1": 5},
        )
        self.assertFalse(any(events.mapped("missing")))

    def test_the_receipt_of_a_pallet_is_found_by_its_label_and_shows_it(self):
        other = self.expected({self.carrots: 1})
        other.partner_id = self.market
        picking = self.two_pallets()
        found = self.floor["lot.scan"].documents("receive", f"]C100{PALLET}")
        self.assertEqual([row["id"] for row in found], picking.ids)
        told = self.floor["lot.scan"].document("receive", "stock.picking", picking.id)
        self.assertEqual([one["sscc"] for one in told["pallets"]], [PALLET, SECOND])
        self.assertIn("3 lots", told["pallets"][0]["detail"])

    def test_on_another_receipt_or_without_an_order_the_right_one_is_offered(self):
        other = self.expected({self.carrots: 1})
        other.partner_id = self.market
        picking = self.two_pallets()
        for data in ({"picking": other}, {"session": "s1"}):
            answer = self.refused(self.take(f"00{PALLET}", **data), picking.name)
            (way,) = answer["choices"]
            self.assertEqual(way["data"]["document"]["id"], picking.id)
        self.assertFalse(self.picked(other) or self.picked(picking))
        self.done(self.scan("receive", "take", f"00{PALLET}", **way["data"]))

    def test_a_pallet_is_received_once(self):
        picking = self.two_pallets()
        self.done(self.take(f"00{PALLET}", picking))
        self.refused(self.take(f"00{PALLET}", picking), "received already")
        self.assertEqual(sum(self.picked(picking).values()), 17)

    def test_taken_back_it_waits_again_as_it_was_announced(self):
        picking = self.two_pallets()
        answer = self.done(self.take(f"00{PALLET}", picking))
        document = {"model": "stock.picking", "id": picking.id}
        self.done(self.scan("receive", "undo", entry_id=answer["entry"], document=document))
        self.assertFalse(self.picked(picking))
        self.assertEqual(len(picking.move_line_ids), 4)
        self.done(self.take(f"00{PALLET}", picking))
        self.assertEqual(sum(self.picked(picking).values()), 17)

    def test_more_than_was_ordered_is_received_only_where_somebody_says_so(self):
        picking = self.expected({self.lettuce: 5})
        self.announced({PALLET: [(GTIN, "T9", 8)]})
        self.refused(self.take(f"00{PALLET}", picking), "Only 5 kg .* on this pallet are 8 kg")
        self.done(self.take(f"00{PALLET}", picking, more=True))
        self.assertEqual(self.picked(picking), {"T9": 8})

    def test_what_the_notice_does_not_tell_of_a_lot_is_asked_for(self):
        self.lettuce.use_expiration_date = True
        picking = self.expected({self.lettuce: 20})
        self.announced({PALLET: [(GTIN, "T9", 8)], SECOND: [(GTIN, "T1", 6), (GTIN, "T2", 6)]})
        answer = self.refused(self.take(f"00{PALLET}", picking), "Expiry date")
        self.assertEqual([one["name"] for one in answer["choices"][0]["asks"]], ["expiry"])
        self.done(self.take(f"00{PALLET}", picking, expiry="2026-05-01"))
        line = picking.move_line_ids.filtered("picked")
        self.assertEqual(str(self.env["lot.calendar"]._day(line.expiration_date)), "2026-05-01")
        self.refused(self.take(f"00{SECOND}", picking), "does not tell all of the lots")

    def test_what_has_expired_is_received_only_where_somebody_says_so(self):
        self.lettuce.use_expiration_date = True
        picking = self.expected({self.lettuce: 20})
        self.announced({PALLET: [(GTIN, "T9", 8)]})
        self.refused(self.take(f"00{PALLET}", picking, expiry="2020-05-01"), "expired on")
        self.done(self.take(f"00{PALLET}", picking, expiry="2020-05-01", expired=True))

    def test_a_pallet_that_nobody_announced_is_asked_about_as_ever(self):
        picking = self.two_pallets()
        self.refused(self.take("00040123450000009996", picking), "Of which product")

    def test_an_announcement_to_another_company_is_not_seen(self):
        picking = self.two_pallets()
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.env(context={"allowed_company_ids": other.ids})
        flow = elsewhere["lot.scan.flow.receive"]
        self.assertFalse(flow._announced_on(PALLET))
        self.assertFalse(self.picked(picking))

    def test_reading_a_pallet_costs_the_same_queries_however_much_is_on_it(self):
        picking = self.expected({self.lettuce: 100})
        self.announced(
            {
                PALLET: [(GTIN, f"A{number}", 1) for number in range(2)],
                SECOND: [(GTIN, f"B{number}", 1) for number in range(30)],
            }
        )
        flow = self.floor["lot.scan.flow.receive"]
        command = scan_command.read(self.command("receive", "take", f"00{PALLET}"))

        def cost(sscc):
            self.env.flush_all()
            self.env.invalidate_all()
            lines = flow._announced_on(sscc)
            before = self.env.cr.sql_log_count
            flow._announced_arrivals(command, lines)
            return self.env.cr.sql_log_count - before

        cost(PALLET)
        self.assertEqual(cost(PALLET), cost(SECOND))
        self.assertEqual(len(picking.move_line_ids), 32)
