"""What a browser sends from the answer page, as the model takes it; and the page again."""

import base64
import binascii
import json
from typing import Any

import pytz
from odoo.addons.lot_traceability.controllers.public_page import guarded
from odoo.http import Response, request

from ..models.lot_recall_answer_page import MOST_FILES, MOST_SIGNATURE
from ..tools.recall_answer import AMOUNTS

_PNG = "data:image/png;base64,"
_MAGIC = b"\x89PNG\r\n\x1a\n"
_SOLD = ("name", "address", "email", "phone", "quantity", "line_id")
_MOST_ROWS = 200


def speak(consignee) -> None:
    """Go on in the language of the consignee, where it is installed, and in its time: as the
    browser says it, else as the partner, else as whoever is in charge has it."""
    zones = (
        request.httprequest.cookies.get("tz"),
        consignee.partner_id.tz,
        consignee.recall_id.manager_id.tz,
    )
    zone = next((one for one in zones if one in pytz.all_timezones_set), "UTC")
    request.update_context(tz=zone)
    known = request.env["res.lang"]._get_data(code=consignee.lang or "")
    if known:
        request.lang = known
        request.update_context(lang=known.code)


def show(consignee, place: str, via: str) -> Response:
    """The page of a consignee, or, when it was sent, what comes of it.

    :param place: the address to which the page sends
    :param via: "page" or "portal"
    """
    speak(consignee)
    context = request.env.context
    consignee = consignee.with_context(lang=context.get("lang"), tz=context["tz"])
    values = {**consignee._page_values(), "place": place, "via": via}
    if request.httprequest.method != "POST":
        values["form"] = _form_of(consignee.answer_id)
        return guarded(request.render("lot_traceability_recall.answer_page", values))
    form = read_form()
    if form["only_read"]:
        consignee._mark_read()
        values["form"] = _form_of(consignee.answer_id)
        return guarded(request.render("lot_traceability_recall.answer_page", values))
    return _take(consignee, form, values)


def _take(consignee, form: dict, values: dict) -> Response:
    given = consignee._read_answer(form)
    uploads = [
        (upload.filename, upload.read())
        for upload in request.httprequest.files.getlist("files")[: MOST_FILES + 1]
        if upload.filename
    ]
    files, wrong = consignee._read_files(uploads)
    errors, questions = consignee._page_findings(given, files)
    errors += wrong
    if not form["agreed"]:
        errors.append(consignee.env._("Confirm that your answer is complete and true."))
    meanwhile = not errors and form["basis"] != str(consignee.answer_id.version)
    if errors or (questions and not form["confirmed"]) or meanwhile:
        again = consignee._answered_meanwhile(given, files) if meanwhile else True
        if again:
            values |= {
                "form": {**form, "basis": str(consignee.answer_id.version)},
                "errors": errors,
                "questions": questions if not errors else [],
                "meanwhile": meanwhile,
                "files_lost": bool(uploads),
            }
            return guarded(request.render("lot_traceability_recall.answer_page", values))
    consignee._give_answer(
        given, values["via"], larger=bool(questions), files=files, signature=_signature(form)
    )
    return guarded(
        request.render(
            "lot_traceability_recall.answer_thanks", {**values, "latest": consignee.answer_id}
        )
    )


def read_form() -> dict[str, Any]:
    """The fields of the page, as they were typed: they stay in it when something is wrong."""
    sent = request.httprequest.form
    lines = []
    for name in sent:
        start, _dash, number = name.partition("-")
        if start == "found" and number.isascii() and number.isdigit() and len(number) < 10:
            row = {amount: sent.get(f"{amount}-{number}", "")[:40] for amount in AMOUNTS}
            lines.append({"line_id": int(number), **row})
    lines += _packed(sent.get("packed", ""))
    columns = [sent.getlist(f"sold_{name}")[:_MOST_ROWS] for name in _SOLD]
    sold = [dict(zip(_SOLD, row, strict=True)) for row in zip(*columns, strict=False)]
    for row in sold:
        line = row["line_id"]
        row["line_id"] = int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 0
    return {
        "lines": lines,
        "sold": [row for row in sold if any(row[n] for n in _SOLD if n != "line_id")],
        **{name: sent.get(name, "")[:2000] for name in ("name", "function", "comment")},
        "followed": sent.get("followed", ""),
        **{
            name: bool(sent.get(name))
            for name in ("none_found", "confirmed", "agreed", "only_read")
        },
        "basis": sent.get("basis", "")[:10],
        "signature": sent.get("signature", "")
        if len(sent.get("signature", "")) <= MOST_SIGNATURE
        else "",
    }


def _packed(text: str) -> list[dict]:
    """Figures of very many lots in one field: a server takes only so many fields."""
    try:
        rows = json.loads(text) if text else []
    except ValueError:
        return []
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [
        {
            "line_id": row.get("line_id") if isinstance(row.get("line_id"), int) else 0,
            **{amount: str(row.get(amount) or "")[:40] for amount in AMOUNTS},
        }
        for row in known
    ]


def _signature(form: dict) -> bytes | bool:
    """The picture that was drawn, in base64; none where it is not what the page makes."""
    text = form["signature"]
    if not text.startswith(_PNG) or len(text) > MOST_SIGNATURE:
        return False
    try:
        content = base64.b64decode(text.removeprefix(_PNG), validate=True)
    except binascii.Error:
        return False
    return base64.b64encode(content) if content.startswith(_MAGIC) else False


def _form_of(answer) -> dict[str, Any]:
    """The page as the latest answer filled it in, for a correction; empty before the first."""
    return {
        "lines": [
            {
                "line_id": row.received_id.id,
                **{name: f"{row[name]:g}" if row[name] else "" for name in AMOUNTS},
            }
            for row in answer.line_ids
        ],
        "sold": [
            {
                **{name: row[name] or "" for name in ("name", "address", "email", "phone")},
                "quantity": f"{row.quantity:g}",
                "line_id": row.received_id.id,
            }
            for row in answer.sold_ids
        ],
        "name": answer.person or "",
        "function": answer.function or "",
        "comment": answer.comment or "",
        "followed": answer.followed or "",
        "none_found": answer.none_found,
        "confirmed": False,
        "agreed": False,
        "basis": str(answer.version),
        "signature": "",
    }
