from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import LotTraceabilityCommon

# What a product says of its lots is shown to everybody who may open a product.
OF_PRODUCTS = {"lot.allergen", "lot.field.demand"}
# What everybody may say of a screen; he reads his own alone.
SAID = {"lot.feedback"}
# Dialogs that only ask what is to be read.
READS_ONLY = {"lot.audit.export.wizard"}
# Where an auditor signs what he has reviewed.
SIGNS = {"lot.signature.wizard"}
# What an auditor writes: what he has reviewed and found.
OWN_WORK = {"lot.audit.review"} | SAID
ROLES = ("auditor", "operator", "quality", "recall_manager", "administrator")


@tagged("post_install", "-at_install")
class TestRoles(LotTraceabilityCommon):
    """Who may do what: five roles under one privilege. What holds for every model of the product
    is asked of every model, also of those that come later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env, login=f"role_{role}", groups=f"lot_traceability.group_{role}"
            )
            for role in ROLES
        }
        cls.lot_of_role = cls.received(cls.product("Milk"), "ROLE-1", 5)

    def own_models(self, transient=False):
        models = [
            self.env[name]
            for name, model in self.env.registry.items()
            if model._original_module == "lot_traceability" and not model._abstract
        ]
        self.assertGreater(len(models), 5)
        return [model for model in models if model._transient == transient]

    def test_roles_stand_under_one_privilege(self):
        privilege = self.env.ref("lot_traceability.privilege_lot_traceability")
        self.assertEqual(
            privilege.group_ids.sorted("sequence").mapped("name"),
            ["Auditor", "Operator", "Quality", "Recall manager", "Administrator"],
        )

    def test_each_role_includes_the_ones_before_it_except_the_auditor(self):
        groups = [self.env.ref(f"lot_traceability.group_{role}") for role in ROLES]
        for position, group in enumerate(groups[1:], start=1):
            self.assertLessEqual(set(groups[1 : position + 1]), set(group.all_implied_ids))
            self.assertNotIn(groups[0], group.all_implied_ids)

    def test_auditor_reads_every_model_and_writes_none(self):
        for model in self.own_models():
            with self.subTest(model=model._name):
                audited = model.with_user(self.users["auditor"])
                self.assertTrue(audited.has_access("read"))
                if model._name in OWN_WORK:
                    continue
                for right in ("create", "write", "unlink"):
                    self.assertFalse(audited.has_access(right), right)

    def test_auditor_opens_no_dialog_that_changes_something(self):
        for model in self.own_models(transient=True):
            if model._name in READS_ONLY | SIGNS:
                continue
            with self.subTest(model=model._name):
                self.assertFalse(model.with_user(self.users["auditor"]).has_access("create"))

    def test_auditor_changes_no_lot_and_no_stock(self):
        auditor = self.users["auditor"]
        for name in ("stock.lot", "stock.picking", "stock.move.line", "stock.quant"):
            self.assertFalse(self.env[name].with_user(auditor).has_access("write"), name)
        line = self.env["stock.move.line"].search([("lot_id", "=", self.lot_of_role.id)])
        for change in ({"quantity": 3}, {"lot_id": False}):
            with self.assertRaises(AccessError):
                line.with_user(auditor).write(change)
        with self.assertRaises(AccessError):
            self.lot_of_role.with_user(auditor).set_status("hold", "Suspicion")

    def test_whoever_has_nothing_to_do_with_stock_reads_nothing(self):
        stranger = new_test_user(self.env, login="role_stranger", groups="base.group_user")
        readable = {
            model._name
            for model in self.own_models()
            if model.with_user(stranger).has_access("read")
        }
        self.assertEqual(readable, OF_PRODUCTS | SAID)

    def test_every_model_of_a_company_has_a_rule_for_it(self):
        for model in self.own_models():
            if "company_id" in model._fields:
                rules = self.env["ir.rule"].search(
                    [("model_id.model", "=", model._name), ("global", "=", True)]
                )
                self.assertIn("company_id", "".join(rules.mapped("domain_force")), model._name)

    def test_stock_user_is_an_operator_and_no_more(self):
        self.assertTrue(self.operator.has_group("lot_traceability.group_operator"))
        self.assertFalse(self.operator.has_group("lot_traceability.group_quality"))
        self.assertFalse(self.manager.has_group("lot_traceability.group_quality"))
