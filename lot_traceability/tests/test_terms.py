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
        current = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
        given = {entry.msgid for entry in polib.pofile(file_path(f"{MODULE}/i18n/{MODULE}.pot"))}
        self.assertEqual(sorted(current - given), [], "setup/lib/with-python terms adds them")
