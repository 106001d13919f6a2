from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

# Links through which nothing of the food itself went, or nobody recorded what did.
_NOT_USED = ("untracked", "transfer", "removal", "repair")


class Used(NamedTuple):
    """A lot that went into another, how much of it, and whether the rule asks about it; its code
    then, where the lot has another one since."""

    lot: models.BaseModel
    quantity: float
    traced: bool
    then: models.BaseModel | None = None

    @property
    def code(self) -> models.BaseModel:
        return self.lot.fsma_code_id if self.then is None else self.then


class LotFsmaMade(models.AbstractModel):
    """The events that orders tell of: transformation and initial packing, and lots that are put
    together or labelled anew (21 CFR 1.1310 counts that as transformation)."""

    _name = "lot.fsma.made"
    _description = "Events of orders"
    _inherit = ["lot.fsma.derived"]

    @api.model
    def _derive(self, lines) -> list[dict]:
        """The events of these done lines, as columns; codes that are due are given."""
        made: dict[tuple, models.BaseModel] = {}
        for line in lines:
            document = self._document(line)
            if document and self._is_due(line):
                key = (document, line.lot_id)
                made[key] = made.get(key, line.browse()) | line
        if not made:
            return []
        used = self._used(made)
        events = []
        for (document, lot), together in made.items():
            kind = self._kind(document, lot, used[document, lot])
            if kind:
                events.append((kind, document, lot, together))
        self._give_codes(events)
        return self._all_columns(events, used)

    # -- what an order is ------------------------------------------------------------------------

    @api.model
    def _document(self, line):
        """The document that made this lot; None where none did."""
        move = line.move_id
        if line.location_id.usage != "production" or move.company_id.fsma_retail:
            return None
        order = move.production_id
        if order and "subcontractor_id" in order._fields and order.subcontractor_id:
            # The subcontractor made it, and gave the code; here it is received.
            return None
        return order or move.unbuild_id or move.lot_operation_id or None

    @api.model
    def _is_due(self, line) -> bool:
        company = line.company_id
        products, firms = self.env["lot.fsma.exemption"]._in_force(
            company, self._day(line.date, company)
        )
        return (
            line.product_id.product_tmpl_id.id not in products
            and company.partner_id.id not in firms
        )

    @api.model
    def _used(self, made: dict) -> dict[tuple, list[Used]]:
        """What went into each lot that was made, of each document: {(document, lot): [used]}.
        One query."""
        ids = defaultdict(set)
        for document, _lot in made:
            ids[document._name].add(document.id)
        rows = self.env.execute_query(
            SQL(
                """SELECT res_model, res_id, child_lot_id, parent_lot_id, SUM(parent_quantity)
                     FROM lot_genealogy_edge
                    WHERE %s AND child_lot_id = ANY(%s) AND kind <> ALL(%s)
                    GROUP BY 1, 2, 3, 4 ORDER BY 4""",
                SQL(
                    "(%s)",
                    SQL(" OR ").join(
                        SQL("(res_model = %s AND res_id = ANY(%s))", model, sorted(found))
                        for model, found in ids.items()
                    ),
                ),
                sorted({lot.id for _document, lot in made}),
                list(_NOT_USED),
            )
        )
        # Read together, not one after the other.
        parents = self.env["stock.lot"].browse({row[3] for row in rows})
        by_id = {lot.id: lot for lot in parents}
        found: dict[tuple, list[Used]] = {key: [] for key in made}
        documents = {
            (document._name, document.id, lot.id): (document, lot) for document, lot in made
        }
        for model, res_id, child, parent, quantity in rows:
            key = documents.get((model, res_id, child))
            if key:
                lot = by_id[parent]
                found[key].append(Used(lot, quantity, self._is_traced(lot, key[0])))
        for document, lot in made:
            if self._is_mixed(document):
                found[document, lot] += self._held(document, lot)
        return found

    @api.model
    def _is_traced(self, lot, document) -> bool:
        return lot.product_id.fsma_listed or document.company_id.fsma_record_all

    @api.model
    def _held(self, operation, lot) -> list[Used]:
        """What was in a lot when others were put to it: it went into the mixture as they did."""
        held = operation._fsma_held(lot)
        if not held:
            return []
        code = self.env["lot.fsma.code"].browse(held["code_id"] or [])
        return [Used(lot, held["quantity"], self._is_traced(lot, operation), code)]

    @api.model
    def _kind(self, document, lot, used: list[Used]) -> str:
        """Which event it is; empty for none. Lots that are only divided, or that have one code
        already, keep it."""
        if document._name == "lot.operation" and document.kind != "relabel":
            # A lot that is empty has its code from what was in it once.
            codes = {one.code for one in used if one.traced} | set(lot.fsma_code_id)
            if document.kind == "split" or len(codes) == 1:
                return self._keep_code(lot, used)
        if document._name == "mrp.unbuild" and lot.fsma_code_id:
            return ""
        if document._name != "mrp.production":
            return "transformation"
        told = document.bom_id.fsma_event or document.picking_type_id.fsma_event
        if told == "cooling":
            return told
        if told == "none" or lot.product_id.fsma_stage == "raw":
            # What is not packed yet has no code.
            return ""
        if told in ("initial_packing", "transformation"):
            return told
        return "initial_packing" if self._has_raw(used) else "transformation"

    @api.model
    def _is_raw(self, one: Used) -> bool:
        """Is it a commodity that was never packed?"""
        return one.traced and one.lot.product_id.fsma_stage == "raw"

    @api.model
    def _has_raw(self, used: list[Used]) -> bool:
        return any(map(self._is_raw, used))

    @api.model
    def _keep_code(self, lot, used: list[Used]) -> str:
        code = used[0].lot.fsma_code_id if used else False
        if code and not lot.fsma_code_id:
            lot.with_context(tracking_disable=True).fsma_code_id = code
        return ""

    @api.model
    def _give_codes(self, events: list[tuple]) -> None:
        """Where food is packed for the first time or transformed, it gets a code: there."""
        self.env["lot.fsma.code"]._assign(
            {
                lot: self._location(document, lines)
                for kind, document, lot, lines in events
                if kind != "cooling"
            },
            renewed=[lot for _kind, document, lot, _lines in events if self._is_mixed(document)],
        )

    @api.model
    def _is_mixed(self, document) -> bool:
        return document._name == "lot.operation" and document.kind == "merge"

    @api.model
    def _location(self, document, lines):
        """Where it was made: the address of the place that it came out into."""
        return lines[0].location_dest_id._fsma_address()

    # -- columns ---------------------------------------------------------------------------------

    @api.model
    def _all_columns(self, events: list[tuple], used: dict) -> list[dict]:
        raw = self._raw(events, used)
        partners = self._partners_of(raw)
        for kind, document, lot, lines in events:
            partners |= lot.fsma_code_id.source_partner_id | self._location(document, lines)
            if kind == "cooling":
                partners |= self._partners_of(lot)
        receipts = self._receipts(raw)
        for _day, _quantity, partner in receipts.values():
            partners |= partner
        places = self._places(partners)
        return [
            self._columns(kind, document, lot, lines, used[document, lot], receipts, places)
            for kind, document, lot, lines in events
        ]

    @api.model
    def _raw(self, events: list[tuple], used: dict):
        """The lots of raw commodities among those that were used: they tell of their origin."""
        return self.env["stock.lot"].union(
            *(
                one.lot
                for _kind, document, lot, _lines in events
                for one in used[document, lot]
                if self._is_raw(one)
            )
        )

    @api.model
    def _receipts(self, raw) -> dict[int, tuple]:
        """When, how much and from whom raw commodities were received: {lot id: (day, quantity,
        partner)}. Asked for only where some were used."""
        if not raw:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT lot_id, MIN(date), SUM(quantity), MIN(partner_id), MIN(company_id)
                     FROM lot_genealogy_movement
                    WHERE lot_id = ANY(%s) AND kind = 'receipt' GROUP BY lot_id""",
                raw.ids,
            )
        )
        company, partner = self.env["res.company"], self.env["res.partner"]
        return {
            lot_id: (self._day(at, company.browse(owner)), quantity, partner.browse(sender or []))
            for lot_id, at, quantity, sender, owner in rows
        }

    @api.model
    def _columns(self, kind, document, lot, lines, used, receipts, places) -> dict:
        line, place = lines[-1], self._location(document, lines)
        # All of a mixture came out of it, with what was in the lot before.
        held = sum(one.quantity for one in used if one.lot == lot and one.then is not None)
        order = document if document._name == "mrp.production" else None
        packing = kind == "initial_packing"
        raw = self._has_raw(used)
        rows = [self._input(one, receipts, places) for one in used if one.traced]
        vals = {
            **self._head(kind, line, lot),
            "quantity": sum(lines.mapped("quantity_product_uom")) + held,
            "warehouse_id": line.location_dest_id.warehouse_id.id,
            "location_place_id": places[place.id],
            "document_type": "work_order" if order else "record",
            "document_number": document.display_name,
            "production_id": order.id if order else None,
            "raw_input": raw and not packing,
            "exempt_source": packing and self._all_exempt(line, used, receipts),
        }
        if kind == "cooling":
            first = used[0].lot if used else lot
            return {**vals, **self._origin_told(first, places), "to_place_id": places[place.id]}
        if rows and (packing or raw):
            first = rows[0]
            vals.update({name: first[name] for name in first if name in self._origin_columns()})
        if vals["sprouts"] and kind != "cooling":
            # What is known of seeds is kept with what grew of them.
            vals["details"] = lot.union(*(one.lot for one in used))._fsma_seed_details()
        order_rows = rows if order is None else rows + self._without_lot(order)
        return {**vals, **self._code_told(lot, places), "input_ids": order_rows}

    @api.model
    def _origin_columns(self) -> set[str]:
        return {name for name in self.env["lot.fsma.commodity"]._fields if name != "id"}

    @api.model
    def _input(self, one: Used, receipts: dict, places: dict[int, int]) -> dict:
        product = one.lot.product_id
        row = {
            **product._fsma_told(),
            "lot_id": one.lot.id,
            "code_id": one.code.id,
            "tlc": one.code.code,
            "quantity": one.quantity,
            "uom": product.uom_id.name,
        }
        if self._is_raw(one):
            row.update(self._origin_told(one.lot, places))
            row.pop("details")
            day, quantity, partner = receipts.get(one.lot.id, (False, 0, False))
            row.update(
                received_date=day,
                received_quantity=quantity,
                received_uom=product.uom_id.name if quantity else False,
                from_place_id=places[partner.id if partner else False],
            )
        return row

    @api.model
    def _without_lot(self, order) -> list[dict]:
        """Listed foods that went in and of which nobody said the lot: that is missing, and told."""
        found: dict[models.BaseModel, float] = defaultdict(float)
        for line in order.move_raw_ids.move_line_ids._done():
            if not line.lot_id and line.product_id.fsma_listed:
                found[line.product_id] += line.quantity_product_uom
        return [
            {**product._fsma_told(), "quantity": quantity, "uom": product.uom_id.name}
            for product, quantity in found.items()
        ]

    @api.model
    def _all_exempt(self, line, used: list[Used], receipts: dict) -> bool:
        """Did all of the raw commodity come from persons whom the rule does not bind?"""
        company = line.company_id
        _products, firms = self.env["lot.fsma.exemption"]._in_force(
            company, self._day(line.date, company)
        )
        senders = [
            receipts[one.lot.id][2].commercial_partner_id.id
            for one in used
            if one.lot.id in receipts
        ]
        return bool(senders) and all(sender in firms for sender in senders)
