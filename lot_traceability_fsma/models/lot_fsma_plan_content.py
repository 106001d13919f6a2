from odoo import api, models

from ..tools.places import text


class LotFsmaPlan(models.Model):
    """What a plan says by itself: read from the configuration, so that it says what is done."""

    _inherit = "lot.fsma.plan"

    @api.model
    def _generated(self, company) -> list[dict]:
        """The parts of the plan, in English, in the order of 21 CFR 1.1315(a).

        :return: [{"code", "title", "note", "pairs": [[label, text]], "columns": [[title, width]],
            "rows": [[text]], "empty"}], plain JSON and the same for the same configuration
        """
        # sudo: the plan tells how the firm is set up, whoever prints it
        plan = self.sudo().with_company(company).with_context(lang="en_US", active_test=True)
        company = company.with_env(plan.env)
        return [
            plan._part_records(company),
            plan._part_foods(company),
            plan._part_exemptions(company),
            plan._part_agreements(company),
            plan._part_codes(company),
            plan._part_contact(company),
            plan._part_areas(company),
        ]

    @api.model
    def _part(
        self, code: str, title: str, pairs=(), columns=(), rows=(), empty="", note=""
    ) -> dict:
        return {
            "code": code,
            "title": title,
            "note": note,
            "pairs": [[label, value] for label, value in pairs if value],
            "columns": [[name, width] for name, width in columns],
            "rows": [[str(cell or "") for cell in row] for row in rows],
            "empty": empty,
        }

    @api.model
    def _quoted(self, code: str) -> str:
        """A text of the rule with its source."""
        return self.env["lot.fsma.text"]._of(code)._quoted()

    @api.model
    def _part_records(self, company) -> dict:
        """1.1315(a)(1): how records are kept, in which form, and where."""
        labels = dict(self.env["stock.picking.type"]._fields["fsma_event"].selection)
        types = self.env["stock.picking.type"].search(
            [("company_id", "=", company.id)], order="warehouse_id, sequence, id"
        )
        return self._part(
            "records",
            "Keeping of records, 1.1315(a)(1)",
            [
                ("Form", "Electronic records in the firm's Odoo, with an audit log that is sealed"),
                (
                    "How they come about",
                    (
                        "Each transfer and manufacturing order records its events when it is "
                        "done. What documents do not tell is asked and entered by hand. A "
                        "correction is a new version with its reason; the earlier one is kept."
                    ),
                ),
                ("Where", "In the database of the firm; a sortable spreadsheet is written from it"),
                ("How long", self._quoted("retention_years")),
                ("Requests", self._quoted("answer_hours")),
                (
                    "Rows of the spreadsheet",
                    (
                        "An event with several lots used has one row for each link of a lot used "
                        "and the lot made."
                    ),
                ),
            ],
            [("Warehouse", 24), ("Operation", 30), ("Critical tracking event", 34)],
            [
                [
                    one.warehouse_id.name,
                    one.name,
                    labels.get(one.fsma_event, "By the goods and the document"),
                ]
                for one in types
            ],
            "No operations are configured.",
        )

    @api.model
    def _part_foods(self, company) -> dict:
        """1.1315(a)(2): how foods of the list are identified."""
        edition = self.env["lot.fsma.edition"].search([], limit=1)
        products = self.env["product.template"].search(
            [
                ("fsma_category_id", "!=", False),
                ("company_id", "in", (company.id, False)),
            ],
            order="name, id",
        )
        return self._part(
            "foods",
            "Foods of the Food Traceability List, 1.1315(a)(2)",
            [
                ("Edition of the list", f"{edition.name} ({edition.source})" if edition else ""),
                (
                    "How they are identified",
                    (
                        "Each product has its category of the list. What is made with a listed "
                        "food that keeps its listed form counts as well, by its bill of materials."
                    ),
                ),
                (
                    "Further foods",
                    "Events of all foods are recorded." if company.fsma_record_all else "",
                ),
            ],
            [("Category", 40), ("Product", 34), ("GTIN", 16)],
            [
                [
                    product.fsma_category_id.name,
                    product.display_name,
                    product.product_variant_id._fsma_gtin() if product.product_variant_id else "",
                ]
                for product in products
            ],
            "No product is on the list.",
        )

    @api.model
    def _part_exemptions(self, company) -> dict:
        """What the firm does not keep, and why."""
        found = self.env["lot.fsma.exemption"].search(
            [("company_id", "=", company.id)], order="date_from, id"
        )
        return self._part(
            "exemptions",
            "Exemptions, 1.1305",
            columns=[("What", 34), ("Paragraph", 30), ("From", 12), ("Until", 12)],
            rows=[
                [
                    (one.product_tmpl_id or one.partner_id).display_name,
                    one.paragraph_id.display_name,
                    one.date_from,
                    one.date_until,
                ]
                for one in found
            ],
            empty="None is claimed.",
        )

    @api.model
    def _part_agreements(self, company) -> dict:
        """The agreements that exemptions rest on."""
        found = self.env["lot.fsma.agreement"].search(
            [("company_id", "=", company.id), ("state", "=", "in_force")], order="name, id"
        )
        labels = dict(found._fields["kind"].selection)
        return self._part(
            "agreements",
            "Written agreements in effect, 1.1305(d)(6), (h)(2)",
            columns=[("Number", 14), ("Kind", 34), ("With", 26), ("Effective", 12)],
            rows=[
                [one.name, labels[one.kind], one.partner_id.display_name, one.effective_date]
                for one in found
            ],
            empty="There is none.",
        )

    @api.model
    def _part_codes(self, company) -> dict:
        """1.1315(a)(3): how traceability lot codes are assigned."""
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], order="name, id"
        )
        rows = []
        for warehouse in warehouses:
            partner = warehouse.partner_id or company.partner_id
            place = partner._place()
            rows.append([warehouse.name, text(place), place.get("gln"), place.get("ffrn")])
        return self._part(
            "codes",
            "Assigning traceability lot codes, 1.1315(a)(3)",
            [
                ("When", self._quoted("no_new_code")),
                (
                    "How",
                    "None is assigned: this is a retail food establishment or restaurant."
                    if company.fsma_retail
                    else "GTIN and lot number, written (01)GTIN(10)LOT; the lot number alone where "
                    "the product has no GTIN. A code is unique for its source.",
                ),
                (
                    "Codes of suppliers",
                    "The lot number typed at a receipt is the supplier's code, unless another is "
                    "told."
                    if company.fsma_lot_name_is_code
                    else "The code on the label or in the papers is kept with the lot, apart from "
                    "the firm's own lot number.",
                ),
            ],
            [("Source of codes", 24), ("Address", 50), ("GLN", 16), ("FFRN", 14)],
            rows,
            "There is no warehouse.",
        )

    @api.model
    def _part_contact(self, company) -> dict:
        """1.1315(a)(4): the point of contact is told with the version; where the firm is, here."""
        place = company.partner_id._place()
        return self._part(
            "contact",
            "The firm and its point of contact, 1.1315(a)(4)",
            [("Firm", text(place)), ("Phone of the firm", place.get("phone") or "")],
        )

    @api.model
    def _part_areas(self, company) -> dict:
        """1.1315(a)(5): the farm map of what the firm itself grows."""
        own = company.partner_id.commercial_partner_id
        areas = self.env["lot.fsma.area"].search(
            [
                ("company_id", "in", (company.id, False)),
                ("farm_id.commercial_partner_id", "=", own.id),
            ]
        )
        labels = dict(areas._fields["kind"].selection)
        rows = []
        for area in areas:
            latitude, longitude = area._point()
            rows.append(
                [
                    area.farm_id.display_name,
                    area.name,
                    labels[area.kind],
                    area.commodity,
                    f"{latitude:.6f} {longitude:.6f}" if latitude or longitude else "",
                    "; ".join((area.outline or "").split("\n")),
                    " ".join(filter(None, (area.note, area.map_url))),
                ]
            )
        return self._part(
            "areas",
            "Farm map: fields and containers, 1.1315(a)(5)",
            columns=[
                ("Farm", 20),
                ("Name", 16),
                ("Kind", 14),
                ("What grows there", 16),
                ("Coordinates", 20),
                ("Corners", 34),
                ("How it is found, map", 34),
            ],
            rows=rows,
            empty="The firm grows or raises no food, or its areas are not entered.",
        )
