import time

from odoo import api, models
from odoo.addons.lot_traceability.models.lot_replica import recent
from odoo.exceptions import ValidationError

from ..tools.root_cause import Suspect, suspects

# Each is traced by itself.
MAX_LOTS = 200
# Of each what a recall would take is counted.
MAX_LIMIT = 100
# Of lots that reach more than so many others the figures of the night are taken: to walk twenty
# hubs takes half a minute, in which nobody learns more.
WIDE = 2_000


class LotRootCause(models.AbstractModel):
    """What do complaints have in common? Plain JSON in and out, read-only, as `lot.trace`."""

    _name = "lot.root.cause"
    _description = "Common cause of complaints"

    @api.model
    @api.readonly
    @recent
    def rank(
        self, complaint_lot_ids: list[int], good_lot_ids: list[int] | None = None, limit: int = 20
    ) -> dict:
        """The lots that may be the cause of complaints, the most likely first.

        A lot explains a complaint when it went into the lot of the complaint, or is it; goods that
        left before it came in are not counted. Of lots that explain the same complaints and spare
        the same good lots, the one that takes the fewest other lots comes first.

        :param complaint_lot_ids: ids of the lots that complaints name, at most 200
        :param good_lot_ids: ids of lots that are known to be good, at most 200
        :param limit: how many to give, at most 100
        :return: {"complaints", "good": numbers of lots, "found": number of lots that explain any
            complaint, "suspects": [{"lot_id", "lot", "supplier_lot", "product_id", "product",
            "explains": [id], "good": [id] (good lots that it went into as well), "score"
            (1: explains all and spares all; -1: the other way round), "certainty" ("recorded" or
            "inferred"), "distance" (generations to the nearest complaint), "taken" (lots that a
            recall of it would take), "others" (those of them that no complaint names),
            "customers", "estimated" (true: the last three are those of the nightly exposure, as a
            recall of it would take more than 2,000 lots)}], "elapsed_ms": float}
        :raise AccessError: without the right to read lots, or one of these
        :raise ValidationError: for an unknown id, too many lots, or a lot that is called both
        """
        started = time.perf_counter()
        complaints, good = self._check_input(complaint_lot_ids, good_lot_ids or [], limit)
        found = self._suspects(complaints, good)
        rows = self._rows(found, set(complaints), limit)
        self._tell_ranked(complaints, good, rows)
        return {
            "complaints": len(complaints),
            "good": len(good),
            "found": len(found),
            "suspects": rows,
            "elapsed_ms": round((time.perf_counter() - started) * 1000, 3),
        }

    @api.model
    def _check_input(
        self, complaint_lot_ids: list[int], good_lot_ids: list[int], limit: int
    ) -> tuple[list[int], list[int]]:
        trace = self.env["lot.trace"]
        if not isinstance(limit, int) or not 0 < limit <= MAX_LIMIT:
            raise ValidationError(
                self.env._("The limit is a whole number from 1 to %s.", MAX_LIMIT)
            )
        if not complaint_lot_ids:
            raise ValidationError(self.env._("Choose the lots that the complaints name."))
        complaints = trace._check_lots(complaint_lot_ids)
        good = trace._check_lots(good_lot_ids) if good_lot_ids else []
        if max(len(complaints), len(good)) > MAX_LOTS:
            raise ValidationError(
                self.env._("At most %s lots of each kind are compared. Choose fewer.", MAX_LOTS)
            )
        both = set(complaints) & set(good)
        if both:
            names = self.env["stock.lot"].browse(sorted(both)).mapped("name")
            raise ValidationError(
                self.env._(
                    "A lot is the one or the other: %s stands among the complaints and among the "
                    "good lots.",
                    ", ".join(names),
                )
            )
        return complaints, good

    @api.model
    def _suspects(self, complaints: list[int], good: list[int]) -> list[Suspect]:
        above = {}
        for lot in complaints:
            walk = self.env["lot.trace"]._walk_one([lot], True, 0)
            above[lot] = {
                one: (walk["level"][one], one in walk["recorded"]) for one in walk["arrival"]
            }
        spared = {
            lot: set(self.env["lot.trace"]._walk_one([lot], True, 0)["arrival"]) for lot in good
        }
        return suspects(above, spared)

    @api.model
    def _rows(self, found: list[Suspect], complaints: set[int], limit: int) -> list[dict]:
        engine = self.env["lot.trace.engine"]
        known = engine._readable({one.lot for one in found})
        found = [one for one in found if one.lot in known][:limit]
        products = self.env["lot.trace"]._products({known[one.lot][1] for one in found})
        wide = self._wide({one.lot for one in found})
        rows = []
        for one in found:
            name, product_id, supplier_lot, *_rest = known[one.lot]
            rows.append(
                {
                    "lot_id": one.lot,
                    "lot": name,
                    "supplier_lot": supplier_lot or "",
                    "product_id": product_id,
                    "product": products[product_id]["name"],
                    "explains": sorted(one.explains),
                    "good": sorted(one.good),
                    "score": round(one.score, 3),
                    "certainty": "recorded" if one.certain else "inferred",
                    "distance": one.distance,
                    **self._reach(one, complaints, wide.get(one.lot)),
                }
            )
        return sorted(
            rows,
            key=lambda row: (-row["score"], row["others"], row["certainty"], row["distance"]),
        )

    @api.model
    def _wide(self, lot_ids: set[int]) -> dict[int, tuple[int, int]]:
        """{lot: (lots, customers)} of those of which a recall would take very many, as of the
        last night."""
        rows = self.env["lot.exposure"]._read_group(
            [("lot_id", "in", list(lot_ids)), ("company_id", "in", self.env.companies.ids)],
            ["lot_id"],
            ["lots:sum", "customers:sum"],
            having=[("lots:sum", ">", WIDE)],
        )
        return {lot.id: (lots, customers) for lot, lots, customers in rows}

    @api.model
    def _reach(self, one: Suspect, complaints: set[int], wide: tuple[int, int] | None) -> dict:
        """What a recall of a suspect would take."""
        if wide:
            taken, customers = wide
            # It went into the complaints that it explains, or is one of them.
            others = taken - len(one.explains)
        else:
            down = self.env["lot.trace"]._walk_one([one.lot], False, 0)
            taken, customers = len(down["arrival"]), len(self._customers(down))
            others = len(down["arrival"].keys() - complaints)
        return {
            "taken": taken,
            "others": others,
            "customers": customers,
            "estimated": wide is not None,
        }

    @api.model
    def _customers(self, down: dict) -> set[int]:
        """Who received any of the lots of a walk, after the goods had reached it."""
        arrival = down["arrival"]
        movements = self.env["lot.trace.engine"]._movements(arrival, ("delivery",))
        return {
            partner
            for lot, _kind, _quantity, partner, _picking, _move, _returned, when, *_ in movements
            if partner and (lot in down["untimed"] or when >= arrival[lot])
        }

    @api.model
    def _tell_ranked(self, complaints: list[int], good: list[int], rows: list[dict]) -> None:
        """In the audit log: who looked for the cause of what."""
        lots = self.env["stock.lot"].browse(complaints)
        told = {
            "what": self.env._("Common cause of complaints"),
            "direction": "upstream",
            "count": len(complaints),
            "good": len(good),
            "lots": [{"id": lot.id, "name": lot.name} for lot in lots[:20]],
            "first": [row["lot"] for row in rows[:3]],
        }
        lot = lots if len(lots) == 1 else None
        self.env["lot.audit.event"]._record_read("traced", lot=lot, data=told)
