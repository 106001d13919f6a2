"""What a person answered before a document is validated, on its way through core's methods."""

# Context key: {"fefo": [[product id, reason id, explanation], …]}. Where it is given, even empty,
# nothing is asked any more.
ANSWERS = "lot_done_answers"


def fefo_answers(env) -> dict[int, tuple]:
    """Reason and explanation by product."""
    given = (env.context.get(ANSWERS) or {}).get("fefo") or []
    # sudo: which reasons there are is known to everybody
    known = set(env["lot.fefo.reason"].sudo().with_context(active_test=False).search([]).ids) if given else ()
    return {
        product: (reason if reason in known else False, note or False)
        for product, reason, note in given
    }
