import json
import random

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged

from ..tools.gs1 import GS, from_pairs
from ..tools.gs1.ai import IDENTIFIERS
from .gs1_values import example, examples

GTIN = "09520123456788"
# Plain numbers that begin as an identifier of ours does: retail numbers, lots, a cash card.
PLAIN = (
    "4006381333931", "9012345678906", "3230123456300", "2099301234564", "9780201379624",
    "24012345678905", "70032601011238", "400-A17", "7023B", "90210", "2026-11", "11260101",
)  # fmt: skip
JS = """
const { BarcodeParser } = odoo.loader.modules.get("@barcodes/js/barcode_parser");
const nomenclature = %(nomenclature)s;
const parser = new BarcodeParser({ nomenclature });
const wrong = [];
for (const [ai, value, label] of %(labels)s) {
    let found = [];
    try {
        found = parser.parse_barcode(label);
    } catch (error) {
        wrong.push(`${ai}: ${error.message}`);
        continue;
    }
    const last = found.at(-1);
    if (last?.ai !== ai || !value.startsWith(last.string_value)) {
        wrong.push(`${ai}: ${JSON.stringify(last)}`);
    }
}
for (const number of %(plain)s) {
    try {
        parser.parse_barcode(number);
        wrong.push(`${number} was taken for a label`);
    } catch {
        // The till and the scanning screens go on with the plain number.
    }
}
if (wrong.length) {
    console.error(wrong.slice(0, 5).join("; "));
} else {
    console.log("test successful");
}
"""


class BarcodeRulesCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nomenclature = cls.env.ref("barcodes_gs1_nomenclature.default_gs1_nomenclature")
        cls.ours = cls.env["barcode.rule"].search(
            [("id", "in", cls._ids_of_ours()), ("barcode_nomenclature_id", "!=", False)]
        )

    @classmethod
    def _ids_of_ours(cls):
        data = cls.env["ir.model.data"].search(
            [("module", "=", "lot_traceability"), ("model", "=", "barcode.rule")]
        )
        return data.mapped("res_id")

    def labels(self):
        """(identifier, its value, a label with it behind a GTIN)."""
        for ai, value in examples().items():
            front = "" if ai == "01" else "01" + GTIN
            yield ai, value, front + ai + value


@tagged("post_install", "-at_install")
class TestBarcodeRules(BarcodeRulesCommon):
    def test_examples_are_valid(self):
        for ai, value in examples().items():
            with self.subTest(ai):
                self.assertEqual(from_pairs([(ai, value)]).value(ai), value)

    def test_every_identifier_is_read_within_a_label(self):
        for ai, value, label in self.labels():
            # What follows must not be swallowed.
            for end in ("", GS + "10A17", "]d2"):
                text = end + label if end == "]d2" else label + end
                with self.subTest(ai=ai, end=end):
                    found = self.nomenclature.parse_barcode(text)
                    self.assertTrue(found, text)
                    by_ai = {one["ai"]: one["string_value"] for one in found}
                    # A time of day behind the date is left out.
                    expected = value[:6] if ai == "7003" else value
                    if ai != "10" or not end.startswith(GS):
                        self.assertEqual(by_ai[ai], expected)
                    if end.startswith(GS):
                        self.assertEqual(by_ai["10"], "A17")

    def test_expiry_with_a_time_of_day_and_yards_have_their_meaning(self):
        found = self.nomenclature.parse_barcode(f"01{GTIN}700326123112303232001250")
        product, expiry, length = found
        self.assertEqual((product["type"], product["value"]), ("product", GTIN))
        self.assertEqual((expiry["type"], str(expiry["value"])), ("expiration_date", "2026-12-31"))
        self.assertEqual((length["type"], length["value"]), ("quantity", 12.5))
        self.assertEqual(length["rule"].associated_uom_id, self.env.ref("uom.product_uom_yard"))

    def test_what_was_read_before_is_read_alike(self):
        """Labels of what core knows, good, cut and run together, with our rules and without."""
        draw = random.Random(5)
        known = [
            ai
            for ai in IDENTIFIERS
            if any(
                rule.pattern.startswith(f"({ai[:3]}") or rule.pattern.startswith(f"({ai})")
                for rule in self.nomenclature.rule_ids - self.ours
            )
        ]
        texts = list(PLAIN)
        for _ in range(1_500):
            text = ""
            for ai in draw.sample(known, draw.randint(1, 4)):
                text += ai + example(ai)[: draw.choice((6, 14, 20, 90))]
                text += draw.choice((GS, "", "", "#"))
            texts.append(text)
        core = self.nomenclature.copy({"name": "Core alone"})
        for rule in self.nomenclature.rule_ids - self.ours:
            rule.copy({"barcode_nomenclature_id": core.id})
        self.assertEqual(len(core.rule_ids), len(self.nomenclature.rule_ids - self.ours))
        read = 0
        for text in texts:
            before, after = self.outcome(core, text), self.outcome(self.nomenclature, text)
            if before is not None:
                read += 1
                self.assertEqual(after, before, text)
        self.assertGreater(read, 200)

    def outcome(self, nomenclature, text):
        try:
            found = nomenclature.parse_barcode(text)
        except ValidationError as error:
            return str(error)
        return found and [(one["ai"], one["type"], one["value"]) for one in found]

    def test_plain_numbers_stay_plain(self):
        for number in PLAIN:
            with self.subTest(number):
                self.assertIsNone(self.nomenclature.parse_barcode(number))

    def test_month_that_is_none_is_no_error(self):
        self.assertIsNone(self.nomenclature.parse_barcode(f"01{GTIN}17261300"))

    def test_what_says_that_it_is_gs1_data_is_read(self):
        found = self.nomenclature.parse_barcode("]C1400PO-7")
        self.assertEqual([(one["ai"], one["value"]) for one in found], [("400", "PO-7")])

    def test_rules_come_after_those_of_core_and_are_the_firms_own(self):
        self.assertGreater(len(self.ours), 40)
        self.assertGreater(
            min(self.ours.mapped("sequence")),
            max((self.nomenclature.rule_ids - self.ours).mapped("sequence")),
        )
        data = self.env["ir.model.data"].search(
            [("module", "=", "lot_traceability"), ("model", "=", "barcode.rule")]
        )
        self.assertTrue(all(data.mapped("noupdate")))


@tagged("post_install", "-at_install")
class TestBarcodeRulesInTheBrowser(BarcodeRulesCommon, HttpCase):
    def test_every_identifier_is_read_by_cores_parser_in_the_browser(self):
        nomenclature = self.nomenclature.read(
            ["name", "upc_ean_conv", "is_gs1_nomenclature", "gs1_separator_fnc1"]
        )[0]
        nomenclature["rules"] = self.nomenclature.rule_ids.sorted("sequence").read(
            ["name", "sequence", "type", "encoding", "pattern", "alias", "gs1_content_type",
             "gs1_decimal_usage", "associated_uom_id"]
        )  # fmt: skip
        self.browser_js(
            "/odoo",
            JS
            % {
                "nomenclature": json.dumps(nomenclature),
                "labels": json.dumps(list(self.labels())),
                "plain": json.dumps(PLAIN),
            },
            ready="Boolean(odoo.loader?.modules.get('@barcodes/js/barcode_parser'))",
            login="admin",
        )
