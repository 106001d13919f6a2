from odoo.addons.lot_traceability.tests.common import LotTraceabilityCommon
from odoo.tests import new_test_user


class RecallCommon(LotTraceabilityCommon):
    """A contaminated milk: two cheeses were made of it and sent to a shop and a café; a third
    cheese is of good milk.

    - `recaller` runs recalls with the lowest rights that should do; `recall` opens one as that
      user, `frozen` freezes its scope, `stopped` stops its lots as well;
      `say` has a consignee answer
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recaller = new_test_user(
            cls.env, login="flow_recaller", groups="lot_traceability.group_recall_manager"
        )
        cls.room = cls.env(user=cls.recaller)
        cls.milk_product, cls.cheese_product = (
            cls.product(name, standard_price=cost)
            for name, cost in (("Milk", 1.0), ("Cheese", 8.0))
        )
        cls.milk = cls.lot(
            cls.milk_product, "MILK-BAD", supplier_lot="D-13", supplier_id=cls.dairy.id
        )
        cls.good_milk = cls.lot(cls.milk_product, "MILK-GOOD")
        cls.receive({cls.milk: 100, cls.good_milk: 100}, cls.dairy)
        cls.cheese_1, cls.cheese_2, cls.good_cheese = (
            cls.lot(cls.cheese_product, name) for name in ("CHEESE-1", "CHEESE-2", "CHEESE-GOOD")
        )
        for made, used in (
            (cls.cheese_1, cls.milk),
            (cls.cheese_2, cls.milk),
            (cls.good_cheese, cls.good_milk),
        ):
            cls.make(made, 10, {used: 20})
        cls.shop.write({"email": "shop@example.com", "phone": "+1 555 0100", "lang": "en_US"})
        cls.to_shop = cls.deliver({cls.cheese_1: 6}, cls.shop)
        cls.to_cafe = cls.deliver({cls.cheese_2: 4}, cls.cafe)

    @classmethod
    def recall(cls, lots=None, direction="downstream", env=None, **values):
        lots = cls.milk if lots is None else lots
        model = (env or cls.room)["lot.recall"]
        started = model.start(lots.ids, {"title": "Listeria in milk", **values}, direction)
        return model.browse(started["id"])

    @classmethod
    def frozen(cls, *args, **values):
        recall = cls.recall(*args, **values)
        recall.draft_scope_id.freeze()
        return recall

    @classmethod
    def stopped(cls, *args, **values):
        recall = cls.frozen(*args, **values)
        recall.stop()
        return recall

    @classmethod
    def say(cls, recall, partner, **amounts):
        """This consignee answers by phone for its only lot; what it dealt with, it has found."""
        consignee = recall.consignee_ids.filtered(lambda one: one.partner_id == partner)
        dealt = sum(amounts.get(name, 0) for name in ("quarantined", "sent_back", "destroyed"))
        row = {"line_id": consignee.line_ids.id, "found": dealt, **amounts}
        consignee.with_env(cls.laboratory).record_answer(
            {"name": "Ann", "confirmed": True, "lines": [row]}
        )
        return consignee

    def steps(self, recall):
        """What the audit log says of a recall, oldest first: [data]"""
        self.env["lot.audit.event"]._flush_events()
        self.env.cr.execute(
            "SELECT body::jsonb -> 'data' FROM lot_audit_event WHERE kind = 'recall' "
            "AND res_model = 'lot.recall' AND res_id = %s ORDER BY id",
            [recall.id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def lines(self, recall):
        """{lot: its line in the scope that is shown}"""
        return {line.lot_id: line for line in recall.shown_scope_id.line_ids}
