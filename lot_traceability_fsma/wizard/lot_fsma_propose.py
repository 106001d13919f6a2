from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.propose import propose

# More than that nobody reads; the rest is proposed when these are done.
MOST = 500


class LotFsmaPropose(models.TransientModel):
    """Proposes categories of the Food Traceability List for many products at once, each with what
    speaks for it; a person decides."""

    _name = "lot.fsma.propose"
    _description = "Proposal of categories"

    line_ids = fields.One2many("lot.fsma.propose.line", "wizard_id", "Proposals")
    looked_at = fields.Integer("Products looked at", readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        chosen = self.env.context.get("active_ids", [])
        domain = [("fsma_category_id", "=", False)]
        if self.env.context.get("active_model") == "product.template" and chosen:
            domain.append(("id", "in", chosen))
        products = self.env["product.template"].search_fetch(domain, ["name", "categ_id"])
        lines = self._proposals(products)
        return {
            **values,
            "looked_at": len(products),
            "line_ids": [Command.create(line) for line in lines[:MOST]],
        }

    @api.model
    def _proposals(self, products) -> list[dict]:
        rules = self.env["lot.fsma.category"]._rules()
        sentences = {
            "name": self.env._("“%s” stands in its name"),
            "group": self.env._("“%s” stands in the name of its product category"),
        }
        found = []
        for product in products:
            proposal = propose(product.name or "", product.categ_id.display_name or "", rules)
            if proposal:
                found.append(
                    {
                        "product_tmpl_id": product.id,
                        "category_id": proposal.rule,
                        "why": sentences[proposal.where] % proposal.word,
                        "accepted": proposal.where == "name",
                    }
                )
        return found

    def action_apply(self) -> dict:
        """Give the accepted products their categories.

        :return: the action that shows them
        :raise UserError: when none is accepted
        """
        self.ensure_one()
        accepted = self.line_ids.filtered("accepted")
        if not accepted:
            raise UserError(self.env._("Tick the products that are to be traced."))
        for category, lines in accepted.grouped("category_id").items():
            lines.product_tmpl_id.fsma_category_id = category
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Traced under FSMA 204"),
            "res_model": "product.template",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", accepted.product_tmpl_id.ids)],
        }


class LotFsmaProposeLine(models.TransientModel):
    _name = "lot.fsma.propose.line"
    _description = "Proposed category"

    wizard_id = fields.Many2one("lot.fsma.propose", required=True, ondelete="cascade")
    accepted = fields.Boolean("Take over")
    product_tmpl_id = fields.Many2one("product.template", "Product", required=True)
    category_id = fields.Many2one("lot.fsma.category", required=True)
    form = fields.Char(related="category_id.form")
    why = fields.Char("Because", readonly=True)
