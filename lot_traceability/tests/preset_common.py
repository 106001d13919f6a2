from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .expiry_common import LotExpiryCommon

GTIN = "9520123456788"


class PresetCommon(LotExpiryCommon):
    """A company of its own category, not set up yet, and its administrator.

    - `setup(code)`: the dialog with an industry chosen; `line(dialog, kind, key)`: one of its lines
    - `apply(code)`: choose an industry and set what is proposed
    - `check…`: that what was set takes effect in the flows of the floor
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.category"].create({"name": "Goods with lots"})
        cls.part = cls.product("Part", categ_id=cls.goods.id)
        cls.thing = cls.product("Thing", categ_id=cls.goods.id, barcode=GTIN)
        cls.dated = cls.product(
            "Dated",
            categ_id=cls.goods.id,
            use_expiration_date=True,
            expiration_time=1000,
        )

    # -- the dialog --------------------------------------------------------------------------

    @classmethod
    def preset(cls, code):
        return cls.env["lot.preset"].search([("code", "=", code)])

    @classmethod
    def setup(cls, code, user=None, **values):
        dialogs = cls.env["lot.preset.wizard"].with_user(user or cls.administrator)
        return dialogs.create(
            {
                "preset_id": cls.preset(code).id,
                "category_ids": [Command.set(cls.goods.ids)],
                **values,
            }
        )

    @classmethod
    def line(cls, dialog, kind, key=False):
        return dialog.line_ids.filtered(
            lambda line: (
                (line.line_id.kind == kind and line.line_id.key == key)
                or (line.setting_id.sudo().kind == kind and line.setting_id.sudo().key == key)
            )
        )

    @classmethod
    def apply(cls, code, **values):
        dialog = cls.setup(code, **values)
        dialog.action_apply()
        cls.env.flush_all()
        cls.env.invalidate_all()
        return dialog

    # -- what takes effect -------------------------------------------------------------------

    def arrival(self, product, name, partner=None, **facts):
        picking = self.picking(
            self.plant.in_type_id, {product: 10}, source=self.suppliers, partner=partner
        )
        picking.move_line_ids.write({"lot_name": name, **facts})
        return picking

    def arrived(self, product, name, **facts):
        facts = {"supplier_lot": f"S-{name}", **facts}
        picking = self.arrival(product, name, self.dairy, **facts)
        self.validate(picking)
        return picking.move_line_ids.lot_id.with_env(self.env)

    def check_number(self, pattern):
        order = self.order(self.thing, 5, {self.part: 5})
        order.action_generate_serial()
        self.assertRegex(order.lot_producing_ids.name, f"^{pattern}$")

    def check_receipt_demands(self, *names):
        with self.assertRaises(UserError) as error, self.cr.savepoint():
            self.arrival(self.part, "BARE").button_validate()
        told = str(error.exception).splitlines()[1]
        self.assertEqual(told, f"- Lot BARE of Part: {', '.join(names)}")

    def check_production_demands(self, part, *names):
        """Of a lot made in production; the order itself tells its production date."""
        demands = self.thing._lot_demands("production")
        self.assertEqual(demands.mapped("name"), list(names))
        lot = self.lot(self.thing, "MADE-1", expiration_date="2027-03-01 00:00:00")
        self.make(lot, 5, {part: 5})
        self.assertTrue(lot.production_date)
        return lot

    def check_stages(self, *days):
        for number, left in enumerate((*days, 0, -1)):
            lot = self.arrived(
                self.dated,
                f"E-{number}",
                expiration_date=self.last_day(400),
                production_date="2026-01-01",
            )
            lot.write(dict.fromkeys(("expiration_date", "removal_date"), self.last_day(left)))
            self.env.flush_all()
            self.notify()
            notices = self.env["lot.expiry.notice"].search([("lot_id", "=", lot.id)])
            reached = notices.stage_id.filtered(lambda stage: stage.company_id == self.company)
            self.assertTrue(
                any(stage._days_left() == left for stage in reached), f"nothing told at {left} days"
            )

    def check_labels(self, operation_type, kind, design):
        rule = operation_type.label_rule_ids
        self.assertEqual(rule.design_id, self.env.ref(f"lot_traceability.label_design_{design}"))
        self.assertEqual(rule.design_id.kind, kind)

    def check_signed(self, *codes):
        steps = self.env["lot.signature.step"]
        every = ("release", "end_hold", "override", "correction", "log_review")
        demanded = [code for code in every if steps._demanded(code, self.company)]
        self.assertEqual(demanded, list(codes))

    def check_release_is_refused(self, lot):
        with self.assertRaisesRegex(UserError, "has to be signed"), self.cr.savepoint():
            lot.with_user(self.quality).set_status("released")

    def check_end_of_hold_is_refused(self, lot):
        lot.with_user(self.quality).set_status("hold", "Suspicion")
        self.check_release_is_refused(lot)

    def check_lookalikes_are_refused(self):
        self.lot(self.thing, "A10")
        with self.assertRaisesRegex(UserError, "A10"), self.cr.savepoint():
            self.floor["stock.lot"].create({"product_id": self.thing.id, "name": "AIO"})

    def check_kept(self, years):
        """Events go to an archive once they are older than that, and not before."""
        expired = self.env["lot.audit.retention"]._expired()
        moments = [f"{2026 - years}-03-01 00:00:00", f"{2026 - years}-04-01 00:00:00"]
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM unnest(%s::timestamp[]) WITH ORDINALITY AS one (at, place), "
                "LATERAL (SELECT one.at, %s AS company_id, 'status' AS kind, NULL::int AS lot_id, "
                "NULL::int AS product_id) event ORDER BY place",
                expired,
                moments,
                self.company.id,
            )
        )
        self.assertEqual([row[0] for row in self.env.cr.fetchall()], [True, False])
