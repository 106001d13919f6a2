from odoo import api, fields, models
from odoo.addons.lot_traceability.tools.gs1 import GS1Error, parse
from odoo.exceptions import UserError
from odoo.tools import SQL

from .fsma_numbers import reference_kind

REFERENCES = [
    ("gln", "Global location number (GLN)"),
    ("ffrn", "Food facility registration number"),
    ("ggn", "GLOBALG.A.P. number (GGN)"),
    ("url", "Web address"),
    ("other", "Other"),
]
# What says which code it is; another code is another record.
_IDENTITY = {"code", "gtin", "batch", "source_key"}
_GIVEN = ("code", "gtin", "batch", "source_key", "source_partner_id", "reference")


class LotFsmaCode(models.Model):
    """A traceability lot code and who gave it: unique within the records of its source.

    It belongs to the goods and not to a company: whoever receives them keeps it. The number of
    Odoo's lot is another thing, and linked.
    """

    _name = "lot.fsma.code"
    _description = "Traceability lot code"
    _rec_name = "code"
    _rec_names_search = ["code", "gtin", "batch"]
    _order = "id desc"

    code = fields.Char("Traceability lot code", required=True, readonly=True, index="trigram")
    gtin = fields.Char("GTIN", readonly=True, index="btree_not_null")
    batch = fields.Char("Batch or lot", readonly=True)
    source_key = fields.Char(required=True, readonly=True, help="Tells sources apart")
    source_partner_id = fields.Many2one(
        "res.partner",
        "Source",
        index="btree_not_null",
        ondelete="restrict",
        help="The place where the code was given to the goods",
    )
    reference = fields.Char(
        "Source reference", help="What leads the FDA to the source when its location is not told"
    )
    reference_kind = fields.Selection(
        REFERENCES, "Kind of reference", compute="_compute_reference_kind", store=True
    )
    own = fields.Boolean("Assigned here", readonly=True)
    lot_ids = fields.One2many("stock.lot", "fsma_code_id", "Lots")

    _code_source = models.Constraint(
        "UNIQUE(code, source_key)", "This source has given this traceability lot code already."
    )

    @api.depends("reference")
    def _compute_reference_kind(self):
        for code in self:
            code.reference_kind = code.reference and reference_kind(code.reference)

    # -- whose code it is ------------------------------------------------------------------------

    @api.model
    def _source_key(self, partner, reference: str, lot) -> str:
        """What makes the code unique: its source's place, else the reference; while neither is
        known, the lot that it came with: equal codes of two suppliers are two codes."""
        if partner:
            return f"partner:{partner.id}"
        if reference:
            return f"{reference_kind(reference)}:{reference}"
        return f"lot:{lot.id}"

    @api.model
    def _parts(self, code: str) -> dict[str, str]:
        """GTIN and batch of a code that says them as GS1 writes it; else it is the batch."""
        try:
            label = parse(code)
        except GS1Error:
            label = None
        if label and label.gtin and label.lot:
            return {"gtin": label.gtin, "batch": label.lot}
        return {"batch": code}

    @api.model
    def _given(self, wanted: dict) -> None:
        """Link lots with the codes that came with them; a lot that has a code keeps it.

        :param wanted: {lot: (code, source partner, source reference)}
        """
        todo = {
            lot: {
                "code": code,
                **self._parts(code),
                "source_key": self._source_key(partner, reference, lot),
                "source_partner_id": partner.id,
                "reference": reference,
            }
            for lot, (code, partner, reference) in wanted.items()
            if code and not lot.fsma_code_id
        }
        self._link(todo)

    @api.model
    def _assign(self, wanted: dict, renewed=()) -> None:
        """Give lots a code of our own: GTIN and lot number where there is a GTIN, as the trade
        does it. Only for what 21 CFR 1.1320 names; a lot that has a code keeps it.

        :param wanted: {lot: the partner of the place where the code is given}
        :param renewed: lots that get another one although they have one: others were put to them
        """
        todo = {}
        for lot, partner in wanted.items():
            if lot.fsma_code_id and lot not in renewed:
                continue
            gtin = lot.product_id._fsma_gtin()
            todo[lot] = {
                "code": f"(01){gtin}(10){lot.name}" if gtin else lot.name,
                "gtin": gtin,
                "batch": lot.name,
                "source_key": self._source_key(partner, "", lot),
                "source_partner_id": partner.id,
                "own": True,
            }
        self._hand_out(self._own_codes(todo))

    @api.model
    def _own_codes(self, todo: dict) -> dict:
        """{lot: its new code}. Lot numbers are unique for a product, codes for a place: where two
        products have the same number and no GTIN, the product is named as well, and then it is
        counted."""
        codes, plain = {}, {lot: values["code"] for lot, values in todo.items()}
        count = 0
        while todo:
            count += 1
            rows: dict = {}
            taken: dict = {}
            for lot, values in todo.items():
                key = self._key(values)
                if key in rows:
                    taken[lot] = lot
                else:
                    rows[key] = lot
            made = self._claim([todo[lot] for lot in rows.values()])
            for key, lot in rows.items():
                if key in made:
                    codes[lot] = made[key]
                else:
                    taken[lot] = lot
            for lot in taken:
                product = lot.product_id
                name = f"{plain[lot]} {product.default_code or f'P{product.id}'}"
                todo[lot]["code"] = name if count == 1 else f"{name} {count}"
            todo = {lot: todo[lot] for lot in taken}
        return codes

    @api.model
    def _known(self, todo: dict) -> dict:
        """{(code, source key): record} of those that exist."""
        if not todo:
            return {}
        # sudo: a code is one and the same, whoever may read it
        found = self.sudo().search(
            [
                ("code", "in", [values["code"] for values in todo.values()]),
                ("source_key", "in", list({values["source_key"] for values in todo.values()})),
            ]
        )
        return {(code.code, code.source_key): code for code in found}

    @api.model
    def _link(self, todo: dict) -> None:
        """Link lots with their codes, which are made where there are none."""
        if not todo:
            return
        wanted = {self._key(values): values for values in todo.values()}
        codes = self._claim(list(wanted.values()))
        known = {lot: values for lot, values in todo.items() if self._key(values) not in codes}
        codes.update(self._known(known))
        self._hand_out({lot: codes[self._key(values)] for lot, values in todo.items()})

    @api.model
    def _key(self, values: dict) -> tuple[str, str]:
        return values["code"], values["source_key"]

    @api.model
    def _claim(self, rows: list[dict]) -> dict:
        """Write those of these codes that do not exist: {(code, source key): record} of them. One
        statement, for asking before would be a query more for each document. Where two people give
        a code at once, the second is told to try again by PostgreSQL, and Odoo does."""
        if not rows:
            return {}
        user, now = self.env.uid, self.env.cr.now()
        written = [
            {
                **{name: values.get(name) or None for name in _GIVEN},
                "reference_kind": reference_kind(values["reference"])
                if values.get("reference")
                else None,
                "own": bool(values.get("own")),
                "create_uid": user,
                "write_uid": user,
                "create_date": now,
                "write_date": now,
            }
            for values in rows
        ]
        found = self.env.execute_query(
            SQL(
                "INSERT INTO lot_fsma_code (%s) VALUES %s "
                "ON CONFLICT (code, source_key) DO NOTHING RETURNING code, source_key, id",
                SQL(", ").join(map(SQL.identifier, written[0])),
                SQL(", ").join(tuple(row.values()) for row in written),
            )
        )
        # sudo: the code comes into being with the goods, whoever validates the document
        made = {(code, key): self.sudo().browse(one) for code, key, one in found}
        for row in written:
            code = made.get(self._key(row))
            if code:
                # What was just written need not be read.
                code._update_cache({name: value or False for name, value in row.items()})
        return made

    @api.model
    def _hand_out(self, codes: dict) -> None:
        """Link each of these lots with its code: {lot: code}."""
        by_code: dict = {}
        for lot, code in codes.items():
            by_code[code] = by_code.get(code, lot.browse()) | lot
        for code, lots in by_code.items():
            # sudo: the code comes into being with the goods, whoever validates the document
            lots.sudo().with_context(tracking_disable=True).fsma_code_id = code

    @api.model
    def _imported(self, events: list[dict]) -> None:
        """Name the codes of events that a file tells, and of the lots used: those that are known,
        else new ones. A lot that has the code is named as well."""
        wanted = {}
        for vals in events:
            if vals.get("tlc"):
                wanted.setdefault(self._imported_key(vals), vals)
        texts = {row["tlc"] for vals in events for row in vals["input_ids"] if row.get("tlc")}
        texts.update(text for text, _source in wanted)
        # sudo: a code is one and the same, whoever may read it
        known = self.sudo().search([("code", "in", sorted(texts))])
        found = {(code.code, code.source_key): code for code in known}
        new = [key for key in wanted if key not in found]
        # sudo: as above
        made = self.sudo().create([self._new(key, wanted[key]) for key in new])
        found.update(zip(new, made, strict=True))
        sources: dict[str, list] = {}
        for (text, _source), code in found.items():
            sources.setdefault(text, []).append(code)
        for vals in events:
            if vals.get("tlc"):
                self._name_code(vals, found[self._imported_key(vals)])
            for row in vals["input_ids"]:
                # Of a lot used only the text is told: that of two sources is neither's.
                same = sources.get(row.get("tlc"), [])
                self._name_code(row, same[0] if len(same) == 1 else self.browse())

    @api.model
    def _imported_key(self, vals: dict) -> tuple[str, str]:
        """Code and source key of what a file tells."""
        # sudo: the source is told by the file
        place = self.env["lot.fsma.place"].sudo().browse(vals.get("source_place_id") or [])
        reference = vals.get("source_reference") or ""
        if place.partner_id or reference:
            return vals["tlc"], self._source_key(place.partner_id, reference, None)
        return vals["tlc"], f"place:{place.digest or ''}"

    @api.model
    def _new(self, key: tuple[str, str], vals: dict) -> dict:
        # sudo: as above
        place = self.env["lot.fsma.place"].sudo().browse(vals.get("source_place_id") or [])
        return {
            "code": key[0],
            **self._parts(key[0]),
            "source_key": key[1],
            "source_partner_id": place.partner_id.id,
            "reference": vals.get("source_reference"),
        }

    @api.model
    def _name_code(self, row: dict, code) -> None:
        company = row.get("company_id")
        lots = code.lot_ids.filtered(
            lambda lot: (
                lot.product_id.id == row.get("product_id")
                and (not company or not lot.company_id or lot.company_id.id == company)
            )
        )
        row.update(code_id=code.id, lot_id=lots[:1].id)

    def _told_otherwise(self, lot, code: str, partner, reference: str):
        """The code that a correction tells, linked with the lots that had this one.

        :return: the code
        """
        key = self._source_key(partner, reference, lot)
        lots = self.lot_ids | lot
        values = {
            "code": code,
            **self._parts(code),
            "source_key": key,
            "source_partner_id": partner.id,
            "reference": reference or False,
        }
        found = self._known({lot: values}).get((code, key))
        # sudo: the code is told by whoever may correct the event
        found = found or self.sudo().create(values)
        # sudo: as above
        lots.sudo().fsma_code_id = found
        return found

    # -- what does not change --------------------------------------------------------------------

    def write(self, vals):
        changed = _IDENTITY & vals.keys()
        if changed and any(code[name] != vals[name] for code in self for name in changed):
            raise UserError(
                self.env._(
                    "A traceability lot code stays what it is. Correct the event that told it: the "
                    "lot then gets the right one."
                )
            )
        return super().write(vals)
