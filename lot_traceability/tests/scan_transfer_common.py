from datetime import timedelta

from .common import START
from .scan_common import ScanCommon


class ScanTransferCommon(ScanCommon):
    """Transfers on a handheld: `stocked` lots of a product that goes out by its dates, `outgoing`
    and `incoming` transfers that wait to be done, `told` as a command names them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls.env["product.category"].create(
            {
                "name": "Fresh",
                "removal_strategy_id": cls.env.ref("product_expiry.removal_fefo").id,
            }
        )
        cls.curd = cls.perishable("Curd", barcode="09520123456788")
        cls.damaged = cls.env.ref("lot_traceability.fefo_reason_damaged")
        cls.other_reason = cls.env.ref("lot_traceability.fefo_reason_other")
        cls.bench = cls.product("Bench", tracking="serial")
        # Later than all that the class prepares.
        cls.begun = START + timedelta(days=1)

    def setUp(self):
        super().setUp()
        # What goes on in one test is not the time of the next one.
        self.clock.move_to(self.begun)

    @classmethod
    def perishable(cls, name, **values):
        return cls.product(
            name,
            categ_id=cls.fresh.id,
            use_expiration_date=True,
            expiration_time=60,
            removal_time=5,
            **values,
        )

    @classmethod
    def stocked(cls, product, name, quantity, days=40, location=None):
        """A lot that is to be removed from stock in so many days."""
        dates = {}
        if product.use_expiration_date:
            removal = START + timedelta(days=days)
            dates = {"expiration_date": removal + timedelta(days=5), "removal_date": removal}
        lot = cls.lot(product, name, **dates)
        cls.count(lot, quantity, location)
        return lot

    @classmethod
    def place(cls, name):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": cls.stock.id, "barcode": f"PLACE-{name}"}
        )

    @classmethod
    def waiting(cls, operation_type, content, source, target, partner=None, **values):
        """A transfer as an order makes it: confirmed and reserved, nothing taken yet."""
        picking = cls.office["stock.picking"].create(
            {
                "picking_type_id": operation_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "partner_id": partner.id if partner else False,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        },
                    )
                    for product, quantity in content.items()
                ],
                **values,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking.with_env(cls.floor)

    @classmethod
    def outgoing(cls, content, partner=None, **values):
        return cls.waiting(
            cls.plant.out_type_id,
            content,
            cls.stock,
            cls.customers,
            partner or cls.shop,
            **values,
        )

    @classmethod
    def incoming(cls, content, partner=None, **values):
        operation = cls.plant.in_type_id
        return cls.waiting(
            operation,
            content,
            cls.suppliers,
            operation.default_location_dest_id,
            partner or cls.dairy,
            **values,
        )

    @staticmethod
    def told(record):
        return {"model": record._name, "id": record.id}

    def assertDone(self, answer):
        self.assertEqual(answer["state"], "done", answer["message"])
        return answer

    def assertRefused(self, answer, text, *codes):
        """Refused with a sentence that has this text, and with these ways to go on."""
        self.assertEqual(answer["state"], "refused", answer["message"])
        self.assertRegex(answer["message"], text)
        self.assertEqual([one["code"] for one in answer["choices"]], list(codes))
        return answer

    @classmethod
    def again(cls, flow, action, answer, code, text="", env=None, asked=None, **data):
        """Send the command again with the choice of that code, as a device does."""
        choice = next(one for one in answer["choices"] if one["code"] == code)
        merged = {**data, **choice["data"], **(asked or {})}
        return cls.scan(flow, action, text, env=env, follows=answer["uid"], **merged)
