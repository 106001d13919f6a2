"""What a person answered before a document is validated, on its way through core's methods."""

from odoo.exceptions import UserError

# Context key: {"fefo": [[product id, reason id, explanation], …]}. Where it is given, even empty,
# nothing is asked any more.
ANSWERS = "lot_done_answers"


def fefo_answers(env) -> dict[int, tuple]:
    """Reason and explanation by product.

    :raise UserError: when what was given cannot be read
    """
    given = env.context.get(ANSWERS)
    if not given:
        return {}
    try:
        rows = [(int(row[0]), int(row[1] or 0), str(row[2] or "")) for row in given.get("fefo", [])]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            env._(
                "“lot_done_answers” cannot be read: give {'fefo': [[product, reason, "
                "explanation]]} with the ids of the product and of the reason."
            )
        ) from error
    # sudo: which reasons there are is known to everybody
    reasons = env["lot.fefo.reason"].sudo().browse(row[1] for row in rows).exists()
    return {
        product: (reason if reason in reasons._ids else False, note or False)
        for product, reason, note in rows
    }
