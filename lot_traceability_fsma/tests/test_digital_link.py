import json

from lxml import html
from odoo.addons.lot_traceability.tests.common import LotTraceabilityCommon
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

GTIN = "09520123456788"
LOT = f"/01/{GTIN}/10/C-1"
WITH_DATE = f"{LOT}?17=260401"


@tagged("post_install", "-at_install", "digital_link")
class TestDigitalLinkResolver(LotTraceabilityCommon, HttpCase):
    """What the square code on a label answers, to people and programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.plant.company_id
        cls.company.phone = "+1 555 0100"
        cls.cheese = cls.product("Soft cheese", barcode=GTIN, use_expiration_date=True)
        cls.cheese_lot = cls.lot(
            cls.cheese,
            "C-1",
            expiration_date="2026-04-01 21:00:00",
            production_date="2026-03-01",
            origin_country_id=cls.env.ref("base.de").id,
        )
        cls.receive({cls.cheese_lot: 20})
        cls.deliver({cls.cheese_lot: 5})
        cls.publication = cls.env["lot.publication"].create(
            {
                "name": "Cheese",
                "company_id": cls.company.id,
                "product_tmpl_ids": [Command.set(cls.cheese.product_tmpl_id.ids)],
                "text": "<p>Made of cow's milk</p>",
            }
        )

    def shown(self, path):
        """What a page says: all around it has a token of its own."""
        page = html.fromstring(self.get(path).text)
        return " ".join(page.get_element_by_id("wrap").text_content().split())

    def get(self, path, **headers):
        return self.url_open(path, headers=headers)

    def test_who_has_the_label_sees_dates_and_origin(self):
        page = self.get(WITH_DATE)
        self.assertEqual(page.status_code, 200)
        for text in ("Soft cheese", "C-1", "04/01/2026", "Germany", "No recall is known", "milk"):
            self.assertIn(text, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_who_guesses_a_lot_sees_what_a_lot_that_is_not_there_shows(self):
        guessed, absent = self.shown(LOT), self.shown(f"/01/{GTIN}/10/C-9")
        self.assertNotIn("Germany", guessed)
        self.assertEqual(guessed.replace("C-1", "C-9"), absent)
        wrong = self.get(f"{LOT}?17=260402").text
        self.assertNotIn("Germany", wrong)

    def test_lot_with_a_slash_is_found(self):
        lot = self.lot(self.cheese, "C/3", production_date="2026-03-01")
        self.receive({lot: 5})
        self.deliver({lot: 5})
        self.assertIn("Made on", self.shown(f"/01/{GTIN}/10/C%2F3?11=260301"))

    def test_publication_may_show_it_to_everybody(self):
        self.publication.proof = "all"
        self.assertIn("Germany", self.get(LOT).text)

    def test_lot_that_never_left_the_firm_is_not_told_of(self):
        kept = self.lot(self.cheese, "C-2", expiration_date="2026-04-01 21:00:00")
        self.receive({kept: 5})
        self.assertNotIn("Use by", self.get(f"/01/{GTIN}/10/C-2?17=260401").text)

    def test_recall_turns_the_page_red_for_everybody_who_asks(self):
        self.cheese_lot.set_status("recalled", "Listeria")
        page = self.get(LOT).text
        self.assertIn("This lot is recalled", page)
        self.assertIn("+1 555 0100", page)
        self.assertNotIn("Listeria", page)
        told = json.loads(self.get(LOT, Accept="application/ld+json").text)
        self.assertEqual(told["gs1:recallStatus"], "recalled")

    def test_program_gets_json_ld_and_linkset(self):
        told = json.loads(self.get(WITH_DATE, Accept="application/ld+json").text)
        self.assertEqual(told["gs1:expirationDate"]["@value"], "2026-04-01")
        self.assertEqual(told["gs1:hasBatchLotNumber"], "C-1")
        links = self.get(LOT, Accept="application/linkset+json")
        self.assertEqual(links.headers["Content-Type"], "application/linkset+json")
        self.assertIn("https://gs1.org/voc/recallStatus", json.loads(links.text)["linkset"][0])
        asked = json.loads(self.get(f"{LOT}?linkType=linkset").text)
        self.assertEqual(asked, json.loads(links.text))

    def test_what_is_unknown_unpublished_or_wrong_looks_alike(self):
        other = self.product("Curd", barcode="09520123456795")
        paths = (
            "/01/09520123456795",  # ours, not published
            "/01/09506000134352",  # nobody's here
            "/01/09520123456780",  # wrong check digit
            f"/01/{GTIN}/10/{'X' * 30}",  # no lot has so long a number
        )
        pages = {self.shown(path) for path in paths}
        self.assertEqual(len(pages), 1)
        self.assertEqual(self.get(paths[0]).status_code, 404)
        self.publication.product_tmpl_ids += other.product_tmpl_id
        self.assertEqual(self.get(paths[0]).status_code, 200)
        self.publication.active = False
        self.assertEqual(self.shown(LOT), pages.pop())

    def test_certificate_is_downloaded_and_no_other_file(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": "Organic.txt", "raw": b"organic", "mimetype": "text/plain"},
                {"name": "Secret.txt", "raw": b"secret", "mimetype": "text/plain"},
            ]
        )
        self.publication.certificate_ids = files[0]
        page = self.get(LOT).text
        path = f"/01/{GTIN}/certificate/{files[0].id}"
        self.assertIn(path, page)
        self.assertEqual(self.get(path).content, b"organic")
        self.assertEqual(self.get(f"/01/{GTIN}/certificate/{files[1].id}").status_code, 404)

    def test_guessing_many_is_stopped(self):
        statuses = [self.get(f"/01/{GTIN}/10/{number}").status_code for number in range(42)]
        self.assertEqual(statuses, [200] * 40 + [429] * 2)

    def test_publication_needs_products_and_an_administrator(self):
        with self.assertRaises(ValidationError):
            self.publication.product_tmpl_ids = False
        with self.assertRaises(AccessError):
            self.publication.with_user(self.quality).show_recall = False
