from odoo.tests import tagged

from .letters_common import LettersCommon

# {language: (heading, title, column, button)} as a consignee reads them
SAID = {
    "de_DE": ("EILT: LEBENSMITTELRÜCKRUF", "Was jetzt zu tun ist", "Geliefert", "Jetzt antworten"),
    "fr_FR": (
        "URGENT\u00a0: RAPPEL DE DENRÉE ALIMENTAIRE",
        "Que faire maintenant",
        "Livré",
        "Répondre",
    ),
    "es_ES": ("URGENTE: RETIRADA DE ALIMENTO", "Qué hacer ahora", "Entregado", "Responder ahora"),
}
# What the letter says in English where it was not translated.
ENGLISH = ("What to do now", "These lots were sent to you", "Answer now", "Contact:", "Expires")


@tagged("post_install", "-at_install")
class TestLetterLanguages(LettersCommon):
    """The languages that come with the modules, as consignees get them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in SAID:
            cls.env["res.lang"]._activate_lang(code)
        module = cls.env["ir.module.module"]._get("lot_traceability_recall")
        module._update_translations(list(SAID))

    def test_each_reads_the_letter_in_its_own_language(self):
        for code, said in SAID.items():
            with self.subTest(code):
                self.shop.lang = code
                recall = self.queued(hazard="Listeria", hazard_class="1")
                self.run_sender()
                (mail,) = self.mails(recall)
                html = f"{mail.subject} {mail.body_html}"
                for words in said:
                    self.assertIn(words, html)
                for words in ENGLISH:
                    self.assertNotIn(words, html)
                recall.action_cancel("It was none.")

    def test_meaning_of_the_class_is_told_in_the_language_of_the_reader(self):
        recall = self.frozen(hazard_class="1", region="other")
        self.assertIn("It may kill", recall.class_text)
        german = recall.with_context(lang="de_DE")
        self.assertEqual(
            (german.class_name, german.class_text),
            ("Klasse I", "Es kann töten oder ernst und dauerhaft schaden."),
        )
