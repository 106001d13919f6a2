from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.rfid_reads import Batch, ReadsError, Sighting, sightings

# The columns of `_rows`, and how PostgreSQL is given each.
_COLUMNS = {
    "identity": "%s::varchar[]",
    "epc": "%s::varchar[]",
    "scheme": "%s::varchar[]",
    "gtin": "%s::varchar[]",
    "serial": "%s::varchar[]",
    "lot_name": "%s::varchar[]",
    "sscc": "%s::varchar[]",
    "reason": "%s::varchar[]",
    "state": "%s::varchar[]",
    "first_at": "%s::timestamp[]",
    "last_at": "%s::timestamp[]",
    "first_antenna": "%s::int4[]",
    "last_antenna": "%s::int4[]",
    "reads": "%s::int4[]",
    "best_rssi": "%s::float8[]",
}


class LotRfidIntake(models.AbstractModel):
    """Takes what readers see: a handful of statements a batch, however many reads it has."""

    _name = "lot.rfid.intake"
    _description = "Intake of RFID reads"

    @api.model
    def _take(self, reader, batch: Batch, digest: str) -> dict:
        """Write the passages, or the tags of a count, of a batch; once, however often it comes.

        :param digest: of the body, to tell a batch that comes again from one with the same name
        :return: {"batch", "taken": reads, "weak": reads left out, "unread": tags nobody can
            decode, "new": passages that began, "repeated": bool}
        :raise ReadsError: says with which status the batch is refused
        """
        count = self._open_count(reader, batch)
        if not self.env["lot.rfid.pulse"]._beat(reader, len(batch.reads)):
            wait = 60 - fields.Datetime.now().second
            text = f"This reader has sent more than it may in a minute: send again in {wait} s."
            raise ReadsError(429, "rate", text, retry_after=wait)
        batches = self.env["lot.rfid.batch"]
        batch_id, before = batches._begin(reader, batch.name, digest)
        if not batch_id:
            if not before:
                text = "This batch was taken with other reads: give each batch a name of its own."
                raise ReadsError(409, "batch", text, "/batch")
            return before | {"repeated": True}
        reads = [
            read
            for read in batch.reads
            if read.rssi is None or not reader.min_rssi or read.rssi >= reader.min_rssi
        ]
        seen = list(sightings(reads, reader._window_span()))
        new = count._note(seen) if count else self._write_passages(reader, seen)
        answer = {
            "batch": batch.name,
            "taken": len(reads),
            "weak": len(batch.reads) - len(reads),
            "unread": sum(1 for one in seen if one.tag.problem),
            "new": new,
        }
        batches._finish(batch_id, answer)
        return answer | {"repeated": False}

    @api.model
    def _open_count(self, reader, batch: Batch):
        """The count that the batch belongs to, which has to be open and of the same company."""
        counts = self.env["lot.rfid.count"]
        if not batch.count:
            return counts
        count = counts.search([("id", "=", batch.count), ("company_id", "=", reader.company_id.id)])
        if not count:
            raise ReadsError(404, "count", "There is no such count in this company.", "/count")
        if count.state == "applied":
            text = "This count is closed: begin a new one."
            raise ReadsError(409, "count_closed", text, "/count")
        return count

    @api.model
    def _write_passages(self, reader, seen: list[Sighting]) -> int:
        """Go on with the passages of tags that are still in the field, and begin the others.

        :return: how many began
        """
        if not seen:
            return 0
        self.env["lot.rfid.passage"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH seen AS (SELECT * FROM unnest(%(rows)s) WITH ORDINALITY AS row (%(names)s, n)),
                known AS (
                    SELECT seen.n, passage.id
                      FROM seen
                     CROSS JOIN LATERAL (
                           SELECT id FROM lot_rfid_passage passage
                            WHERE passage.reader_id = %(reader)s
                              AND passage.identity = seen.identity
                              AND passage.last_at >= seen.first_at - %(window)s
                              AND passage.first_at <= seen.last_at + %(window)s
                            ORDER BY passage.last_at DESC LIMIT 1) passage
                ),
                gone_on AS (
                    UPDATE lot_rfid_passage passage SET
                           first_at = least(passage.first_at, more.first_at),
                           last_at = greatest(passage.last_at, more.last_at),
                           first_antenna = CASE WHEN more.first_at < passage.first_at
                               THEN more.first_antenna ELSE passage.first_antenna END,
                           last_antenna = CASE WHEN more.last_at >= passage.last_at
                               THEN more.last_antenna ELSE passage.last_antenna END,
                           reads = passage.reads + more.reads,
                           best_rssi = greatest(nullif(passage.best_rssi, 0), more.best_rssi)
                      FROM (SELECT known.id,
                                   min(seen.first_at) AS first_at,
                                   max(seen.last_at) AS last_at,
                                   (array_agg(seen.first_antenna ORDER BY seen.first_at))[1]
                                       AS first_antenna,
                                   (array_agg(seen.last_antenna ORDER BY seen.last_at DESC))[1]
                                       AS last_antenna,
                                   sum(seen.reads) AS reads,
                                   max(seen.best_rssi) AS best_rssi
                              FROM known JOIN seen USING (n) GROUP BY known.id) more
                     WHERE passage.id = more.id
                )
                INSERT INTO lot_rfid_passage
                       (%(names)s, reader_id, company_id, create_uid, create_date, write_uid,
                        write_date)
                SELECT %(names)s, %(reader)s, %(company)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM seen WHERE n NOT IN (SELECT n FROM known)
                """,
                rows=self._rows(seen),
                names=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                reader=reader.id,
                window=reader._window_span(),
                company=reader.company_id.id,
                user=self.env.uid,
                now=fields.Datetime.now(),
            ),
            log_exceptions=False,
        )
        began = self.env.cr.rowcount
        self.env["lot.rfid.passage"].invalidate_model(flush=False)
        return began

    @api.model
    def _rows(self, seen: Iterable[Sighting]) -> SQL:
        """The arguments of `unnest`: a column each."""
        rows = [
            (
                one.tag.identity,
                one.tag.epc,
                one.tag.scheme,
                one.tag.gtin or None,
                one.tag.serial or None,
                one.tag.lot or None,
                one.tag.sscc or None,
                one.tag.problem or None,
                "new",
                one.first_at,
                one.last_at,
                one.first_antenna,
                one.last_antenna,
                one.count,
                one.best_rssi,
            )
            for one in seen
        ]
        return SQL(", ").join(
            SQL(array, list(column))
            for array, column in zip(_COLUMNS.values(), zip(*rows, strict=True), strict=True)
        )
