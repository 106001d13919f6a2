import io

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

MODULE = "lot_traceability"


@tagged("post_install", "-at_install")
class TestTerms(TransactionCase):
    def test_translators_are_given_every_current_term(self):
        exported = io.BytesIO()
        trans_export(None, [MODULE], exported, "po", self.env)
        current = {
            entry.msgid
            for entry in polib.pofile(exported.getvalue().decode())
            if any(self._is_ours(source) for source, _line in entry.occurrences)
        }
        given = {entry.msgid for entry in polib.pofile(file_path(f"{MODULE}/i18n/{MODULE}.pot"))}
        self.assertEqual(sorted(current - given), [], "setup/lib/with-python terms adds them")

    def _is_ours(self, source: str) -> bool:
        """Does a term come from the module or what it depends on, or from a field that another
        installed app gives to the module's models?"""
        if not source.startswith("model:"):
            return True
        field, xmlid = source.removeprefix("model:").split(":", 1)
        if not self._is_known(*field.split(",")):
            return False
        if field.startswith("ir.model.fields,"):
            described = self.env.ref(xmlid)
            return self._is_known(described.model, described.name)
        return True

    def _is_known(self, model: str, field: str) -> bool:
        module = self.env["ir.module.module"]._get(MODULE)
        known = module | module.upstream_dependencies(exclude_states=("uninstallable",))
        return self.env[model]._fields[field]._module in known.mapped("name")
