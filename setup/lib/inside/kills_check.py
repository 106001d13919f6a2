"""Looks at a database whose servers were killed: `python kills_check.py DATABASE`, with what was
confirmed as JSON on the standard input.

Prints one JSON line: {"wrong": [texts], "figures": {name: number}}.
"""

import json
import sys

from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import SQL, config


def main(database: str) -> None:
    told = json.load(sys.stdin)
    config.parse_config(["--log-level=error"], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = Environment(cr, 1, {})
        env = env(context={"allowed_company_ids": env["res.company"].search([]).ids})
        wrong, figures = [], {}
        for check in (lots, recalls, letters, log, genealogy):
            wrong += check(env, told, figures)
        cr.rollback()
    sys.stdout.write(json.dumps({"wrong": wrong, "figures": figures}) + "\n")


def rows(env, query: SQL) -> list[tuple]:
    env.cr.execute(query)
    return env.cr.fetchall()


def lots(env, told: dict, figures: dict) -> list[str]:
    """Each confirmed transfer is there once, and no lot has stock that no transfer explains."""
    found = dict(
        rows(
            env,
            SQL(
                """SELECT t.name, (SELECT ARRAY_AGG(DISTINCT ROUND(l.quantity::numeric, 2)::text
                                                 || ' ' || s.usage || ' ' || d.usage)
                                     FROM stock_move_line l
                                     JOIN stock_location s ON s.id = l.location_id
                                     JOIN stock_location d ON d.id = l.location_dest_id
                                    WHERE l.lot_id = t.id AND l.state = 'done')
                     FROM stock_lot t WHERE t.name = ANY(%s)""",
                told["begun"],
            ),
        )
    )
    wrong = []
    for way, names in (
        ("supplier internal", told["received"]),
        ("internal customer", told["delivered"]),
    ):
        wrong += [
            f"{name} was confirmed ({way}) and is not there"
            for name in names
            if not any(line.endswith(way) for line in found.get(name) or [])
        ]
    doubled = rows(
        env,
        SQL(
            """SELECT t.name, COUNT(*) FROM stock_move_line l JOIN stock_lot t ON t.id = l.lot_id
                WHERE t.name = ANY(%s) AND l.state = 'done'
                GROUP BY t.name, l.location_dest_id HAVING COUNT(*) > 1""",
            told["begun"],
        ),
    )
    wrong += [f"{name} was moved {count} times" for name, count in doubled]
    half = rows(
        env,
        SQL(
            """SELECT p.name FROM stock_picking p JOIN stock_move_line l ON l.picking_id = p.id
                GROUP BY p.id HAVING BOOL_OR(l.state = 'done') AND NOT BOOL_AND(l.state = 'done')
                                  OR (p.state = 'done') <> BOOL_AND(l.state = 'done')"""
        ),
    )
    wrong += [f"{name} is half done" for (name,) in half]
    figures["lots there"] = len(found)
    figures["received though not confirmed"] = sum(
        bool(lines) and name not in set(told["received"]) for name, lines in found.items()
    )
    return wrong


def recalls(env, told: dict, figures: dict) -> list[str]:
    """A recall has stopped all of its lots, or none; each confirmed step was taken."""
    wrong = []
    known = env["lot.recall"].search([("title", "like", "Glass %")])
    states = {recall.id: _state(recall) for recall in known}
    for recall, state in states.items():
        if state["recalled"] not in (0, state["lots"]):
            wrong.append(f"recall {recall} has stopped {state['recalled']} of {state['lots']} lots")
    for text, steps in told["recalls"].items():
        state = states.get(int(text))
        if not state:
            wrong.append(f"recall {text} was confirmed and is not there")
            continue
        if state["lots"] != steps["started"]:
            wrong.append(f"recall {text} has {state['lots']} lots, not {steps['started']}")
        for step, there in (
            ("frozen", state["frozen"]),
            ("stopped", state["recalled"] == state["lots"]),
            ("approved", state["approved"]),
            ("queued", state["notices"] == state["consignees"]),
            ("sent", state["sent"] == state["consignees"]),
        ):
            if steps.get(step) and not there:
                wrong.append(f"recall {text}: {step} was confirmed and is not so")
    figures["recalls"] = len(states)
    figures["recalls stopped"] = sum(bool(state["recalled"]) for state in states.values())
    return wrong


def _state(recall) -> dict:
    lots = recall.env["lot.recall.lot"].search([("recall_id", "=", recall.id)])
    notices = recall.env["lot.recall.notice"].search([("recall_id", "=", recall.id)])
    letters = recall.env["lot.recall.letter"].search([("recall_id", "=", recall.id)])
    scopes = recall.env["lot.recall.scope"].search([("recall_id", "=", recall.id)])
    status = recall.env["lot.status"]._by_code("recalled")
    return {
        "lots": len(lots.lot_id),
        "recalled": len(lots.lot_id.filtered(lambda lot: lot.status_id == status)),
        "frozen": any(scope.digest for scope in scopes),
        "approved": any(letter.state == "approved" for letter in letters),
        "consignees": recall.env["lot.recall.consignee"].search_count(
            [("recall_id", "=", recall.id)]
        ),
        "notices": len(notices),
        "sent": len(notices.filtered(lambda one: one.state == "sent")),
    }


def letters(env, told: dict, figures: dict) -> list[str]:
    """Each notice that is sent has its one mail, and there is no mail beside them."""
    ids = env["lot.recall"].search([("title", "like", "Glass %")]).ids
    notices = rows(
        env,
        SQL(
            """SELECT n.id, n.state, n.partner_id, COUNT(m.id)
                 FROM lot_recall_notice n
                 LEFT JOIN mail_message g ON g.message_id = n.message_key
                 LEFT JOIN mail_mail m ON m.mail_message_id = g.id
                WHERE n.recall_id = ANY(%s) AND n.channel = 'mail' GROUP BY n.id""",
            ids,
        ),
    )
    wrong = [
        f"notice {number} is {state} and has {mails} mails"
        for number, state, _partner, mails in notices
        if mails != (state == "sent")
    ]
    ((beside, mails),) = rows(
        env,
        SQL(
            """SELECT COUNT(*) FILTER (WHERE n.id IS NULL), COUNT(*)
                 FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id
                 LEFT JOIN lot_recall_notice n ON n.message_key = g.message_id
                WHERE m.email_to LIKE 'shop%%@example.com'"""
        ),
    )
    if beside:
        wrong.append(f"{beside} letters went out that no notice knows")
    twice = rows(
        env,
        SQL(
            """SELECT recall_id, partner_id FROM lot_recall_notice
                WHERE recall_id = ANY(%s) AND state = 'sent'
                GROUP BY recall_id, partner_id HAVING COUNT(*) > 1""",
            ids,
        ),
    )
    wrong += [f"recall {recall}: two letters to partner {partner}" for recall, partner in twice]
    figures["letters"] = mails
    return wrong


def log(env, told: dict, figures: dict) -> list[str]:
    """The chain has no gap, and agrees with its receipts and with lots, lines and stock."""
    report, more = env["lot.audit.verification"]._outcome("all")
    ((events, last, blocks),) = rows(
        env,
        SQL(
            """SELECT (SELECT COUNT(*) FROM lot_audit_event), (SELECT MAX(id) FROM lot_audit_block),
                      (SELECT COUNT(*) FROM lot_audit_block)"""
        ),
    )
    figures |= {"events": events, "blocks": blocks, "receipts": report.summary.receipts}
    wrong = [finding.text for finding in (*report.findings, *more)]
    if last != blocks:
        wrong.append(f"the last block is {last}, and there are {blocks}")
    if report.summary.events + report.summary.unsealed != events:
        wrong.append("events are neither sealed nor waiting")
    return wrong


def genealogy(env, told: dict, figures: dict) -> list[str]:
    """The upkeep gave what a rebuild gives."""
    rebuild = env["lot.genealogy.rebuild"]
    documents = {
        model: env[model].with_context(active_test=False).search([]).ids
        for model in env["lot.genealogy.edge"]._documents_of_moves()
    }
    lines = [row[0] for row in rows(env, SQL("SELECT id FROM stock_move_line"))]
    drift = rebuild._drift(documents, lines)
    figures["movements"] = rows(env, SQL("SELECT COUNT(*) FROM lot_genealogy_movement"))[0][0]
    return [
        f"genealogy: {name} differ in {len(found)} rows" for name, found in drift.items() if found
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
