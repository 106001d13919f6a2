from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from . import security_doc as doc
from . import security_table as table

# Where nothing of the company is told: who may see the record at all sees what belongs to all.
_OF_ALL = "all"


@tagged("post_install", "-at_install")
class TestSecurityTable(TransactionCase):
    """`docs/security.md` names each route, each public method and each model, and says the truth;
    what is added needs a line there."""

    maxDiff = None

    def test_each_route_is_in_the_table_as_it_is(self):
        self.assertEqual(table.actual_routes(self.env.registry), doc.routes())

    def test_each_public_method_is_in_the_table(self):
        actual, described = table.actual_methods(self.env.registry), doc.methods()
        self.assertFalse(actual - described.keys(), "read them, and add a line for each")
        self.assertFalse(described.keys() - actual, "these are not there any more")

    def test_each_group_has_the_rights_of_the_table_on_each_model(self):
        users = {
            column: self.env.ref("base.public_user")
            if column == "Public"
            else new_test_user(self.env, login=f"table {column}", groups=group)
            for column, group in table.GROUPS.items()
        }
        described = doc.access()
        actual = {
            model._name: {column: table.rights(model, user) for column, user in users.items()}
            for model in table.own_models(self.env)
        }
        lines = [
            f"| `{name}` | {described.get(name, {}).get('Company', '?')} | "
            + " | ".join(rights.values())
            + " |"
            for name, rights in actual.items()
            if rights != {column: described.get(name, {}).get(column) for column in users}
        ]
        self.assertFalse(lines, "Is this what is meant?\n" + "\n".join(lines))
        self.assertFalse(described.keys() - actual.keys(), "these are not there any more")


@tagged("post_install", "-at_install")
class TestCompanies(TransactionCase):
    """Records of a company are seen by its own users alone, in each model that has any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours, cls.others = cls.env["res.company"].create(
            [{"name": name} for name in ("Ours", "Others")]
        )
        cls.user = new_test_user(
            cls.env,
            login="of ours",
            groups="lot_traceability.group_administrator,lot_traceability.group_auditor",
            company_id=cls.ours.id,
            company_ids=[(6, 0, cls.ours.ids)],
        )

    def bare(self, model, values: dict) -> int:
        """A row with these values alone, whatever else the model demands of one."""
        cr, name = self.env.cr, model._table
        if name not in self.stripped:
            cr.execute(
                "SELECT conname FROM pg_constraint "
                "WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u', 'x')",
                [name],
            )
            for (constraint,) in cr.fetchall():
                cr.execute(
                    SQL(
                        "ALTER TABLE %s DROP CONSTRAINT %s",
                        SQL.identifier(name),
                        SQL.identifier(constraint),
                    )
                )
            cr.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND attnotnull AND NOT attisdropped AND attname <> 'id'",
                [name],
            )
            for (column,) in cr.fetchall():
                cr.execute(
                    SQL(
                        "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL",
                        SQL.identifier(name),
                        SQL.identifier(column),
                    )
                )
            self.stripped.add(name)
        return self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(name),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )[0][0]

    def of_company(self, model, company) -> int:
        """A record of a company: by its own field, or by the one on the way to it."""
        field = model._fields.get("company_id")
        if field and field.store and not field.related:
            return self.bare(model, {"company_id": company.id})
        path = field.related if field else self.path(model)
        first, *_rest = path.split(".")
        parent = self.env[model._fields[first].comodel_name]
        values = {first: self.of_company(parent, company)}
        if field and field.store:
            values["company_id"] = company.id
        return self.bare(model, values)

    def path(self, model) -> str:
        """The way to the company in the rules of a model without a company of its own."""
        rules = self.env["ir.rule"].search([("model_id.model", "=", model._name)])
        for rule in rules:
            for leaf in _leaves(rule.domain_force):
                if leaf.endswith(".company_id"):
                    return leaf
        return ""

    def test_records_of_another_company_are_not_seen(self):
        self.stripped = set()
        described = doc.access()
        wrong = []
        for model in table.own_models(self.env):
            own = model._fields.get("company_id")
            has_company = bool(own or self.path(model))
            says = described.get(model._name, {}).get("Company", "?")
            if (says == _OF_ALL or model._transient) == has_company and not model._transient:
                wrong.append(f"{model._name}: company is {'told' if has_company else 'not told'}")
            if (
                not has_company
                or model._transient
                or not model.with_user(self.user).has_access("read")
            ):
                continue
            if not model._auto or model._table_query:
                seen = self.seen_of_view(model)
            else:
                seen = self.seen_of_table(model)
            if seen != {"ours"}:
                wrong.append(f"{model._name}: sees {sorted(seen)}")
        self.assertFalse(wrong, "\n".join(wrong))

    def seen_of_table(self, model) -> set[str]:
        ids = {
            self.of_company(model, self.ours): "ours",
            self.of_company(model, self.others): "others",
        }
        self.env.invalidate_all()
        asked = model.with_user(self.user).with_context(active_test=False)
        seen = asked.search([("id", "in", list(ids))])
        for id_, whose in ids.items():
            if whose == "others":
                with self.assertRaises(AccessError, msg=model._name):
                    asked.browse(id_).check_access("read")
        return {ids[id_] for id_ in seen.ids}

    def seen_of_view(self, model) -> set[str]:
        """What a view shows cannot be inserted: the rule is asked of what it might show."""
        rule = self.env["ir.rule"].with_user(self.user)._compute_domain(model._name, "read")
        return {
            whose
            for whose, company in (("ours", self.ours), ("others", self.others))
            if model.new({"company_id": company.id}).filtered_domain(rule)
        }


def _leaves(domain: str) -> list[str]:
    """The names of fields in a domain that is a text."""
    return [part for part in domain.replace("'", '"').split('"') if part.endswith("company_id")]
