import json
import os
from collections.abc import Collection, Iterator
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from ..tools.audit_format import (
    Block,
    Receipt,
    State,
    event_line,
    parse_keys,
    state_of,
    time_text,
)
from ..tools.audit_proof import MerkleTree, receipt_for

# Events read at a time: some 10 MB of text.
BATCH = 20_000
_KEYS_VARIABLE = "LOT_TRACEABILITY_AUDIT_KEYS"
_KEYS_OPTION = "lot_audit_keys"
# The name of the next log, where the database had one before.
LOG_PARAMETER = "lot_traceability.audit_log"


class LotAuditBlock(models.Model):
    """Events that were sealed together: their Merkle root, chained to the block before.

    Made by the sealer, read by verifications and exports; PostgreSQL refuses to change a row.
    """

    _name = "lot.audit.block"
    _description = "Sealed block of the audit log"
    _order = "id desc"
    _auto = False
    _rec_name = "digest"

    header = fields.Text(readonly=True)
    digest = fields.Char(readonly=True)
    seal = fields.Char(readonly=True, help="HMAC of the digest by the server's key")
    tree = fields.Char(
        "Tree hash", readonly=True, help="Root over the digests of this block and all before"
    )
    sealed_at = fields.Datetime("Sealed on", readonly=True)
    count = fields.Integer("Events", readonly=True)
    total = fields.Integer("Events so far", readonly=True)
    first_id = fields.Integer("From event", readonly=True)
    last_id = fields.Integer("To event", readonly=True)
    first_at = fields.Datetime("From", readonly=True)
    last_at = fields.Datetime("To", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env["lot.audit.event"]._refused())

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env["lot.audit.event"]._refused())

    def unlink(self):  # pylint: disable=method-required-super  # nobody may
        raise UserError(  # pylint: disable=no-raise-unlink  # not even when uninstalling
            self.env["lot.audit.event"]._refused()
        )

    @api.depends("count")
    def _compute_display_name(self):
        for block in self:
            block.display_name = self.env._("Block %s", block.id)

    def action_verify(self) -> dict:
        """Verify this block and say what came of it.

        :return: a notification
        """
        self.ensure_one()
        verification = self.env["lot.audit.verification"]
        found = verification.verify_block(self.id)
        text = self.env._(
            "This block is as it was sealed. Events read: %s.", f"{found['events']:,}"
        )
        return verification._notify(found, text)

    # -- which log, which keys -----------------------------------------------------------------

    @api.model
    def _log_id(self) -> str:
        """The name of this log: what its first block says; before that, of the database, or one of
        its own where the database had a log before. A copy of the database gets another name, but
        its log goes on."""
        self.env.cr.execute(
            "SELECT header::jsonb ->> 'log' FROM lot_audit_block ORDER BY id LIMIT 1"
        )
        row = self.env.cr.fetchone()
        # sudo: the name is no secret, and parameters are not for everybody
        parameters = self.env["ir.config_parameter"].sudo()
        return (
            row[0]
            if row
            else parameters.get_param(LOG_PARAMETER) or parameters.get_param("database.uuid")
        )

    @api.model
    def _keys(self) -> dict[str, bytes]:
        """The server's keys by their id, the one that seals first; from the environment or from
        Odoo's configuration file, never from the database.

        :raise UserError: when they cannot be read
        """
        text = os.environ.get(_KEYS_VARIABLE) or config.get(_KEYS_OPTION) or ""
        try:
            return parse_keys(text)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The keys of the audit log cannot be read: %(error)s. Write them as id:key, "
                    "the key in hexadecimal, in %(variable)s or as %(option)s in the server's "
                    "configuration.",
                    error=error,
                    variable=_KEYS_VARIABLE,
                    option=_KEYS_OPTION,
                )
            ) from error

    # -- reading -------------------------------------------------------------------------------

    @api.model
    def _state(self, number: int | None = None) -> State:
        """Where the log stands after a block (the last one unless given)."""
        where = SQL("TRUE") if number is None else SQL("id = %s", number)
        self.env.cr.execute(
            SQL("SELECT state FROM lot_audit_block WHERE %s ORDER BY id DESC LIMIT 1", where)
        )
        row = self.env.cr.fetchone()
        return state_of(json.loads(row[0])) if row else State()

    @api.model
    def _block(self, row: tuple) -> Block:
        number, header, digest, seal, tree, ids, leaves = row
        del number
        return Block(json.loads(header), digest, seal, tree, ids, bytes(leaves))

    @api.model
    def _select(self, where: SQL, limit: int = 1) -> list[tuple]:
        self.env.cr.execute(
            SQL(
                "SELECT id, header, digest, seal, tree, event_ids, leaves FROM lot_audit_block "
                "WHERE %s ORDER BY id LIMIT %s",
                where,
                limit,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _blocks(self, first: int = 1, last: int = 0) -> Iterator[tuple[Block, Iterator[bytes]]]:
        """The blocks from `first` on (to `last`, where given), each with the lines of its events
        as the database has them now; flat in memory."""
        while True:
            until = SQL("id <= %s", last) if last else SQL("TRUE")
            rows = self._select(SQL("id >= %s AND %s", first, until))
            if not rows:
                return
            block = self._block(rows[0])
            yield block, self._lines(block)
            first = rows[0][0] + 1

    @api.model
    def _lines(self, block: Block) -> Iterator[bytes]:
        """The lines of the events that belong to a block: those that it names, and those that lie
        between them without being in any block, which somebody has put there."""
        ids = list(block.ids)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            yield from self._event_lines(SQL("event.id = ANY(%s)", part))

    @api.model
    def _event_lines(self, where: SQL) -> Iterator[bytes]:
        self.env.cr.execute(
            SQL(
                "SELECT event.id, event.at, event.body FROM lot_audit_event event "
                "WHERE %s ORDER BY event.id",
                where,
            )
        )
        while rows := self.env.cr.fetchmany(BATCH):
            for number, at, body in rows:
                yield event_line(number, time_text(at), body)

    @api.model
    def _unsealed(self) -> tuple[int, Iterator[bytes]]:
        """How many events no block holds yet, and their lines."""
        waiting = SQL("event.id IN (SELECT event_id FROM lot_audit_pending)")
        self.env.cr.execute("SELECT count(*) FROM lot_audit_pending")
        return self.env.cr.fetchone()[0], self._event_lines(waiting)

    @api.model
    def _receipt(self, number: int | None = None) -> Receipt | None:
        """The receipt of a block (the last one unless given)."""
        where = SQL("TRUE") if number is None else SQL("id = %s", number)
        self.env.cr.execute(
            SQL("SELECT id FROM lot_audit_block WHERE %s ORDER BY id DESC LIMIT 1", where)
        )
        row = self.env.cr.fetchone()
        return receipt_for(self._block(self._select(SQL("id = %s", row[0]))[0])) if row else None

    @api.model
    def _receipts(self, after: int = 0, limit: int = 10_000) -> list[Receipt]:
        """The receipts of the blocks after a number."""
        return [receipt_for(self._block(row)) for row in self._select(SQL("id > %s", after), limit)]

    @api.model
    def _receipts_since(self, sealed_at: str) -> list[Receipt]:
        """The receipts of blocks sealed after a time, as a receipt writes it."""
        since = SQL("sealed_at > %s::timestamp", sealed_at.rstrip("Z"))
        return [receipt_for(self._block(row)) for row in self._select(since, 10_000)]

    @api.model
    def _tree(self, number: int) -> MerkleTree:
        """The tree over the digests of the blocks up to this one."""
        self.env.cr.execute(
            SQL("SELECT digest FROM lot_audit_block WHERE id <= %s ORDER BY id", number)
        )
        return MerkleTree.of_digests(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _picks(self, event_ids: Collection[int]) -> Iterator[tuple[Block, list[tuple[int, bytes]]]]:
        """Blocks with those of these events that they hold, as `export_events` wants them; what
        is not sealed yet is left out."""
        wanted = sorted(event_ids)
        while wanted:
            rows = self._select(SQL("event_ids && %s", wanted[:BATCH]), limit=1)
            if not rows:
                wanted = wanted[BATCH:]
                continue
            block = self._block(rows[0])
            here = set(block.ids).intersection(wanted)
            lines = self._event_lines(SQL("event.id = ANY(%s)", sorted(here)))
            yield block, list(zip(sorted(here), lines, strict=True))
            wanted = [number for number in wanted if number not in here]

    # -- writing: the sealer alone -------------------------------------------------------------

    @api.model
    def _append(self, block: Block, state: State, times: dict[str, Any]) -> None:
        header = block.header
        values = {
            "id": header["number"],
            "header": json.dumps(header),
            "digest": block.digest,
            "seal": block.seal,
            "tree": block.tree,
            "event_ids": list(block.ids),
            "leaves": block.leaves,
            "state": json.dumps(state._asdict()),
            "count": header["count"],
            "total": header["total"],
            "first_id": header["first_id"],
            "last_id": header["last_id"],
            **times,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO lot_audit_block (%s) VALUES (%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        self.invalidate_model()
