from odoo.tests import HttpCase, new_test_user, tagged

from .label_common import LabelCommon


@tagged("post_install", "-at_install")
class TestLabelFiles(LabelCommon, HttpCase):
    """What was printed, fetched by a browser."""

    def print_(self, **values):
        return self.designs._print(
            self.camembert.with_user(self.operator), self.design("item"), **values
        )

    def test_file_of_a_print(self):
        answer = self.print_()
        self.authenticate("flow_operator", "flow_operator")
        response = self.url_open(answer["url"])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("LOT_1_A.pdf", response.headers["Content-Disposition"])
        self.assertTrue(response.content.startswith(b"%PDF"))

    def test_drawing_cannot_run_anything(self):
        answer = self.print_(format="svg")
        self.authenticate("flow_operator", "flow_operator")
        response = self.url_open(answer["url"])
        self.assertIn("sandbox", response.headers["Content-Security-Policy"])
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_others_get_nothing(self):
        answer = self.print_()
        response = self.url_open(answer["url"], allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))
        new_test_user(self.env, login="label_nobody", groups="base.group_user")
        self.authenticate("label_nobody", "label_nobody")
        self.assertEqual(self.url_open(answer["url"]).status_code, 403)
        company = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            login="label_other",
            groups="stock.group_stock_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.authenticate("label_other", "label_other")
        theirs, absent = map(self.url_open, (answer["url"], "/lot_traceability/label/999999999"))
        self.assertEqual((theirs.status_code, absent.status_code), (404, 404))
        self.assertEqual(theirs.text, absent.text)
