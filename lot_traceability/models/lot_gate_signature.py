from typing import Any

from odoo.exceptions import UserError


class SignedDocument:
    """A document of whichever app, to whose lots quality gives way: what `lot.signable` is for
    models that know of signatures."""

    def __init__(self, documents):
        self.documents = documents
        self.env = documents.env
        self.gate = documents.env["lot.gate"]

    def _do_signed(self, code: str, values: dict[str, Any]):
        if code != "override":
            what = self.documents._description
            raise UserError(self.env._("“%(code)s” is no step of %(what)s.", code=code, what=what))
        reason = values.get("reason") or values.get("signed_reason") or ""
        found = [self.gate._let_pass(one, reason) for one in self._allowed()]
        return self.env["lot.gate.override"].union(*found)

    def _allowed(self) -> list:
        """The documents, when this user may decide on them."""
        return [self.gate._document(one._name, one.id) for one in self.documents]

    def _check_signed(self, code: str, values: dict[str, Any]) -> None:
        self.env["lot.gate.override"].check_access("create")
        if not all(self.gate._text_on(one) for one in self._allowed()):
            raise UserError(self.env._("No lot of this document is refused."))

    def _signature_summary(self, code: str, values: dict[str, Any]) -> str:
        rows = [f"{one.display_name}\n{self.gate._text_on(one) or ''}" for one in self.documents]
        return "\n".join(row.strip() for row in rows)

    def _signature_facts(self) -> dict[str, Any]:
        return {"refused": self.gate._text_on(self.documents) or ""}

    def _signature_place(self) -> dict[str, Any]:
        return {"document": self.documents, "company": self.documents.company_id}

    def _signature_label(self, name: str) -> str:
        return self.env._("Refused lots")
