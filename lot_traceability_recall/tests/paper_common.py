import io

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.tools.pdf import PdfFileReader

from .letters_common import LettersCommon

MODULE = "lot_traceability_recall"


class PaperCommon(LettersCommon):
    """Letters as real PDFs.

    - `printed` prints a report as the given user; `pages` gives the words of each page of a PDF
    - `many` makes an approved recall with so many shops that are told on paper
    """

    def setUp(self):
        super().setUp()
        if _wkhtml().state != "ok":
            self.skipTest("wkhtmltopdf is missing")

    def printed(self, name, records, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.quality)
        report = report.with_context(force_report_rendering=True, lang="en_US")
        content, kind = report._render_qweb_pdf(f"{MODULE}.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return content

    def opened(self, content):
        return PdfFileReader(io.BytesIO(content), strict=False)

    def pages(self, content):
        return [
            " ".join((page.extract_text() or "").split()) for page in self.opened(content).pages
        ]

    def places(self, content, page=0):
        """[(millimetres from the left, from the top, text)] of the texts of a page."""
        sheet = self.opened(content).pages[page]
        height = float(sheet.mediabox[3])
        found = []

        def visit(text, cm, tm, _font, _size):
            if text.strip():
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                found.append((x / 72 * 25.4, (height - y) / 72 * 25.4, text.strip()))

        sheet.extract_text(visitor_text=visit)
        return found

    def pictures(self, content, page=0):
        """The pictures of a page."""
        sheet = self.opened(content).pages[page]
        return [image.image for image in sheet.images]

    def many(self, count):
        shops = self.env["res.partner"].create(
            [
                {
                    "name": f"Corner shop {number:02}",
                    "street": f"Mill Lane {number}",
                    "zip": "05401",
                    "city": "Burlington",
                    "country_id": self.env.ref("base.us").id,
                }
                for number in range(count)
            ]
        )
        for shop in shops:
            self.deliver({self.good_cheese: 0.1}, shop)
        return self.approved(lots=self.good_cheese)

    def run_printing(self):
        """The job that sends, on a server that prints."""
        with self.commits():
            sender = self.env["lot.recall.sender"].with_context(force_report_rendering=True)
            sender._cron_send()
