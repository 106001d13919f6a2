import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTraceJson2(HttpCase):
    """The same answers over JSON-2, with an API key, for the lowest rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env, login="json_reader", groups="lot_traceability.group_reader"
        )
        cls.stranger = new_test_user(cls.env, login="json_stranger", groups="base.group_user")
        product = cls.env["product.product"].create(
            {"name": "Milk", "is_storable": True, "tracking": "lot"}
        )
        cls.lot = cls.env["stock.lot"].create({"name": "JSON-1", "product_id": product.id})
        stock = cls.env["stock.warehouse"].search([], limit=1).lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(product, stock, 5, lot_id=cls.lot)

    def call(self, method, body, user=None, key=None):
        if user:
            expires = datetime.now() + timedelta(days=1)
            keys = self.env["res.users.apikeys"].with_user(user)
            key = keys._generate("rpc", "test", expires)
        return self.url_open(
            f"/json/2/lot.trace/{method}",
            data=json.dumps(body),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )

    def test_reader_gets_what_the_orm_gives(self):
        answer = self.call("trace", {"lot_ids": self.lot.ids}, self.reader)
        self.assertEqual(answer.status_code, 200, answer.text)
        over_wire = answer.json()
        direct = self.env["lot.trace"].with_user(self.reader).trace(self.lot.ids)
        over_wire.pop("elapsed_ms")
        direct.pop("elapsed_ms")
        self.assertEqual(over_wire, direct)
        self.assertEqual(over_wire["on_hand"][0]["quantity"], 5.0)

    @mute_logger("odoo.http")
    def test_stranger_is_refused_without_a_word_about_the_lot(self):
        answer = self.call("trace", {"lot_ids": self.lot.ids}, self.stranger)
        self.assertEqual(answer.status_code, 403, answer.text)
        self.assertNotIn("JSON-1", answer.text)

    @mute_logger("odoo.http")
    def test_wrong_key_is_refused(self):
        self.assertEqual(self.call("find", {"code": "JSON-1"}, key="nonsense").status_code, 401)

    @mute_logger("odoo.http")
    def test_bad_direction_is_one_sentence(self):
        body = {"lot_ids": self.lot.ids, "direction": "sideways"}
        answer = self.call("trace", body, self.reader)
        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertEqual(
            answer.json()["message"], "The direction of a trace is upstream, downstream or both."
        )

    @mute_logger("odoo.http")
    def test_private_method_cannot_be_called(self):
        answer = self.call("_trace", {"origins": self.lot.ids, "direction": "both"}, self.reader)
        self.assertEqual(answer.status_code, 403, answer.text)
