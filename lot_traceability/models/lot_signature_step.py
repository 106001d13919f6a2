from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache


class LotSignatureStep(models.Model):
    """A step that a firm may have signed. None is demanded until somebody says so.

    To have another step signed, add a record with a `code` of its own, ask for it where the step
    is done (`lot.signing._demand(code, records)`), and give the records' model `lot.signable` with
    a method `_signed_<code>(values)` that does the step.
    """

    _name = "lot.signature.step"
    _description = "Step that is signed"
    _inherit = ["lot.cached.rules", "lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, help="How programs name this step")
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    demanded = fields.Boolean(
        "Must be signed", help="Without a signature the step is refused, whichever way it is tried."
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: in all companies that have no line of their own for this step",
    )
    meaning_ids = fields.Many2many(
        "lot.signature.meaning",
        string="Meanings offered",
        help="What the signer can say that the signature means",
    )
    reason_required = fields.Boolean("Needs a reason", default=True)
    second_signer = fields.Boolean(
        "Two persons", help="The step is done when a second person has signed as well."
    )
    group_id = fields.Many2one(
        "res.groups",
        "Who may sign",
        ondelete="restrict",
        help="Empty: whoever may do the step.",
    )
    second_factor = fields.Boolean(
        "Second factor",
        help="Whoever signs needs an authenticator app or a passkey. Where it is off, the app's "
        "code is asked from those who have one.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This company has a line for this step already."
    )

    @api.constrains("demanded", "meaning_ids")
    def _check_meanings(self):
        for step in self:
            if step.demanded and not step.meaning_ids:
                raise UserError(
                    self.env._(
                        "Choose at least one meaning that signers of “%s” can give.", step.name
                    )
                )

    @api.model
    def _demanded(self, code: str, company):
        """The step that has to be signed in this company; empty where none has to be."""
        found = self._demanded_ids().get((code, company.id), self._demanded_ids().get((code, 0)))
        # sudo: what has to be signed has to be signed by everybody
        return self.sudo().browse(found or [])

    @api.model
    @ormcache()
    def _demanded_ids(self) -> dict[tuple[str, int], int]:
        """{(code, company id or 0 for all): id, or 0 where this company does without}"""
        # sudo: kept for everybody
        return {
            (step.code, step.company_id.id or 0): step.id if step.demanded else 0
            for step in self.sudo().search([])
        }

    def _check_signer(self, user) -> None:
        """:raise AccessError: when this user may not sign the step; tells who may"""
        self.ensure_one()
        if self.group_id and self.group_id not in user.all_group_ids:
            raise AccessError(
                self.env._(
                    "You may not sign “%(step)s”. Ask somebody of: %(group)s.",
                    step=self.name,
                    group=self.group_id.name,
                )
            )

    def _check_meaning(self, code: str):
        """The meaning with this code, where the step offers it.

        :raise UserError: when it is none that the step offers
        """
        self.ensure_one()
        meaning = self.meaning_ids.filtered(lambda meaning: meaning.code == code)
        if not meaning:
            raise UserError(
                self.env._(
                    "Say what your signature means. For “%(step)s” choose one of: %(meanings)s.",
                    step=self.name,
                    meanings=", ".join(
                        f"{meaning.name} ({meaning.code})" for meaning in self.meaning_ids
                    ),
                )
            )
        return meaning
