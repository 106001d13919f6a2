from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.epcis.indexing import named

_IN = ("inputEPC", "inputEPCClass")
_OUT = ("outputEPC", "outputEPCClass")
_MOST_PAIRS = 400
KINDS = [("made", "Made of"), ("packed", "Packed in")]


class LotEpcisLink(models.Model):
    """What a partner says went into what, beyond our own walls: goods that were processed, and
    goods that were packed on a pallet. It is the partner's word, and kept apart from the genealogy
    that our own records tell."""

    _name = "lot.epcis.link"
    _description = "What went into what, as partners tell"
    _log_access = False
    _order = "id"

    event_id = fields.Many2one(
        "lot.epcis.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Told by", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    source_epc = fields.Char("What went in", required=True, readonly=True)
    target_epc = fields.Char("What came out", required=True, readonly=True)
    event_time = fields.Datetime(required=True, readonly=True)

    _source = models.Index("(source_epc, company_id)")
    _target = models.Index("(target_epc, company_id)")

    @api.model
    def _learn(self, events) -> None:
        """Note what these events say went into what. One query."""
        rows = []
        for event in events.filtered(lambda one: not one.declared):
            for kind, source, target in self._pairs(event):
                rows.append(
                    (
                        event.id,
                        event.company_id.id,
                        event.partner_id.id or None,
                        kind,
                        source,
                        target,
                        event.event_time,
                    )
                )
        if rows:
            columns = "event_id company_id partner_id kind source_epc target_epc event_time".split()
            self.env.execute_query(
                SQL(
                    "INSERT INTO lot_epcis_link (%s) VALUES %s RETURNING 1",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL(", ").join(rows),
                )
            )

    @api.model
    def _pairs(self, event) -> list[tuple[str, str, str]]:
        names = sorted(named(event.body))
        if event.kind == "TransformationEvent":
            sources = [epc for role, epc in names if role in _IN]
            targets = [epc for role, epc in names if role in _OUT]
            # Parts of one transformation that are told one by one have its number in common.
            together = [epc for role, epc in names if role == "transformationID"]
            if together and not (sources and targets):
                sources, targets = sources or together, targets or together
            if len(sources) * len(targets) > _MOST_PAIRS:
                # Through the event itself: a thousand inputs of a thousand outputs are no million.
                knot = [event.event_hash]
                return [("made", one, other) for one in sources for other in knot] + [
                    ("made", one, other) for one in knot for other in targets
                ]
            return [("made", one, other) for one in sources for other in targets]
        if event.kind == "AggregationEvent" and event.action == "ADD":
            parents = [epc for role, epc in names if role == "parentID"]
            children = [epc for role, epc in names if role in ("epc", "epcClass")]
            return [("packed", child, parent) for child in children for parent in parents]
        return []

    @api.model
    def _next(self, epcs: list[str], company_ids: list[int], backward: bool) -> list[tuple]:
        """What partners say went into these, or what these went into:
        [(from, to, kind, partner id, event id, time)], `from` being one of these. Events that were
        declared wrong say nothing. One query."""
        near, far = ("target_epc", "source_epc") if backward else ("source_epc", "target_epc")
        return self.env.execute_query(
            SQL(
                """SELECT %(near)s, %(far)s, link.kind, link.partner_id, link.event_id,
                          link.event_time
                     FROM lot_epcis_link link
                     JOIN lot_epcis_event event ON event.id = link.event_id
                    WHERE %(near)s = ANY(%(epcs)s) AND link.company_id = ANY(%(companies)s)
                      AND NOT EXISTS (SELECT 1 FROM lot_epcis_event wrong
                           WHERE wrong.company_id = event.company_id AND wrong.declared
                             AND wrong.event_hash = event.event_hash)
                    ORDER BY link.id LIMIT 20000""",
                near=SQL.identifier("link", near),
                far=SQL.identifier("link", far),
                epcs=epcs,
                companies=company_ids,
            )
        )
