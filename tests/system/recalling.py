"""What the tests of recalls over XML-RPC share: a second person, and the steps of a recall."""

import base64
import uuid

import remote


def second_person(connection) -> remote.Connection:
    """Another person who may run recalls."""
    login = f"second-{uuid.uuid4().hex[:6]}"
    group = connection(
        "ir.model.data", "search_read", [("name", "=", "group_recall_manager")], ["res_id"]
    )[0]["res_id"]
    connection(
        "res.users",
        "create",
        {"name": "Second", "login": login, "password": login, "group_ids": [(4, group)]},
    )
    return remote.Connection({**connection.server, "login": login, "password": login})


def start(connection, lot_ids: list[int], **values) -> dict:
    """Open a recall of these lots."""
    told = {"title": "Glass in jars", "hazard": "Glass", "hazard_class": "1"}
    return connection("lot.recall", "start", lot_ids, told | values)


def tell(connection, second, recall: int) -> dict:
    """Letters written by one, approved by the other, and on their way."""
    connection("lot.recall", "action_write_letters", [recall])
    second("lot.recall", "approve_letters", recall)
    queued = connection("lot.recall", "send_letters", recall)
    cron = connection.one("ir.cron", [("code", "ilike", "_cron_send()")])
    connection("ir.cron", "method_direct_trigger", [cron])
    # What does not go by itself is posted, or said on the phone.
    waiting = connection(
        "lot.recall.notice", "search", [("recall_id", "=", recall), ("state", "=", "queued")]
    )
    if waiting:
        connection("lot.recall.notice", "mark_sent", waiting)
    return queued


def answer_for_all(connection, recall: int, besides: tuple[str, ...] = ()) -> int:
    """Each consignee has destroyed half of what it got; the rest was sold to consumers.

    :param besides: names of those who have answered themselves
    """
    consignees = connection(
        "lot.recall.consignee",
        "search",
        [("recall_id", "=", recall), ("partner_id.name", "not in", besides)],
    )
    for consignee in consignees:
        lines = connection(
            "lot.recall.consignee.lot",
            "search_read",
            [("consignee_id", "=", consignee)],
            ["net"],
        )
        answers = []
        for line in lines:
            net = max(line["net"], 0.0)
            half = float(net // 2)
            answers.append(
                {
                    "line_id": line["id"],
                    "found": half,
                    "destroyed": half,
                    "consumed": net - half,
                }
            )
        given = {"name": "Ann Clerk", "followed": "yes", "lines": answers}
        # Whoever has sent all of it back before has none.
        given["none_found"] = not any(line["found"] or line["consumed"] for line in answers)
        connection("lot.recall.consignee", "record_answer", consignee, given)
    return len(consignees)


def check_all(connection, recall: int) -> int:
    """Effectiveness checks at all consignees, all well."""
    drawn = connection("lot.recall", "draw_checks", recall, "A")
    names = ["received", "understood", "followed"]
    answers = connection("lot.recall.check", "fields_get", names, ["selection"])
    well = {name: answers[name]["selection"][0][0] for name in names}
    connection("lot.recall.check", "write", drawn["added"], well)
    connection("lot.recall.check", "conclude", drawn["added"], "effective")
    return len(drawn["added"])


def destroy_all(connection, recall: int, lot_ids: list[int]) -> float:
    """All that lies in stock of these lots is destroyed, with certificate and witness."""
    certificate = connection(
        "ir.attachment",
        "create",
        {"name": "certificate.txt", "datas": base64.b64encode(b"Destroyed").decode()},
    )
    whole = 0.0
    for row in connection("lot.trace", "where_is", lot_ids):
        disposition = connection(
            "lot.recall.disposition",
            "create",
            {
                "recall_id": recall,
                "lot_id": row["lot_id"],
                "quantity": row["quantity"],
                "location_id": row["location_id"],
                "kind": "destroy",
                "witness_name": "Notary",
                "attachment_ids": [(6, 0, [certificate])],
            },
        )
        connection("lot.recall.disposition", "do", disposition)
        whole += row["quantity"]
    return whole


def settle_road(connection, recall: int) -> None:
    """What was on the road has been called back."""
    road = connection("lot.recall.freed", "search", [("recall_id", "=", recall)])
    if road:
        connection("lot.recall.freed", "write", road, {"settled": True})
