from odoo import SUPERUSER_ID, api, models

from .lot_expiry_stage import BASES
from .lot_numbering_scheme import COUNTED_BY

_SCHEME = {
    "template": "",
    "reset": "day",
    "gap_free": False,
    "on_receipt": False,
    **dict.fromkeys(COUNTED_BY, False),
}
_SIGNED = ("demanded", "second_signer", "second_factor")
_RAISED = {"activity": "raise_activity", "mail": "raise_mail", "screen": "raise_screen"}
_BASES = [name for name, _label in BASES]


class LotPresetTarget(models.AbstractModel):
    """Rules that a company may have of its own; where it has none, those of all companies count.

    What is set is always the company's own, so that the others keep theirs. What equals the rule
    of all is no rule of its own any more.
    """

    _inherit = "lot.preset.target"

    # -- numbering: the scheme for whatever has no closer one -----------------------------------

    @api.model
    def _general_scheme(self, company_id):
        schemes = self.env["lot.numbering.scheme"].sudo()  # sudo: as `_name` says
        narrowed = ("product_ids", "category_ids", "picking_type_ids")
        domain = [("company_id", "=", company_id), *((name, "=", False) for name in narrowed)]
        return schemes.search(domain, limit=1)

    @api.model
    def _scheme_values(self, scheme):
        return {name: scheme[name] for name in _SCHEME} if scheme else None

    @api.model
    def _read_scheme(self, scope, key):
        own = self._general_scheme(scope.company.id)
        return self._scheme_values(own or self._general_scheme(False))

    @api.model
    def _full_scheme(self, value):
        return value and {**_SCHEME, **value}

    @api.model
    def _usual_scheme(self, scope, key):
        return None

    @api.model
    def _write_scheme(self, scope, key, value):
        own = self._general_scheme(scope.company.id)
        if value == self._scheme_values(self._general_scheme(False)):
            own.active = False
        elif own:
            own.write(value)
        else:
            own.create(
                {
                    "name": self.env._("Lots of %s", scope.company.name),
                    "company_id": scope.company.id,
                    "sequence": 90,
                    **value,
                }
            )

    @api.model
    def _say_scheme(self, key, value):
        if not value:
            return self.env._("as Odoo counts")
        scheme = self.env["lot.numbering.scheme"]
        resets = dict(scheme._fields["reset"]._description_selection(self.env))
        parts = [
            value["template"],
            self.env._("counter starts over: %s", resets[value["reset"]]),
        ]
        parts += [
            scheme._fields[name]._description_string(self.env).lower()
            for name in (*COUNTED_BY, "gap_free", "on_receipt")
            if value[name]
        ]
        return ", ".join(parts)

    # -- expiry stages for whatever has no closer ones ------------------------------------------

    @api.model
    def _general_stages(self, company_id):
        stages = self.env["lot.expiry.stage"].sudo()  # sudo: as `_name` says
        narrowed = ("product_tmpl_id", "categ_id")
        return stages.search(
            [("company_id", "=", company_id), *((name, "=", False) for name in narrowed)]
        )

    @api.model
    def _stage_values(self, stages):
        roles = stages.group_id._get_external_ids()
        return self._full_stages(
            [
                {
                    "basis": stage.basis,
                    "moment": stage.moment,
                    "days": stage.days,
                    "role": (roles.get(stage.group_id.id) or [False])[0],
                    **{name: stage[field] for name, field in _RAISED.items()},
                }
                for stage in stages
            ]
        )

    @api.model
    def _full_stages(self, value):
        full = [
            {"role": False, **dict.fromkeys(_RAISED, False), "days": 0, **one}
            | ({} if one["moment"] == "before" else {"days": 0})
            for one in value
        ]
        moments = ("before", "on", "after")
        return sorted(
            full,
            key=lambda one: (
                moments.index(one["moment"]),
                -one["days"],
                _BASES.index(one["basis"]),
            ),
        )

    @api.model
    def _read_stages(self, scope, key):
        own = self._general_stages(scope.company.id)
        return self._stage_values(own or self._general_stages(False))

    @api.model
    def _usual_stages(self, scope, key):
        """Those that came with the module, as long as the system alone has written them."""
        shared = self._general_stages(False)
        people = shared.filtered(lambda stage: stage.write_uid.id != SUPERUSER_ID)
        return None if people else self._stage_values(shared)

    @api.model
    def _write_stages(self, scope, key, value):
        own = self._general_stages(scope.company.id)
        if value == self._stage_values(self._general_stages(False)):
            own.active = False
            return
        kept = own.browse()
        for place, one in enumerate(value):
            vals = {
                "sequence": 10 * (place + 1),
                "group_id": self.env.ref(one["role"]).id if one["role"] else False,
                **{field: one[name] for name, field in _RAISED.items()},
            }
            what = {name: one[name] for name in ("basis", "moment", "days")}
            found = (own - kept).filtered(
                lambda stage, what=what: all(
                    stage[name] == wanted
                    for name, wanted in what.items()
                    if name != "days" or what["moment"] == "before"
                )
            )[:1]
            if found:
                found.write(vals)
            else:
                name = self._say_stage(one)
                found = own.create({"name": name, "company_id": scope.company.id, **what, **vals})
            kept |= found
        (own - kept).active = False

    @api.model
    def _say_stage(self, one):
        bases = dict(self.env["lot.expiry.stage"]._fields["basis"]._description_selection(self.env))
        basis = bases[one["basis"]]
        if one["moment"] == "before":
            return self.env._("%(days)s days before: %(date)s", days=one["days"], date=basis)
        if one["moment"] == "on":
            return self.env._("On the day: %s", basis)
        return self.env._("Once passed: %s", basis)

    @api.model
    def _say_stages(self, key, value):
        return "; ".join(self._say_stage(one) for one in value) or self.env._("none")

    # -- labels: key is "CODE:KIND", operations and what the label is for -----------------------

    @api.model
    def _label_rules(self, operation, kind):
        return operation.label_rule_ids.filtered(lambda rule: rule.design_id.kind == kind)

    @api.model
    def _read_label(self, scope, key):
        code, kind = key.split(":")
        found = []
        for operation in self._operations(scope, code):
            rules = self._label_rules(operation, kind)
            designs = rules.design_id._get_external_ids()
            found.append(
                [
                    {
                        "design": (designs.get(rule.design_id.id) or [str(rule.design_id.id)])[0],
                        "quantity": rule.quantity,
                        "copies": rule.copies,
                    }
                    for rule in rules
                ]
            )
        return self._alike(found)

    @api.model
    def _full_label(self, value):
        return [{"quantity": "one", "copies": 1, **one} for one in value]

    @api.model
    def _design(self, name):
        designs = self.env["lot.label.design"].sudo()  # sudo: as `_name` says
        return designs.browse(int(name)).exists() if name.isdigit() else self.env.ref(name, False)

    @api.model
    def _usual_label(self, scope, key):
        return []

    @api.model
    def _write_label(self, scope, key, value):
        code, kind = key.split(":")
        wanted = [(self._design(one["design"]), one) for one in value]
        for operation in self._operations(scope, code):
            rules = self._label_rules(operation, kind)
            kept = rules.browse()
            for design, one in wanted:
                how = {name: one[name] for name in ("quantity", "copies")}
                # A rule that stays keeps its printer.
                rule = rules.filtered(lambda rule, design=design: rule.design_id == design)[:1]
                if rule:
                    rule.write(how)
                elif design:
                    rule = rules.create(
                        {"picking_type_id": operation.id, "design_id": design.id, **how}
                    )
                kept |= rule
            (rules - kept).unlink()

    @api.model
    def _say_label(self, key, value):
        designs = [self._design(one["design"]) for one in value]
        return ", ".join(design.name for design in designs if design) or self.env._("none")

    # -- signatures: key is the code of the step ------------------------------------------------

    @api.model
    def _step(self, code, company_id):
        steps = self.env["lot.signature.step"].sudo()  # sudo: as `_name` says
        every = steps.with_context(active_test=False)
        return every.search([("code", "=", code), ("company_id", "=", company_id)], limit=1)

    @api.model
    def _step_values(self, step):
        return {name: bool(step.active and step[name]) for name in _SIGNED}

    @api.model
    def _read_signature(self, scope, key):
        own = self._step(key, scope.company.id)
        return self._step_values(own if own.active else self._step(key, False))

    @api.model
    def _full_signature(self, value):
        return {**dict.fromkeys(_SIGNED, False), **value}

    @api.model
    def _usual_signature(self, scope, key):
        return dict.fromkeys(_SIGNED, False)

    @api.model
    def _write_signature(self, scope, key, value):
        own, shared = self._step(key, scope.company.id), self._step(key, False)
        if value == self._step_values(shared):
            own.active = False
        elif own:
            own.write({"active": True, **value})
        else:
            shared.copy({"company_id": scope.company.id, "active": True, **value})

    @api.model
    def _say_signature(self, key, value):
        if not value["demanded"]:
            return self.env._("not signed")
        steps = self.env["lot.signature.step"]._fields
        more = [steps[name]._description_string(self.env) for name in _SIGNED[1:] if value[name]]
        return ", ".join([self.env._("must be signed"), *(text.lower() for text in more)])

    # -- retention of the audit log: value is a number of years, 0 for ever ---------------------

    @api.model
    def _retention(self, company_id):
        rules = self.env["lot.audit.retention"].sudo()  # sudo: as `_name` says
        return rules.search([("company_id", "=", company_id), ("kind", "=", False)], limit=1)

    @api.model
    def _read_retention(self, scope, key):
        return (self._retention(scope.company.id) or self._retention(False)).years

    @api.model
    def _usual_retention(self, scope, key):
        return 0

    @api.model
    def _write_retention(self, scope, key, value):
        own = self._retention(scope.company.id)
        if value == self._retention(False).years:
            own.unlink()
        elif own:
            own.years = value
        else:
            own.create({"company_id": scope.company.id, "years": value})

    @api.model
    def _say_retention(self, key, value):
        return self.env._("%s years", value) if value else self.env._("for ever")
