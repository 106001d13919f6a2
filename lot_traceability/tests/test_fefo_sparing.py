from datetime import timedelta

from odoo.tests import tagged

from .common import START, LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestFefoSparing(LotTraceabilityCommon):
    """Among lots of one day the reservation keeps an order on few lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls.env["product.category"].create(
            {
                "name": "Fresh",
                "removal_strategy_id": cls.env.ref("product_expiry.removal_fefo").id,
            }
        )
        cls.curd = cls.product(
            "Curd",
            categ_id=cls.fresh.id,
            use_expiration_date=True,
            expiration_time=60,
            removal_time=5,
        )
        cls.plant.company_id.lot_timezone = "Europe/Berlin"

    @classmethod
    def stocked(cls, name, quantity, days, hours=0):
        """A lot in stock that is to be removed in so many days and hours."""
        removal = START + timedelta(days=days, hours=hours)
        lot = cls.lot(
            cls.curd, name, expiration_date=removal + timedelta(days=5), removal_date=removal
        )
        cls.count(lot, quantity)
        return lot

    def reserved(self, quantity):
        """A delivery of this quantity, reserved."""
        picking = self.picking(self.plant.out_type_id, {}, target=self.customers)
        self.floor["stock.move"].create(
            {
                "product_id": self.curd.id,
                "product_uom_qty": quantity,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "picking_id": picking.id,
                "picking_type_id": self.plant.out_type_id.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def taken(self, quantity):
        """How much of which lot a delivery of this quantity reserves."""
        lines = self.reserved(quantity).move_line_ids
        return {line.lot_id.name: line.quantity for line in lines}

    def test_smallest_lot_that_covers_the_order_is_taken(self):
        self.stocked("BIG", 50, 20)
        self.stocked("SMALL", 3, 20, hours=1)
        self.stocked("FITS", 12, 20, hours=2)
        self.assertEqual(self.taken(10), {"FITS": 10})

    def test_largest_lots_come_first_when_none_covers_the_order(self):
        self.stocked("SMALL", 3, 20)
        self.stocked("BIG", 50, 20, hours=1)
        self.stocked("MIDDLE", 12, 20, hours=2)
        self.assertEqual(self.taken(60), {"BIG": 50, "MIDDLE": 10})

    def test_lot_that_the_order_has_already_comes_first(self):
        self.stocked("BIG", 60, 20)
        self.stocked("FITS", 12, 20)
        picking = self.reserved(40)
        self.assertEqual(picking.move_line_ids.lot_id.name, "BIG")
        picking.move_ids.product_uom_qty = 45
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id.name, "BIG")

    def test_earlier_day_is_taken_whole_before_lots_are_spared(self):
        self.stocked("FIRST", 4, 10)
        self.stocked("BIG", 50, 20)
        self.stocked("FITS", 8, 20, hours=3)
        self.assertEqual(self.taken(10), {"FIRST": 4, "FITS": 6})

    def test_later_day_is_left_alone_though_one_lot_of_it_would_do(self):
        self.stocked("FIRST", 4, 10)
        self.stocked("SECOND", 4, 11)
        self.stocked("WHOLE", 50, 12)
        self.assertEqual(self.taken(6), {"FIRST": 4, "SECOND": 2})

    def test_day_ends_where_the_company_is(self):
        # 06:00 in UTC is 07:00 in Berlin: 16 hours later the same day, 17 hours later the next.
        self.stocked("FIRST", 50, 20)
        self.stocked("SAME DAY", 12, 20, hours=16)
        self.stocked("NEXT DAY", 10, 20, hours=17)
        self.assertEqual(self.taken(10), {"SAME DAY": 10})

    def test_company_may_keep_to_the_hour(self):
        self.plant.company_id.lot_sparing = False
        self.stocked("BIG", 50, 20)
        self.stocked("FITS", 12, 20, hours=2)
        self.assertEqual(self.taken(10), {"BIG": 10})

    def test_long_day_is_summed_up_and_not_read(self):
        """More lots of one day than are read at once."""
        removal = START + timedelta(days=20)
        lots = self.env["stock.lot"].create(
            [
                {
                    "product_id": self.curd.id,
                    "name": f"L{number:03}",
                    "expiration_date": removal + timedelta(days=5),
                    "removal_date": removal + timedelta(seconds=number),
                }
                for number in range(120)
            ]
        )
        quants = self.env["stock.quant"]
        for number, lot in enumerate(lots):
            quants._update_available_quantity(
                self.curd, self.stock, 100 if number == 119 else 5, lot_id=lot
            )
        self.assertEqual(self.taken(60), {"L119": 60})

    def test_held_lots_are_not_spared_for(self):
        self.stocked("BIG", 50, 20)
        self.stocked("FITS", 12, 20).with_env(self.floor).set_status("hold", "Mould")
        self.assertEqual(self.taken(10), {"BIG": 10})
