from odoo.tests import new_test_user

from .common import LotTraceabilityCommon


class CleanUpCommon(LotTraceabilityCommon):
    """A plant with a history that has faults, and whoever cleans it up.

    - `look`: the search, as an administrator of traceability starts it
    - `found(kind)`: what is open of a kind, as quality sees it
    - one method for each fault makes it through Odoo's flows, where these allow it
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.lot_lookalike = "off"
        cls.keeper = new_test_user(
            cls.env,
            login="clean_up_keeper",
            groups="lot_traceability.group_administrator,stock.group_stock_manager",
        )
        cls.milk = cls.product("Old milk")
        cls.cheese = cls.product("Old cheese")

    @classmethod
    def look(cls, user=None):
        return cls.env["lot.finding"].with_user(user or cls.keeper).action_look()

    @classmethod
    def found(cls, kind, state="open"):
        """Findings of this kind about the products of the test."""
        return cls.laboratory["lot.finding"].search(
            [
                ("kind", "=", kind),
                ("state", "=", state),
                ("product_id.name", "like", "Old %"),
            ]
        )

    @classmethod
    def undated(cls, *names, **values):
        """Lots that were received before their product had an expiry."""
        lots = [cls.received(cls.milk, name, 5) for name in names]
        cls.milk.write({"use_expiration_date": True, "expiration_time": 30, **values})
        return cls.env["stock.lot"].union(*lots)

    @classmethod
    def spelled_twice(cls, first="LOT-001", second="lot 1"):
        return cls.received(cls.milk, first, 5) | cls.received(cls.milk, second, 3)

    @classmethod
    def unlinked(cls):
        """A finished lot of which Odoo lost the links with what it was made of."""
        parts = cls.received(cls.milk, "M-1", 10)
        made = cls.lot(cls.cheese, "C-1")
        order = cls.make(made, 2, {parts: 4})
        order.move_finished_ids.move_line_ids.sudo().consume_line_ids = [(5,)]
        cls.env.flush_all()
        return order

    @classmethod
    def tracked_late(cls, quantity=5, left=5):
        """A product that was received, and partly delivered, before it was tracked by lot."""
        product = cls.product("Old salt", tracking="none")
        cls.receive({product: quantity})
        if quantity > left:
            cls.deliver({product: quantity - left})
        product.tracking = "lot"
        return product

    @classmethod
    def at_fault(cls):
        """One fault of each kind: {kind: what `_fault_<kind>` made}."""
        kinds = [kind for kind, _label in cls.env["lot.finding"]._fields["kind"].selection]
        return {kind: getattr(cls, f"_fault_{kind}")() for kind in kinds}

    @classmethod
    def _fault_no_date(cls):
        product = cls.product("Old cream")
        lot = cls.received(product, "CR-1", 5)
        product.write({"use_expiration_date": True, "expiration_time": 10})
        return lot

    @classmethod
    def _fault_date_conflict(cls):
        product = cls.product("Old butter", use_expiration_date=True, expiration_time=30)
        lot = cls.received(product, "BU-1", 5)
        # Odoo alone has no production date, and ours is checked: written before, or past Odoo.
        cls.env.cr.execute(
            "UPDATE stock_lot SET production_date = '2030-01-01' WHERE id = %s", [lot.id]
        )
        lot.invalidate_recordset()
        return lot

    @classmethod
    def _fault_near_same(cls):
        return cls.spelled_twice()

    @classmethod
    def _fault_same_number(cls):
        product = cls.product("Old sugar", company_id=False)
        other = cls.env["res.company"].create({"name": "Sister"})
        return cls.env["stock.lot"].create(
            [
                {"name": "SU-1", "product_id": product.id, "company_id": company.id}
                for company in (cls.env.company, other)
            ]
        )

    @classmethod
    def _fault_no_lot_move(cls):
        return cls.tracked_late(quantity=5, left=0)

    @classmethod
    def _fault_no_lot_stock(cls):
        return cls.tracked_late()

    @classmethod
    def _fault_negative(cls):
        lot = cls.lot(cls.product("Old oil"), "OI-1")
        cls.deliver({lot: 2})
        return lot

    @classmethod
    def _fault_expired(cls):
        product = cls.product("Old yoghurt", use_expiration_date=True, expiration_time=2)
        lot = cls.received(product, "YO-1", 5)
        cls.wait(days=4)
        return lot

    @classmethod
    def _fault_lost_link(cls):
        return cls.unlinked()

    @classmethod
    def _fault_no_movement(cls):
        lot = cls.lot(cls.product("Old flour"), "FL-1")
        # `create_date` is the database's own time, which does not stand still.
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE stock_lot SET create_date = '2026-01-01' WHERE id = %s", [lot.id]
        )
        return lot
