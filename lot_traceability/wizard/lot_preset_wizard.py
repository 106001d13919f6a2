import json
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lot_preset_target import MIXED, NONE, Scope
from .lot_preset_wizard_line import GONE, NEW, NOWHERE, SAME, THEIRS


def _fingerprint(value: Any) -> str:
    """A value as a text that is the same for the same value."""
    return json.dumps(value, sort_keys=True)


class LotPresetWizard(models.TransientModel):
    """Set up traceability as an industry needs it: shows what is, what it becomes, and why; does
    what is ticked. Can be done again, and with another industry."""

    _name = "lot.preset.wizard"
    _description = "Set up traceability"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    preset_id = fields.Many2one(
        "lot.preset",
        "Industry",
        default=lambda self: self.env.company.sudo().lot_preset_id,  # sudo: its own company's
    )
    description = fields.Text(related="preset_id.description")
    category_ids = fields.Many2many(
        "product.category",
        string="Product categories",
        default=lambda self: self._default_categories(),
        help="For these and all below them, what has to be known of lots and which go first are "
        "set. Categories are shared by all companies.",
    )
    without_category = fields.Integer(compute="_compute_without_category")
    line_ids = fields.One2many(
        "lot.preset.wizard.line",
        "wizard_id",
        "Settings",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    to_set = fields.Integer(compute="_compute_to_set")

    @api.model
    def _default_categories(self):
        """Those of the last time, else the topmost ones that have products with lots."""
        # sudo: its own company's
        last = self.env.company.sudo().lot_preset_category_ids
        if last:
            return last
        groups = self.env["product.template"]._read_group(
            [("tracking", "!=", "none"), ("categ_id", "!=", False)], ["categ_id"]
        )
        roots = {int(category.parent_path.split("/")[0]) for (category,) in groups}
        categories = self.env["product.category"]
        return categories.browse(sorted(roots)) or categories.search([("parent_id", "=", False)])

    @api.depends("preset_id")
    def _compute_display_name(self):
        self.display_name = self.env._("Set Up Traceability")

    @api.depends("preset_id")
    def _compute_without_category(self):
        products = self.env["product.template"]
        count = products.search_count([("tracking", "!=", "none"), ("categ_id", "=", False)])
        self.without_category = count

    @api.depends("line_ids.tick")
    def _compute_to_set(self):
        for wizard in self:
            wizard.to_set = len(wizard.line_ids.filtered("tick"))

    @api.depends("preset_id", "category_ids")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._rows() if wizard.preset_id else []
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    # -- what there is to set ------------------------------------------------------------------

    def _scope(self) -> Scope:
        # sudo: rules are set in records of Odoo's own as well, which the role need not be able to
        # write otherwise; which fields these are is said by data that nobody edits
        return Scope(self.company_id.sudo(), self.category_ids._origin.sudo())

    def _settings(self):
        # sudo: written by this dialog alone
        settings = self.env["lot.preset.setting"].sudo()
        return settings.search([("company_id", "=", self.company_id.id)])

    def _rows(self) -> list[dict]:
        """One line for each setting of the preset, then for each that was made and is not in it."""
        scope, targets = self._scope(), self.env["lot.preset.target"]
        made = {(one.kind, one.key or ""): one for one in self._settings()}
        rows = []
        for line in self.preset_id.line_ids:
            setting = made.pop((line.kind, line.key or ""), None)
            row = self._row(scope, line, targets._full(line.kind, line.value), setting)
            rows.append(
                row | {"line_id": line.id, "area": line._area(), "why": line.why, "rule": line.rule}
            )
        for setting in made.values():
            if setting._was() in (MIXED, NONE):
                continue
            row = self._row(scope, setting, setting._was(), setting, gone=True)
            if row["state"] != SAME:
                text = self.env._(
                    "%(old)s needed it, %(new)s does not.",
                    old=setting.preset_id.name,
                    new=self.preset_id.name,
                )
                rows.append(
                    row | {"setting_id": setting.id, "area": setting.area, "why": text, "rule": ""}
                )
        return rows

    def _row(self, scope, source, then, setting, gone=False) -> dict:
        targets, kind, key = self.env["lot.preset.target"], source.kind, source.key or ""
        now = targets._read(scope, kind, key)
        if now == NONE:
            state = NOWHERE
        elif now == then:
            state = SAME
        elif setting:
            untouched = now == setting._made()
            state = (GONE if gone else NEW) if untouched else THEIRS
        else:
            state = NEW if now == targets._usual(scope, kind, key) else THEIRS
        return {
            "name": source.name,
            "now": targets._say(kind, key, now),
            "then": targets._say(kind, key, then),
            "shown": _fingerprint(now),
            "state": state,
            "tick": state in (NEW, GONE),
        }

    # -- doing it ------------------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Set what is ticked, in one transaction, and show the dialog anew.

        :return: a window action
        :raise AccessError: without the role Administrator
        :raise UserError: nothing is ticked, or a setting is not any more what the dialog shows
        """
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Switch to %s to set it up.", self.company_id.sudo().display_name)
            )
        ticked = self.line_ids.filtered(
            lambda line: line.tick and line.state not in (SAME, NOWHERE)
        )
        if not self.preset_id or not ticked:
            raise UserError(self.env._("Choose an industry and tick what should be set."))
        scope = self._scope()
        changes = {line.name: self._set(scope, line) for line in ticked}
        # sudo: as in `_scope`
        scope.company.write(
            {
                "lot_preset_id": self.preset_id.id,
                "lot_preset_category_ids": [Command.set(self.category_ids.ids)],
            }
        )
        self.env["lot.audit.event"]._record(
            "configured",
            record=self.preset_id,
            company=self.company_id,
            changes=changes,
            data={"operation": "preset", "preset": self.preset_id.code},
        )
        return self._shown_anew(len(ticked))

    def _set(self, scope, line) -> list[str]:
        """Make one setting and note what was there; returns it before and after, as one reads it.
        What it becomes is taken from the preset, not from what the browser sends."""
        targets = self.env["lot.preset.target"]
        source = line.line_id or line.setting_id.sudo()  # sudo: as in `_settings`
        if not self._owns(source, line):
            raise UserError(self.env._("“%s” is not part of it. Open this page again.", line.name))
        kind, key = source.kind, source.key or ""
        then = targets._full(kind, source.value) if line.line_id else source._was()
        now = targets._read(scope, kind, key)
        if _fingerprint(now) != line.shown:
            raise UserError(
                self.env._(
                    "“%s” has been changed since this page was opened. Open it again.", line.name
                )
            )
        targets._write(scope, kind, key, then)
        self.env.flush_all()
        said = [targets._say(kind, key, value) for value in (now, then)]
        if line.setting_id:
            source.unlink()
        else:
            self._note(source, now, then)
        return said

    def _owns(self, source, line) -> bool:
        """Whether a line is about a setting of this industry, or one made in this company."""
        if line.line_id:
            return source.preset_id == self.preset_id
        return bool(source) and source.company_id == self.company_id

    def _note(self, source, before, value) -> None:
        known = self._settings().filtered(
            lambda one: one.kind == source.kind and (one.key or "") == (source.key or "")
        )
        vals = {
            "preset_id": self.preset_id.id,
            "area": source._area(),
            "name": source.name,
            "value": {"is": value},
        }
        if known:
            known.write(vals)
        else:
            known.create(
                {
                    "company_id": self.company_id.id,
                    "kind": source.kind,
                    "key": source.key,
                    "before": {"is": before},
                    **vals,
                }
            )

    def _shown_anew(self, count: int) -> dict:
        anew = self.create(
            {
                "company_id": self.company_id.id,
                "preset_id": self.preset_id.id,
                "category_ids": [Command.set(self.category_ids.ids)],
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Set: %s", count),
                "next": {
                    "type": "ir.actions.act_window",
                    "name": self.env._("Set Up Traceability"),
                    "res_model": self._name,
                    "res_id": anew.id,
                    "views": [[False, "form"]],
                    "target": "main",
                },
            },
        }
