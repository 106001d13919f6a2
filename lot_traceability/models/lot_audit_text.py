"""What an event of the audit log says, in words: the same on screen and in every export."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timezone
from functools import cached_property
from typing import Any

from lxml import html
from odoo.api import Environment
from odoo.tools import format_date, format_datetime

_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MARKUP = re.compile(r"</?[a-z][^<>]*>")
MAX_LISTED = 10


class AuditText:
    """Reads events in the language and the time zone of its environment's user.

    Names are those that the event keeps: what is called otherwise by now was called so then.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        model = env["lot.audit.event"]
        self.kinds: dict[str, str] = dict(model._fields["kind"]._description_selection(env))
        self._templates = self._sentences()
        self._labels: dict[tuple[str, str], str] = {}
        self._model_names: dict[str, str] = {}

    @staticmethod
    def parse(body: str | bool) -> dict[str, Any]:
        """The event of a body; empty where there is none."""
        return json.loads(body) if body else {}

    # -- one line for an event -----------------------------------------------------------------

    def sentence(self, event: dict[str, Any], on_lot: bool = False) -> str:
        """Who did what, with which document and why.

        :param on_lot: where it stands under the lot, which then need not be named again
        """
        _ = self.env._
        data = event.get("data") or {}
        template = self._templates.get(self._way_to_tell(event), self._templates["other"])
        text = template % {
            "who": self.who(event) or _("Somebody"),
            "what": _("this lot") if on_lot and event.get("lot") else self.subject(event),
            "fields": self._changed_fields(event),
            "kind": self.kinds.get(event.get("kind", ""), event.get("kind", "")),
            "status": self._status(event),
            "before": self.value((event.get("changes") or {}).get("name", [""])[0]),
            "quantity": f"{data.get('quantity') or ''} {data.get('unit') or ''}".strip(),
            "source": _name(data.get("from")),
            "target": _name(data.get("to")),
            "count": data.get("count") or data.get("undone") or 1,
            "format": data.get("format") or "",
            "text": self.value(data.get("text")),
            "step": data.get("step") or "",
            "proposed": _name(data.get("proposed")),
            "refused": data.get("refused_for") or "",
            "found": _("nothing was found")
            if data.get("valid")
            else _("something is wrong, see its findings"),
        }
        if event.get("document"):
            text = _("%(text)s (%(document)s)", text=text, document=_name(event["document"]))
        if event.get("why"):
            text = _("%(text)s. Reason: %(reason)s", text=text, reason=event["why"])
        return text

    @staticmethod
    def _way_to_tell(event: dict[str, Any]) -> str:
        """Its kind; of a legal hold, whether it began or ended; of a lot before its turn, whether
        it was taken or only reserved; of an import, whether it was taken back."""
        held = (event.get("changes") or {}).get("held")
        if held:
            return "held" if held[1] else "let_go"
        if (event.get("data") or {}).get("step") == "reserved":
            return "fefo_reserved"
        if event.get("kind") == "imported" and "undone" in (event.get("data") or {}):
            return "undone"
        if event.get("kind") == "cleaned":
            step = (event.get("data") or {}).get("operation")
            return "cleaned" if step == "fixed" else f"cleaned_{step}"
        return event.get("kind", "")

    def who(self, event: dict[str, Any]) -> str:
        """The user; and who really acted, where that is somebody else."""
        who = event.get("who") or {}
        name = who.get("name") or who.get("login") or ""
        if who.get("by"):
            return self.env._("%(user)s (by %(other)s)", user=name, other=_name(who["by"]))
        return name

    def origin(self, event: dict[str, Any]) -> str:
        """From where it was done: way in, address, key and client."""
        _ = self.env._
        ways = {
            "web": _("Browser"),
            "json2": _("JSON-2 interface"),
            "rpc": _("XML-RPC interface"),
            "cron": _("Scheduled action"),
            "shell": _("Server"),
            "sql": _("Database"),
        }
        origin = event.get("from") or {}
        parts = [ways.get(origin.get("via", ""), origin.get("via", "")), origin.get("address", "")]
        if origin.get("key"):
            parts.append(_("key %s", origin["key"]))
        parts.append(origin.get("client", ""))
        return ", ".join(part for part in parts if part)

    def subject(self, event: dict[str, Any]) -> str:
        """What it happened to: the lot with its product, or the record."""
        lot, record = event.get("lot"), event.get("record")
        if lot:
            name, product = _name(lot), _name(event.get("product"))
            known = f"{name} ({product})" if product else name
            return self.env._("lot %s", known)
        if record and record.get("model") == "ir.model":
            return _name(record)
        if record:
            return f"{self._model_name(record.get('model', ''))} {_name(record)}".strip()
        lots = (event.get("data") or {}).get("lots") or []
        if lots:
            return self.env._("lots %s", self.value(lots))
        # Of an export its title.
        return _name(event.get("product")) or _name((event.get("data") or {}).get("what"))

    # -- before and after ----------------------------------------------------------------------

    def changes(self, event: dict[str, Any]) -> list[dict[str, str]]:
        """[{"name", "label", "before", "after"}] of each field that changed."""
        model = self._changed_model(event)
        return [
            {
                "name": name,
                "label": self.label(model, name),
                "before": self.value(values[0], model, name),
                "after": self.value(values[1], model, name),
            }
            for name, values in (event.get("changes") or {}).items()
        ]

    def details(self, event: dict[str, Any]) -> list[tuple[str, str]]:
        """[(label, value)] of what else is to be known."""
        model = (event.get("record") or {}).get("model", "")
        return [
            (self.label(model, name), self.value(value))
            for name, value in (event.get("data") or {}).items()
        ]

    def label(self, model: str, name: str) -> str:
        """What a field is called; its own name where nobody knows it (any more)."""
        key = (model, name)
        if key not in self._labels:
            known = self._own_labels().get(name)
            field = model in self.env and self.env[model]._fields.get(name)
            if field:
                known = field._description_string(self.env)
            self._labels[key] = known or name.replace("_", " ").capitalize()
        return self._labels[key]

    def value(self, value: Any, model: str = "", name: str = "") -> str:
        """A value of an event as one reads it; empty for none."""
        _ = self.env._
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, dict):
            if name == "status_id":
                return self._statuses.get(_name(value), _name(value))
            return self._dict_value(value)
        if isinstance(value, list):
            listed = [self.value(item) for item in value[:MAX_LISTED]]
            if len(value) > MAX_LISTED:
                listed.append(_("and %s more", len(value) - MAX_LISTED))
            return ", ".join(listed)
        if isinstance(value, str):
            return self._text_value(value, model, name)
        return str(value)

    def moment(self, when: datetime | str) -> str:
        """A time of the log (UTC) in the user's zone, to the second, the year first."""
        if isinstance(when, str):
            when = datetime.fromisoformat(when.replace("Z", "+00:00"))
        if not when.tzinfo:
            when = when.replace(tzinfo=timezone.utc)
        return f"{when.astimezone(self.env.tz):%Y-%m-%d %H:%M:%S}"

    def _text_value(self, value: str, model: str, name: str) -> str:
        if _TIME.fullmatch(value):
            when = datetime.fromisoformat(value).replace(microsecond=0)
            return format_datetime(self.env, when, tz=str(self.env.tz))
        if _DAY.fullmatch(value):
            return format_date(self.env, date.fromisoformat(value))
        field = model in self.env and self.env[model]._fields.get(name)
        if field and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if _MARKUP.search(value):
            return " ".join(html.fromstring(value).text_content().split())
        return value.replace("\x1d", "<GS>")

    def _dict_value(self, value: dict[str, Any]) -> str:
        """A reference by its name; else what it holds, one after the other."""
        if "name" in value:
            extra = [f"{self.value(value['quantity'])}"] if value.get("quantity") else []
            return " ".join([_name(value), *extra])
        language = self.env.lang or "en_US"
        if "en_US" in value and all(isinstance(text, str) for text in value.values()):
            return value.get(language, value["en_US"])
        return ", ".join(f"{key}: {self.value(one)}" for key, one in value.items())

    # -- names and sentences -------------------------------------------------------------------

    def _changed_model(self, event: dict[str, Any]) -> str:
        """The model whose fields the changes are of. A line is told by what it says, not by its
        columns."""
        model = (event.get("record") or {}).get("model", "")
        return "" if event.get("kind") == "corrected" else model

    def _changed_fields(self, event: dict[str, Any]) -> str:
        model = self._changed_model(event)
        names = [self.label(model, name) for name in event.get("changes") or {}]
        if len(names) > MAX_LISTED:
            more = self.env._("and %s more", len(names) - MAX_LISTED)
            names[MAX_LISTED:] = [more]
        return ", ".join(names)

    def _status(self, event: dict[str, Any]) -> str:
        before, after = (event.get("changes") or {}).get("status_id", [None, None])
        before, after = (self.value(one, "stock.lot", "status_id") for one in (before, after))
        return f"{before or '–'} → {after or '–'}"

    @cached_property
    def _statuses(self) -> dict[str, str]:
        """The log keeps the code of a status, which stays when its name is changed: what each
        one is called now."""
        # sudo: what a status is called is no secret
        statuses = self.env["lot.status"].sudo().with_context(active_test=False).search([])
        return {status.code: status.name for status in statuses}

    def _model_name(self, model: str) -> str:
        if model not in self._model_names:
            # sudo: the name of a kind of record is no secret
            self._model_names[model] = self.env["ir.model"].sudo()._get(model).name or model
        return self._model_names[model]

    def _own_labels(self) -> dict[str, str]:
        _ = self.env._
        return {
            "lot": _("Lot"),
            "lots": _("Lots"),
            "quantity": _("Quantity"),
            "unit": _("Unit"),
            "from": _("From"),
            "to": _("To"),
            "package": _("Package"),
            "owner": _("Owner"),
            "partner": _("Partner"),
            "count": _("Number"),
            "format": _("Format"),
            "file": _("File"),
            "direction": _("Direction"),
            "proposed": _("Lot to take"),
            "step": _("Step"),
            "days": _("Days later"),
            "refused_for": _("Refused because"),
            "text": _("Text"),
            "operation": _("Operation"),
            "sha256": _("SHA-256"),
            "reached": _("Lots reached"),
            "beyond": _("Lots outside the firm, as partners tell"),
            "ms": _("Milliseconds"),
        }

    def _sentences(self) -> dict[str, str]:
        """How each kind is told. The signs in brackets are the same in each language."""
        _ = self.env._
        return {
            "other": _("%(who)s: %(kind)s, %(what)s"),
            "baseline": _("%(what)s as it was found when the log began"),
            "created": _("%(who)s created %(what)s"),
            "changed": _("%(who)s changed %(fields)s of %(what)s"),
            "renamed": _("%(who)s renamed %(before)s to %(what)s"),
            "status": _("%(who)s changed the status of %(what)s: %(status)s"),
            "deleted": _("%(who)s deleted %(what)s"),
            "deletion_refused": _("%(who)s tried to delete %(what)s and was refused"),
            "split": _("%(who)s split lots: %(source)s → %(target)s"),
            "merged": _("%(who)s merged lots: %(source)s → %(target)s"),
            "relabelled": _("%(who)s relabelled %(source)s as %(target)s"),
            "moved": _("%(who)s moved %(quantity)s of %(what)s from %(source)s to %(target)s"),
            "consumed": _("%(who)s consumed %(quantity)s of %(what)s"),
            "produced": _("%(who)s produced %(quantity)s of %(what)s"),
            "corrected": _("%(who)s corrected %(fields)s of a done line of %(what)s"),
            "fefo_reserved": _("%(who)s reserved %(what)s although %(proposed)s was to go first"),
            "fefo": _("%(who)s took %(what)s although %(proposed)s was to go first"),
            "override": _("%(who)s let %(what)s pass. It was refused because: %(refused)s"),
            "printed": _("%(who)s printed labels of %(what)s: %(count)s as %(format)s"),
            "reprinted": _("%(who)s printed labels of %(what)s again: %(count)s as %(format)s"),
            "scanned": _("%(who)s scanned a label of %(what)s: %(text)s"),
            "traced": _("%(who)s traced %(what)s"),
            "exported": _("%(who)s exported %(what)s: %(count)s rows as %(format)s"),
            "imported": _("%(who)s imported %(count)s rows of %(what)s"),
            "undone": _("%(who)s took back %(count)s imported rows of %(what)s"),
            "rights": _("%(who)s changed the rights of %(what)s"),
            "configured": _("%(who)s configured %(what)s"),
            "held": _("%(who)s put %(what)s on legal hold"),
            "let_go": _("%(who)s released %(what)s from its legal hold"),
            "verified": _("%(who)s verified the log: %(found)s (%(what)s)"),
            "bypassed": _("%(who)s changed %(what)s in the database, past Odoo"),
            "recall": _("%(who)s, %(what)s: %(step)s"),
            "passed": _("%(quantity)s of %(what)s passed from %(source)s to %(target)s"),
            "counted": _("%(who)s counted %(quantity)s of %(what)s by RFID"),
            "tagged": _("%(who)s registered %(count)s RFID tags of %(what)s: %(format)s"),
            "fsma": _("%(who)s, %(what)s: %(step)s"),
            "reviewed": _("%(who)s reviewed %(count)s events of the log"),
            "cleaned": _("%(who)s fixed a fault: %(text)s"),
            "cleaned_ignored": _("%(who)s left a fault as it is: %(text)s"),
            "cleaned_opened": _("%(who)s took up a fault that was ignored: %(text)s"),
        }


def _name(value: Any) -> str:
    """What a reference of an event is called; of several, all of them."""
    if isinstance(value, dict):
        return str(value.get("name") or "")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_name(one) for one in value)
    return str(value or "")
