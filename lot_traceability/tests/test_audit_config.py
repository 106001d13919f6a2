from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .signature_common import SignatureCommon


@tagged("post_install", "-at_install")
class TestAuditConfig(SignatureCommon):
    """What is configured, and who has which rights, is told when it changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            login="config_administrator",
            groups="lot_traceability.group_administrator,base.group_erp_manager",
        )
        cls.desk = cls.env(user=cls.administrator)

    def told(self, kind, record):
        """Events about a record, after what a commit does."""
        self.env.flush_all()
        self.env.cr.flush()
        return self.events(kind, res_model=record._name, res_id=record.id)

    def test_rule_is_told_when_made_changed_and_deleted(self):
        status = self.desk["lot.status"].create({"name": "On trial", "code": "trial"})
        self.assertEqual(self.told("configured", status)[-1]["changes"]["code"], [None, "trial"])
        status.write({"usable": True, "name": "On trial"})
        event = self.told("configured", status)[-1]
        self.assertEqual(event["changes"], {"usable": [False, True]})
        self.assertEqual(event["who"]["login"], "config_administrator")
        status.unlink()
        event = self.told("configured", status)[-1]
        self.assertEqual(event["data"]["operation"], "deleted")
        self.assertEqual(event["changes"]["name"], ["On trial", None])

    def test_links_are_told_by_name(self):
        status = self.env.ref("lot_traceability.status_released").with_env(self.desk)
        group = self.env.ref("lot_traceability.group_recall_manager")
        status.set_group_ids = [Command.set(group.ids)]
        before, after = self.told("configured", status)[-1]["changes"]["set_group_ids"]
        self.assertEqual([name.rpartition(" / ")[2] for name in before], ["Quality"])
        self.assertEqual([name.rpartition(" / ")[2] for name in after], ["Recall manager"])

    def test_what_says_nothing_new_is_not_told(self):
        status = self.env.ref("lot_traceability.status_hold").with_env(self.desk)
        count = len(self.told("configured", status))
        status.write({"name": status.name, "reason_required": status.reason_required})
        self.assertEqual(len(self.told("configured", status)), count)

    def test_every_model_of_configuration_is_told(self):
        for name in (
            "lot.status",
            "lot.numbering.scheme",
            "lot.numbering.shift",
            "lot.shelf.life",
            "lot.separation.rule",
            "lot.parameter",
            "lot.parameter.choice",
            "lot.parameter.limit",
            "lot.expiry.stage",
            "lot.fefo.reason",
            "lot.field.demand",
            "lot.allergen",
            "lot.signature.step",
            "lot.signature.meaning",
        ):
            with self.subTest(model=name):
                self.assertTrue(self.env[name]._audited_fields())

    def test_step_that_is_no_longer_signed_is_told(self):
        step = self.demand("release").with_env(self.desk)
        step.demanded = False
        self.assertEqual(self.told("configured", step)[-1]["changes"], {"demanded": [True, False]})

    def test_settings_of_the_company_are_told_and_nothing_else_of_it(self):
        company = self.env.company
        company.write({"lot_signature_lock_minutes": 30, "street": "Elsewhere"})
        event = self.told("configured", company)[-1]
        self.assertEqual(event["changes"], {"lot_signature_lock_minutes": [15, 30]})
        count = len(self.told("configured", company))
        company.write({"street": "Here"})
        self.assertEqual(len(self.told("configured", company)), count)

    def test_settings_are_told_from_their_form(self):
        settings = self.env["res.config.settings"].create({"lot_fefo_ask": False})
        settings.execute()
        event = self.told("configured", self.env.company)[-1]
        self.assertEqual(event["changes"]["lot_fefo_ask"], [True, False])

    def test_product_and_category_are_told_in_what_concerns_lots(self):
        template = self.milk.product_tmpl_id
        count = len(self.told("configured", template))
        self.milk.write({"lot_quarantine_receipt": True, "list_price": 3})
        event = self.told("configured", template)[-1]
        self.assertEqual(event["changes"], {"lot_quarantine_receipt": [False, True]})
        template.write({"list_price": 4})
        self.assertEqual(len(self.told("configured", template)), count + 1)
        template.write({"tracking": "serial"} if not self.milk.qty_available else {})
        category = self.milk.categ_id or self.env["product.category"].create({"name": "Food"})
        category.lot_quarantine_production = True
        event = self.told("configured", category)[-1]
        self.assertEqual(event["changes"], {"lot_quarantine_production": [False, True]})

    def test_product_that_says_nothing_of_lots_is_not_told(self):
        product = self.product("Salt", tracking="none")
        self.assertFalse(self.told("configured", product.product_tmpl_id))

    def test_quarantine_places_and_operations_are_told(self):
        self.stock.lot_quarantine = True
        self.assertEqual(
            self.told("configured", self.stock)[-1]["changes"], {"lot_quarantine": [False, True]}
        )
        operation = self.plant.in_type_id
        operation.lot_quarantine = True
        self.assertEqual(
            self.told("configured", operation)[-1]["changes"], {"lot_quarantine": [False, True]}
        )

    # -- rights ------------------------------------------------------------------------------

    def names(self, event):
        return [
            {name.rpartition(" / ")[2] for name in names or []}
            for names in event["changes"]["groups"]
        ]

    def test_role_given_to_a_user_is_told(self):
        user = new_test_user(self.env, login="rights_user", groups="base.group_user")
        self.assertFalse(self.told("rights", user))
        user.group_ids = [Command.link(self.env.ref("lot_traceability.group_quality").id)]
        before, after = self.names(self.told("rights", user)[-1])
        self.assertFalse(before)
        self.assertLessEqual({"Quality", "Operator"}, after)
        user.group_ids = [Command.unlink(self.env.ref("lot_traceability.group_quality").id)]
        before, after = self.names(self.told("rights", user)[-1])
        self.assertIn("Quality", before)
        self.assertFalse(after)

    def test_user_made_with_a_role_is_told(self):
        user = new_test_user(self.env, login="rights_new", groups="lot_traceability.group_operator")
        self.assertIn("Operator", self.names(self.told("rights", user)[-1])[1])

    def test_role_by_another_group_is_told(self):
        user = new_test_user(self.env, login="rights_stock", groups="base.group_user")
        user.group_ids = [Command.link(self.env.ref("stock.group_stock_user").id)]
        self.assertIn("Operator", self.names(self.told("rights", user)[-1])[1])

    def test_members_of_a_group_are_told(self):
        user = new_test_user(self.env, login="rights_member", groups="base.group_user")
        self.env.ref("lot_traceability.group_auditor").user_ids = [Command.link(user.id)]
        self.assertIn("Auditor", self.names(self.told("rights", user)[-1])[1])

    def test_group_that_brings_a_role_along_is_told(self):
        group = self.env["res.groups"].create({"name": "Night shift"})
        user = new_test_user(self.env, login="rights_night", groups="base.group_user")
        group.user_ids = [Command.link(user.id)]
        self.assertFalse(self.told("rights", user))
        group.implied_ids = [Command.link(self.env.ref("lot_traceability.group_quality").id)]
        self.assertIn("Quality", self.names(self.told("rights", user)[-1])[1])
        group.unlink()
        self.assertIn("Quality", self.names(self.told("rights", user)[-1])[0])

    def test_deleted_role_is_told_by_its_name(self):
        user = new_test_user(self.env, login="rights_last", groups="base.group_user")
        role = self.env.ref("lot_traceability.group_administrator")
        user.group_ids = [Command.link(role.id)]
        # As an uninstallation does: what the role gives goes first.
        self.env["ir.model.access"].search([("group_id", "=", role.id)]).unlink()
        role.unlink()
        before, after = self.told("rights", user)[-1]["changes"]["groups"]
        self.assertIn("Traceability / Administrator", before)
        # With it goes what it brought along.
        self.assertEqual(after, [])

    def test_group_that_has_nothing_to_do_with_lots_is_not_told(self):
        user = new_test_user(self.env, login="rights_other", groups="base.group_user")
        user.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.assertFalse(self.told("rights", user))

    def test_archived_user_is_told(self):
        user = new_test_user(self.env, login="rights_gone", groups="base.group_user")
        user.active = False
        self.assertEqual(self.told("rights", user)[-1]["changes"], {"active": [True, False]})

    def test_api_keys_are_told_when_made_and_revoked_without_their_secret(self):
        keys = self.env["res.users.apikeys"].with_user(self.quality)
        secret = keys._generate("rpc", "Scales", self.clock() + timedelta(days=1))
        event = self.told("rights", self.quality)[-1]
        self.assertEqual((event["data"]["key"], event["data"]["made"]), ("Scales", True))
        keys.search([("user_id", "=", self.quality.id)])._remove()
        event = self.told("rights", self.quality)[-1]
        self.assertEqual((event["data"]["key"], event["data"]["revoked"]), ("Scales", True))
        self.assertNotIn(secret[:8], str(self.events("rights")))

    # -- by which key ------------------------------------------------------------------------

    def test_request_knows_its_key_and_not_its_secret(self):
        # A key without end: PostgreSQL's clock does not stand still.
        keys = self.env["res.users.apikeys"].with_user(self.quality).sudo()
        secret = keys._generate("rpc", "Scales", None)
        request = SimpleNamespace()
        key = "lot_audit_key"
        with patch("odoo.addons.lot_traceability.models.lot_audit_origin.request", request):
            origin = self.laboratory["lot.audit.origin"]
            origin._note_key("a password")
            self.assertEqual(vars(request), {key: None})
            for _number in range(2):  # Odoo looks at the key once and then remembers.
                vars(request).clear()
                self.env["res.users"]._check_uid_passwd(self.quality.id, secret)
                self.assertEqual(origin._key_name(vars(request)[key]), "Scales")
            self.assertNotIn(secret, str(vars(request)))
            stranger = self.floor["lot.audit.origin"]
            self.assertEqual(stranger._key_name(vars(request)[key]), "")

    def test_request_that_odoo_hides_is_told_and_never_the_one_before(self):
        origin = self.laboratory["lot.audit.origin"]
        thread = SimpleNamespace(name="odoo.service.http.request.7")
        self.assertEqual(origin._origin_of_thread(thread), {"via": "shell"})
        thread.url, thread.perf_t0 = "http://plant/xmlrpc/2/object", 1.5
        thread.lot_audit_client = (1.5, "10.0.0.7", "Scales/1")
        self.assertEqual(
            origin._origin_of_thread(thread),
            {"via": "rpc", "address": "10.0.0.7", "client": "Scales/1"},
        )
        thread.perf_t0 = 2.5
        self.assertEqual(origin._origin_of_thread(thread), {"via": "rpc"})
        thread = SimpleNamespace(name="odoo.service.cron.cron0")
        self.assertEqual(origin._origin_of_thread(thread), {"via": "cron"})
