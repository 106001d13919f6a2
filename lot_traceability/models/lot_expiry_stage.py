from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

BASES = [
    ("expiration_date", "Expiry"),
    ("use_date", "Best before"),
    ("removal_date", "Removal"),
    ("alert_date", "Alert"),
]
MOMENTS = [("before", "Days before"), ("on", "On the day"), ("after", "Once it has passed")]


class LotExpiryStage(models.Model):
    """A point on the way to a lot's expiry, and what happens when stock reaches it."""

    _name = "lot.expiry.stage"
    _description = "Expiry stage"
    _inherit = ["lot.audited"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The later stage of a lot is the more urgent one.")
    basis = fields.Selection(BASES, "Date", required=True, default="expiration_date")
    moment = fields.Selection(MOMENTS, "When", required=True, default="before")
    days = fields.Integer(default=30)
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        check_company=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product category",
        ondelete="cascade",
        help="Counts for the categories below it as well. The stages of a product replace those "
        "of its category, these replace those of the category above, and so on up to the stages "
        "without product and category.",
    )
    company_id = fields.Many2one(
        "res.company", help="Stages of a company replace those that are shared by all."
    )
    group_id = fields.Many2one(
        "res.groups",
        "Role",
        help="Who is told. Empty: the user responsible for the product.",
    )
    raise_activity = fields.Boolean("Activity", help="One on each lot, for each user of the role.")
    raise_mail = fields.Boolean(
        "In the mail",
        help="One mail a warehouse, with all its lots, to the role and to those who are named on "
        "the warehouse.",
    )
    raise_screen = fields.Boolean("On screen", help="A message to those who are at work in Odoo.")

    _days_positive = models.Constraint(
        "CHECK (moment <> 'before' OR days > 0)",
        "Enter one day or more, or choose “On the day”.",
    )

    @api.constrains("product_tmpl_id", "categ_id")
    def _check_scope(self):
        if any(stage.product_tmpl_id and stage.categ_id for stage in self):
            raise ValidationError(
                self.env._("Choose a product or a category for the stage, not both.")
            )

    def _days_left(self) -> int:
        """Days that are left to the date when this stage is reached."""
        self.ensure_one()
        return {"before": self.days, "on": 0, "after": -1}[self.moment]

    @api.model
    def _date_of_lot(self) -> SQL:
        """The date of `lot` that `stage` is about."""
        return SQL(
            "CASE stage.basis %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", basis, SQL.identifier("lot", basis))
                for basis, _name in BASES
            ),
        )

    # -- which stages count for which product ------------------------------------------------

    @api.model
    def _active_stages(self, company):
        """Stages that may count in a company."""
        # sudo: what the administrator laid down counts for everybody's lots
        return self.sudo().search([("company_id", "in", (False, company.id))])

    @api.model
    def _of_products(self, scope: SQL) -> SQL:
        """The stages that count for products: (company_id, product_id, stage_id).

        :param scope: name of a table of (company_id, product_id)
        """
        return SQL(
            """
            SELECT ranked.company_id, ranked.product_id, ranked.stage_id
              FROM (SELECT scope.company_id, scope.product_id, stage.id AS stage_id,
                           RANK() OVER (
                               PARTITION BY scope.company_id, scope.product_id
                               ORDER BY stage.product_tmpl_id IS NULL,
                                        LENGTH(above.parent_path) DESC NULLS LAST,
                                        stage.company_id IS NULL) AS place
                      FROM %s scope
                      JOIN product_product product ON product.id = scope.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                      LEFT JOIN product_category category ON category.id = template.categ_id
                      JOIN lot_expiry_stage stage
                        ON stage.active
                       AND (stage.company_id IS NULL OR stage.company_id = scope.company_id)
                      LEFT JOIN product_category above ON above.id = stage.categ_id
                     WHERE stage.product_tmpl_id = template.id
                        OR stage.product_tmpl_id IS NULL
                           AND (stage.categ_id IS NULL
                                OR starts_with(category.parent_path, above.parent_path))
                   ) ranked
             WHERE ranked.place = 1
            """,
            scope,
        )
