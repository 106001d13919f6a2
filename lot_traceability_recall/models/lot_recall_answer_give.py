from collections.abc import Iterable
from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.recall_answer import AMOUNTS, IN_STOCK, LotAnswer, digest, findings, read_amount
from .lot_recall_answer import VIAS

ACTIVITY = "lot_traceability_recall.activity_recall_answer"
CALL = "lot_traceability_recall.activity_recall_call"
_TEXTS = ("name", "address", "email", "phone")
_LONGEST = 2000
_MOST_ROWS = 500


class LotRecallConsignee(models.Model):
    """A consignee answers: on the page, in the portal, or by word of mouth to staff."""

    _inherit = "lot.recall.consignee"

    answer_ids = fields.One2many("lot.recall.answer", "consignee_id", "Answers", readonly=True)
    answer_id = fields.Many2one(
        "lot.recall.answer", "Latest answer", readonly=True, copy=False, index="btree_not_null"
    )
    answer_larger = fields.Boolean(related="answer_id.larger", string="Answered more than was sent")

    def record_answer(self, values: dict[str, Any]) -> int:
        """Record what a consignee answered by phone, mail or at a visit. An earlier answer is
        kept; this one counts from now on. The same answer again changes nothing.

        :param values: {"name": who answered, "function", "via": "call", "visit" or "mail",
            "none_found": bool, "followed": "yes" or "no", "comment", "confirmed": True when more
            than was sent is right, "lines": [{"line_id": id in `lot.recall.consignee.lot`,
            "found", "quarantined", "sent_back", "destroyed", "sold_on", "consumed": each in the
            product's unit}], "sold": [{"name", "address", "email", "phone", "line_id",
            "quantity"}]}; all but "name" and figures (or "none_found") may be left out
        :return: id of the answer in `lot.recall.answer`
        :raise AccessError: without the right to record what consignees say
        :raise UserError: for figures that do not fit, with what to do; when the recall is closed
        """
        self.ensure_one()
        self.check_access("write")
        via = values.get("via") or "call"
        if via not in dict(VIAS) or via in ("page", "portal"):
            raise UserError(self.env._("Say how it was answered: by call, visit or mail."))
        given = self._read_answer(values)
        errors, questions = self._answer_findings(given)
        if errors or (questions and not values.get("confirmed")):
            raise UserError("\n".join(errors or questions))
        return self._give_answer(given, via, larger=bool(questions)).id

    # -- reading and checking it -----------------------------------------------------------------

    def _read_answer(self, values: dict[str, Any]) -> dict[str, Any]:
        """What came in, in the shape that all else here takes; texts stripped and cut, lines of
        others left away. What is no quantity is kept in "unread".
        """
        mine, unread, lines = set(self.line_ids.ids), [], {}
        for row in _rows(values.get("lines")):
            if row["line_id"] in mine:
                lines[row["line_id"]] = {
                    name: self._amount(row.get(name), unread) for name in AMOUNTS
                }
        sold = []
        for row in _rows(values.get("sold"))[:_MOST_ROWS]:
            texts = {name: _text(row.get(name)) for name in _TEXTS}
            amount = self._amount(row.get("quantity"), unread)
            if amount or any(texts.values()):
                line = row["line_id"]
                sold.append({**texts, "quantity": amount, "line_id": line in mine and line})
        if values.get("none_found"):
            lines = {
                line: {**(lines.get(line) or dict.fromkeys(AMOUNTS, 0.0))} for line in sorted(mine)
            }
        return {
            "name": _text(values.get("name")),
            "function": _text(values.get("function")),
            "comment": _text(values.get("comment")),
            "followed": values.get("followed") if values.get("followed") in ("yes", "no") else "",
            "none_found": bool(values.get("none_found")),
            "lines": lines,
            "sold": sold,
            "unread": unread,
        }

    def _amount(self, text, unread: list[str]) -> float:
        try:
            return read_amount(text)
        except ValueError as error:
            unread.append(str(error)[:40])
            return 0.0

    def _answer_findings(self, given: dict[str, Any]) -> tuple[list[str], list[str]]:
        """What has to be mended before the answer is taken, and what is asked once more.

        More than was sent may be true (goods from elsewhere, or of another lot): it is asked, and
        taken when it is confirmed.
        """
        errors, questions = [], []
        if given["unread"]:
            errors.append(
                self.env._(
                    "“%s” is no quantity: write digits and at most one point, for instance 2.5.",
                    given["unread"][0],
                )
            )
        if not given["name"]:
            errors.append(self.env._("Write the name of the person who answers."))
        figures = any(any(row.values()) for row in given["lines"].values())
        if not figures and not given["none_found"]:
            errors.append(
                self.env._("Fill in at least one figure, or choose that there is none of it.")
            )
        if given["none_found"] and any(
            row[name] for row in given["lines"].values() for name in IN_STOCK
        ):
            errors.append(
                self.env._(
                    "You chose that there is none of it, and yet some was found: clear one of them."
                )
            )
        for line in self.line_ids:
            self._line_findings(line, given["lines"].get(line.id), errors, questions)
        return errors + self._sold_findings(given), questions

    def _line_findings(self, line, row: dict | None, errors: list, questions: list) -> None:
        if not row:
            return
        answer = LotAnswer(received=line.net, **row)
        what = line.lot_name or line.product_id.display_name
        unit = line.uom_id.name
        found = findings(answer)
        if "disposed" in found:
            errors.append(
                self.env._(
                    "%(lot)s: %(disposed)s %(unit)s were set aside, sent back or destroyed, but "
                    "only %(found)s %(unit)s were found. Correct one of them.",
                    lot=what,
                    disposed=f"{answer.disposed:g}",
                    found=f"{answer.found:g}",
                    unit=unit,
                )
            )
        if "larger" in found:
            questions.append(
                self.env._(
                    "%(lot)s: the figures come to %(sum)s %(unit)s, but %(received)s %(unit)s were "
                    "sent. Correct them, or confirm that there is more.",
                    lot=what,
                    sum=f"{answer.accounted:g}",
                    received=f"{answer.received:g}",
                    unit=unit,
                )
            )

    def _sold_findings(self, given: dict[str, Any]) -> list[str]:
        errors = []
        named = {}
        for row in given["sold"]:
            if not row["name"]:
                errors.append(self.env._("Write the name of each business to which it was sold."))
            named[row["line_id"]] = named.get(row["line_id"], 0) + row["quantity"]
        for line in self.line_ids:
            sold = given["lines"].get(line.id, {}).get("sold_on", 0)
            if round(named.get(line.id, 0) - sold, 6) > 0:
                errors.append(
                    self.env._(
                        "%(lot)s: the businesses that you name bought %(named)s, but you sold "
                        "%(sold)s to businesses. Correct one of them.",
                        lot=line.lot_name or line.product_id.display_name,
                        named=f"{named[line.id]:g}",
                        sold=f"{sold:g}",
                    )
                )
        return list(dict.fromkeys(errors))

    # -- taking it -------------------------------------------------------------------------------

    def _give_answer(
        self,
        given: dict[str, Any],
        via: str,
        *,
        larger: bool = False,
        files: Iterable[dict] = (),
        signature: bytes | bool = False,
    ):
        """Take an answer that was found right.

        :param given: as `_read_answer` returns it
        :param files: values of `ir.attachment`
        :param signature: an image, in base64
        :return: the answer; the latest one where it says the same
        """
        self.ensure_one()
        self.recall_id._check_state("decided")
        # One after the other: a second click, or a second person at another desk.
        self.env.cr.execute(
            SQL("SELECT id FROM lot_recall_consignee WHERE id = %s FOR UPDATE", self.id),
            log_exceptions=False,  # the one that comes second is done again by itself
        )
        files = list(files)
        sign = self._digest_of(given, files)
        # sudo: nobody writes an answer by hand; who may give one has been asked
        consignee = self.sudo()
        latest = consignee.answer_id
        if latest.digest == sign:
            return latest
        answer = latest.create(
            {
                **consignee._answer_values(given, via),
                "version": latest.version + 1,
                "signature": signature,
                "larger": larger,
                "digest": sign,
                "attachment_ids": [
                    (0, 0, {**one, "res_model": "lot.recall.answer"}) for one in files
                ],
            }
        )
        answer.attachment_ids.write({"res_id": answer.id})
        consignee._note_answer(answer)
        return answer

    def _answer_values(self, given: dict[str, Any], via: str) -> dict[str, Any]:
        """What was answered, when, how and by whom, as values of the answer."""
        sold = [
            {**{name: row[name] for name in (*_TEXTS, "quantity")}, "received_id": row["line_id"]}
            for row in given["sold"]
        ]
        return {
            "consignee_id": self.id,
            "via": via,
            "given_on": fields.Datetime.now(),
            "user_id": self.env.uid if via not in ("page", "portal") else False,
            "person": given["name"],
            **{name: given[name] for name in ("function", "comment", "none_found", "followed")},
            "line_ids": [(0, 0, row) for row in self._answer_lines(given)],
            "sold_ids": [(0, 0, row) for row in sold],
        }

    def _answered_meanwhile(self, given: dict[str, Any], files: list[dict]) -> bool:
        """Whether somebody else has answered something else since the page was opened."""
        return self.answer_id.digest != self._digest_of(given, files)

    def _digest_of(self, given: dict[str, Any], files: list[dict]) -> str:
        return digest({**given, "files": sorted(self._checksum(one) for one in files)})

    def _checksum(self, file: dict) -> str:
        return self.env["ir.attachment"]._compute_checksum(file["raw"])

    def _answer_lines(self, given: dict[str, Any]) -> list[dict]:
        return [
            {"received_id": line.id, "expected": line.net, **given["lines"][line.id]}
            for line in self.line_ids
            if line.id in given["lines"]
        ]

    def _note_answer(self, answer) -> None:
        """What follows from an answer: the figures that count, the state, and who has to look."""
        for row in answer.line_ids:
            row.received_id.write({name: row[name] for name in AMOUNTS})
        now = answer.given_on
        by_itself = answer.via in ("page", "portal")
        if by_itself:
            self._track_set_author(self.partner_id)
        self.write(
            {
                "answer_id": answer.id,
                "state": "answered",
                "answered_on": now,
                "read_on": self.read_on or now,
            }
        )
        self.recall_id._tell_step(
            "answered",
            consignee=self._named(),
            answer={"id": answer.id, "version": answer.version, "sha256": answer.digest},
            via=answer.via,
            by=answer.person,
            larger=answer.larger,
        )
        self.message_post(
            body=self.env._(
                "%(person)s answered (%(via)s).",
                person=answer.person,
                via=dict(answer._fields["via"]._description_selection(self.env))[answer.via],
            ),
            author_id=self.partner_id.id if by_itself else self.env.user.partner_id.id,
        )
        self.activity_unlink([CALL])
        self._ask_to_look(answer)

    def _ask_to_look(self, answer) -> None:
        reasons = []
        if answer.larger:
            reasons.append(
                self.env._(
                    "More is accounted for than was sent: ask where it came from, and whether "
                    "other lots are meant."
                )
            )
        if answer.followed == "no":
            reasons.append(self.env._("Not every instruction was followed: ask what hinders it."))
        if answer.sold_ids:
            reasons.append(self.env._("It was sold on: take those businesses into the recall."))
        self.activity_unlink([ACTIVITY])
        if reasons:
            self.activity_schedule(
                ACTIVITY,
                summary=self.env._("Answer of %s", self.partner_id.display_name),
                note=" ".join(reasons),
                user_id=self.recall_id.manager_id.id,
            )


def _rows(value: Any) -> list[dict]:
    """Rows as they came in, from anybody: each a dict with an id."""
    rows = (
        [row for row in value if isinstance(row, dict)] if isinstance(value, list | tuple) else []
    )
    return [
        {**row, "line_id": line if isinstance(line := row.get("line_id"), int) else 0}
        for row in rows
    ]


def _text(value: Any) -> str:
    """A text as it is stored: one that PostgreSQL takes, not endless."""
    return str(value or "").replace("\x00", "").strip()[:_LONGEST]
