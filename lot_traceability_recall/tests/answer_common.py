from odoo import fields

from ..tools.recall_answer import AMOUNTS
from .common import RecallCommon


class AnswerCommon(RecallCommon):
    """A recall whose scope is frozen; the shop, which received 6 kg of one lot, has been told.

    - `room_of` gives the consignee of a partner; `told` tells it now; `answer` has it answer by
      phone with the lowest rights that should do
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.frozen(hazard_class="1")
        cls.at_shop, cls.at_cafe = (cls.of(cls.case, one) for one in (cls.shop, cls.cafe))
        cls.told(cls.at_shop)

    @classmethod
    def of(cls, recall, partner, env=None):
        consignee = recall.consignee_ids.filtered(lambda one: one.partner_id == partner)
        return consignee.with_env(env or cls.laboratory)

    @classmethod
    def told(cls, consignee):
        consignee.sudo().write({"state": "told", "told_on": fields.Datetime.now()})

    @classmethod
    def figures(cls, consignee, **amounts):
        """Of its only lot."""
        return [{"line_id": consignee.line_ids.id, **amounts}]

    @classmethod
    def answer(cls, consignee, sold=(), via="call", **values):
        amounts = {name: values.pop(name) for name in AMOUNTS if name in values}
        given = {
            "name": "Ann",
            "via": via,
            "followed": "yes",
            "lines": cls.figures(consignee, **amounts),
            "sold": list(sold),
            **values,
        }
        return consignee.env["lot.recall.answer"].browse(consignee.record_answer(given))

    def activities(self, record, name):
        kind = self.env.ref(f"lot_traceability_recall.activity_recall_{name}")
        return record.sudo().activity_ids.filtered(lambda one: one.activity_type_id == kind)
