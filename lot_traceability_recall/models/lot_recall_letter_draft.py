from odoo import api, fields, models

from .lot_recall_letter import AUDIENCES


class LotRecall(models.Model):
    """The first wording of the letters, filled from the case."""

    _inherit = "lot.recall"

    remedy = fields.Selection(
        [("removal", "Take the goods back"), ("correction", "Put them right where they are")],
        default="removal",
        required=True,
        tracking=True,
        help="Letters of a correction say so in their heading; 21 CFR 7.49(b).",
    )
    letter_ids = fields.One2many("lot.recall.letter", "recall_id", "Letters")

    def write_letters(self) -> list[int]:
        """Write a draft of the letter for each kind of consignee of this recall that has none yet:
        subject, problem, instructions and depth, in each language of these consignees.

        :return: ids of the new letters in `lot.recall.letter`
        :raise AccessError: without the right to write letters
        :raise UserError: before the scope is frozen, or when nobody received anything
        """
        self.ensure_one()
        self._check_state("decided")
        wanted = self._audiences_used()
        missing = [one for one, _name in AUDIENCES if one in wanted]
        known = set(self.letter_ids.mapped("audience"))
        letters = self.env["lot.recall.letter"].create(
            [
                {
                    "recall_id": self.id,
                    "audience": audience,
                    **self._contact_values(),
                    **self._draft_texts(audience),
                }
                for audience in missing
                if audience not in known
            ]
        )
        for letter in letters:
            letter._draft()
        if letters:
            self._tell_step("letters written", audiences=letters.mapped("audience"))
        return letters.ids

    def action_write_letters(self) -> bool:
        """As `write_letters`, for a button.

        :return: True
        """
        self.write_letters()
        return True

    def _audiences_used(self) -> set[str]:
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "=", self.id), ("line_ids", "!=", False)], ["audience"]
        )
        return {audience for (audience,) in rows} or {"retailer"}

    def _contact_values(self) -> dict[str, str]:
        # sudo: the one in charge signs the letter with name and phone
        manager, company = self.manager_id.partner_id.sudo(), self.company_id.sudo()
        return {
            "contact_name": manager.name,
            "contact_phone": manager.phone or company.phone or "",
            "contact_email": manager.email or company.email or "",
        }

    # -- words -------------------------------------------------------------------------------------

    def _letter_heading(self) -> str:
        """The heading in bold (red) of letters and envelopes; 21 CFR 7.49(b)."""
        self.ensure_one()
        _ = self.env._
        if self.kind == "withdrawal":
            names = {"food": _("FOOD WITHDRAWAL"), "drug": _("DRUG WITHDRAWAL")}
            heading = names.get(self.goods) or _("PRODUCT WITHDRAWAL")
        elif self.remedy == "correction":
            names = {
                "food": _("FOOD RECALL (CORRECTION)"),
                "drug": _("DRUG RECALL (CORRECTION)"),
                "device": _("MEDICAL DEVICE RECALL (CORRECTION)"),
                "vehicle": _("SAFETY RECALL (CORRECTION)"),
            }
            heading = names.get(self.goods) or _("PRODUCT RECALL (CORRECTION)")
        else:
            names = {
                "food": _("FOOD RECALL"),
                "drug": _("DRUG RECALL"),
                "device": _("MEDICAL DEVICE RECALL"),
                "vehicle": _("SAFETY RECALL"),
            }
            heading = names.get(self.goods) or _("PRODUCT RECALL")
        # 21 CFR 7.49(b): "urgent" for class I and II; what has no class yet is taken as urgent.
        if self.hazard_class != "3":
            heading = _("URGENT: %s", heading)
        return _("DRILL, NO RECALL: %s", heading) if self.kind == "mock" else heading

    def _draft_texts(self, audience: str) -> dict[str, str]:
        """{field: text} in the language of the environment."""
        _ = self.env._
        company = self.company_id.sudo().name  # sudo: the name of the firm is no secret
        return {
            "subject": _(
                "%(heading)s: %(title)s", heading=self._letter_heading(), title=self.title
            ),
            "problem": self._problem_text(company),
            "instructions": "\n".join(self._instructions(audience)),
            "depth_text": self._depth_text(audience),
        }

    def _problem_text(self, company: str) -> str:
        _ = self.env._
        begin = (
            _("%s withdraws the products and lots that are listed below.", company)
            if self.kind == "withdrawal"
            else _("%s recalls the products and lots that are listed below.", company)
        )
        rows = [begin, self.reason or self.title or ""]
        if self.hazard:
            rows.append(_("Hazard: %s", self.hazard))
        if self.class_text:
            rows.append(f"{self.class_name}: {self.class_text}")
        return "\n".join(filter(None, rows))

    def _instructions(self, audience: str) -> list[str]:
        _ = self.env._
        correction = self.remedy == "correction"
        if audience == "consumer":
            return [
                _("Do not use, eat or give away the products that are listed below."),
                _("Look for the lot number on the package and compare it with the list."),
                _("Bring the product back to where you bought it, or dispose of it safely."),
                _("See a doctor if you feel unwell after using it, and tell us."),
            ]
        steps = {
            "distributor": [
                _("Stop selling and shipping these lots at once."),
                _("Take them from stock, mark them and keep them apart under lock."),
                _(
                    "Tell each of your customers to whom you have sent these lots, in writing and "
                    "today, and send them this letter (sub-recall)."
                ),
            ],
            "retailer": [
                _("Take these lots from the shelves and from stock at once and stop selling them."),
                _("Keep them apart and mark them, so that nobody sells or gives them away."),
                _("Put up a notice for your customers where we have sent you one."),
            ],
            "manufacturer": [
                _("Stop using these lots at once; take them from the lines and from stock."),
                _("Keep them, and everything that you have made of them, apart under lock."),
                _(
                    "Find out which of your products hold them and where those went, and tell us "
                    "today."
                ),
            ],
            "hospital": [
                _("Stop using these lots at once, in every ward, store and vehicle."),
                _("Keep them apart and mark them, so that nobody uses them."),
                _("Pass this letter on to everybody in your house who uses or stores them."),
                _("Report each incident with them to us and to your authority."),
            ],
        }[audience]
        end = (
            _("Do not send the goods back: we put them right where they are and call you for it.")
            if correction
            else _("Do not destroy anything before we have agreed; we arrange its return with you.")
        )
        answer = _(
            "Fill in the answer and send it to us at once, even if you have nothing left of these "
            "lots."
        )
        return [*steps, end, answer]

    def _depth_text(self, audience: str) -> str:
        _ = self.env._
        text = {
            "wholesale": _("This recall is carried out to the wholesale level."),
            "retail": _("This recall is carried out to the retail level."),
            "consumer": _("This recall is carried out to the level of consumers and users."),
        }[self.depth]
        if audience in ("distributor", "manufacturer") and self.depth != "wholesale":
            text += " " + _(
                "If you have sent these products on, tell your customers at once, and keep a list "
                "of whom you told and when."
            )
        return text


class LotRecallLetter(models.Model):
    _inherit = "lot.recall.letter"

    def _draft(self) -> None:
        """The words of the case in each language that these consignees read."""
        self.ensure_one()
        self.write(self.recall_id._contact_values())
        for lang in self._langs():
            letter = self.with_context(lang=lang)
            letter.write(letter.recall_id._draft_texts(letter.audience))

    @api.model
    def _installed(self) -> set[str]:
        return {code for code, _name in self.env["res.lang"].get_installed()}

    def _langs(self) -> list[str]:
        """Languages in which the letter is read; the one of the user last, so that what is on the
        screen is what was written last."""
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "=", self.recall_id.id), ("audience", "=", self.audience)], ["lang"]
        )
        own = self.env.lang or "en_US"
        found = {lang for (lang,) in rows if lang} & self._installed()
        return [*sorted(found - {own}), own]
