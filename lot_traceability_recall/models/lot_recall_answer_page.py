from typing import Any

from odoo import api, models
from odoo.tools.mimetypes import guess_mimetype

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
MOST_SIGNATURE = 300 * 1024
# What a browser shows or an office program opens, and nothing that runs.
_TYPES = {
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/plain",
}


class LotRecallConsignee(models.Model):
    """What the page for consignees shows, and what it takes."""

    _inherit = "lot.recall.consignee"

    def _page_values(self) -> dict[str, Any]:
        """What the page shows of the recall: of this consignee's goods alone."""
        self.ensure_one()
        recall, company = self.recall_id, self.company_id
        return {
            "consignee": self,
            "recall": recall,
            "company": company,
            "class_text": recall.class_text,
            "todo": self._instructions(),
            "lines": self.line_ids,
            "latest": self.answer_id,
            "most_files": MOST_FILES,
            "most_bytes": MOST_BYTES,
        }

    def _instructions(self) -> list[str]:
        """What the consignee is asked to do, one sentence each; 21 CFR 7.49(c)(1). Others add to
        it."""
        todo = [
            self.env._("Stop using and selling these lots at once."),
            self.env._("Look for them in your whole stock and set them apart, clearly marked."),
            self.env._(
                "If you sold some of it to other businesses, tell them and name them below."
            ),
            self.env._("Answer below, also when you have none of it."),
        ]
        if self.recall_id.depth == "consumer":
            todo.insert(
                3, self.env._("Tell your customers, and take back what they bring: see the letter.")
            )
        return todo

    def _page_findings(self, given: dict, files: list) -> tuple[list[str], list[str]]:
        """As `_answer_findings`, with what the page asks beyond: to whom it was sold, whether the
        instructions were followed."""
        errors, questions = self._answer_findings(given)
        sold = sum(row["sold_on"] for row in given["lines"].values())
        if sold and not given["sold"] and not files:
            errors.append(
                self.env._(
                    "You sold some to businesses: name them below, or attach a list, so that they "
                    "are told as well."
                )
            )
        if not given["followed"]:
            errors.append(self.env._("Say whether you followed every instruction."))
        return errors, questions

    @api.model
    def _read_files(self, uploads: list[tuple[str, bytes]]) -> tuple[list[dict], list[str]]:
        """Files from the page, as values of `ir.attachment`.

        :param uploads: [(name, content)]
        :return: (files, what is wrong with them)
        """
        files, errors = [], []
        if len(uploads) > MOST_FILES:
            errors.append(self.env._("Attach %s files at most.", MOST_FILES))
        for name, content in uploads[:MOST_FILES]:
            name = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "")[-100:] or "file"
            kind = guess_mimetype(content, "")
            if kind not in _TYPES and _is_text(content):
                kind = "text/plain"
            if len(content) > MOST_BYTES:
                errors.append(
                    self.env._(
                        "“%(file)s” is larger than %(most)s MB: attach a smaller one.",
                        file=name,
                        most=MOST_BYTES // 1024**2,
                    )
                )
            elif kind not in _TYPES:
                errors.append(
                    self.env._(
                        "“%s” cannot be attached: use PDF, pictures, text or Excel files (.xlsx).",
                        name,
                    )
                )
            else:
                files.append({"name": name, "raw": content, "mimetype": kind})
        return files, errors

    # -- the portal ------------------------------------------------------------------------------

    @api.model
    def _portal_domain(self, partner) -> list:
        """What a partner's own firm was told of: nothing that others received, and nothing before
        the letter."""
        return [
            ("partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id),
            ("told_on", "!=", False),
            ("recall_id.state", "in", ("decided", "closed")),
        ]

    def _portal_open(self) -> bool:
        """Whether it may still be answered in the portal, where no link can expire."""
        return self.recall_id.state == "decided"


def _is_text(content: bytes) -> bool:
    """Words and figures in UTF-8, as a spreadsheet saves them, and no page that a browser runs."""
    head = content[:1024].lstrip().lower()
    if b"\x00" in content or head.startswith((b"<", b"\xef\xbb\xbf<")):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
