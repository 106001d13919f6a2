"""The recall of the demo's contaminated lot, from start to closed, by two people at a browser and
a consignee with a phone."""

import re
import uuid
from pathlib import Path

import browsing
import pytest
import recalling
import remote
from playwright.sync_api import expect

LOT = "GV-2291-B"
TITLE = "Listeria in romaine"
CERTIFICATE = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n"}
SIGNED = ("recall_letters", "recall_destroy", "recall_close")
# A consignee with one lot, whose answer is typed on a phone.
AT_PHONE = "Ashgrove Care Home"
# Another one with one lot, that says it on the phone.
CALLED = "Dunmore Corner Deli"


@pytest.fixture(scope="module")
def connection(recall_server):
    """The firm: it has all three steps of a recall signed, and nobody's chat opens by itself."""
    connection = remote.Connection(recall_server)
    steps = connection("lot.signature.step", "search", [("code", "in", SIGNED)])
    connection("lot.signature.step", "write", steps, {"demanded": True})
    return connection


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium() as browser:
        yield browser


def _colleague(connection, browser, name: str) -> browsing.Person:
    """Somebody who may run recalls, and nothing else."""
    login = f"{name.split()[0].lower()}-{uuid.uuid4().hex[:6]}"
    role = connection(
        "ir.model.data", "search_read", [("name", "=", "group_recall_manager")], ["res_id"]
    )[0]["res_id"]
    connection(
        "res.users",
        "create",
        {
            "name": name,
            "login": login,
            "password": login,
            "email": f"{login}@quillbrook.example",
            "group_ids": [(4, role)],
            "odoobot_state": "disabled",
        },
    )
    return browsing.Person(browser, connection.server, login, login)


def test_recall_of_the_contaminated_lot_runs_from_start_to_closed(connection, browser):
    mara = _colleague(connection, browser, "Mara Lindqvist")
    _start(mara)
    # Its number, and that of what was made of it, tell the day, which moves with the demo.
    lot = connection("lot.trace", "find", LOT)["matches"][0]["label"]
    _look_at_the_lots(mara, lot)
    _freeze_and_stop(mara)
    _settle_the_road(mara)
    _write_letters(mara)
    joel = _colleague(connection, browser, "Joel Okafor")
    _approve(joel)
    _send(mara, connection)
    _answer_on_a_phone(browser, connection)
    _key_in_an_answer(mara)
    recall = connection.one("lot.recall", [("title", "=", TITLE)])
    recalling.answer_for_all(connection, recall, besides=(AT_PHONE, CALLED))
    _check(mara)
    _destroy(mara, lot)
    _reconcile(mara)
    _close(mara)
    _get_the_report(joel)
    _see_a_drill_on_the_board(joel)


def _start(mara) -> None:
    mara.trace(LOT)
    mara.press("Recall")
    dialog = mara.dialog
    mara.shows("Nothing is stopped and nobody is told before you say so.", within=dialog)
    mara.shows(LOT, "Glenvarra Farms", within=mara.field("lots_text", dialog))
    # The cursor stands in the one question that has to be answered.
    expect(mara.field("title", dialog).locator("input")).to_be_focused()
    mara.page.keyboard.type(TITLE)
    mara.type("hazard", "Listeria monocytogenes", dialog)
    mara.choose("I", dialog)
    mara.type("reason", "The grower found it in its own test", dialog)
    mara.press("Start, and find the lots", dialog)
    mara.shows(TITLE, "Listeria monocytogenes", "Suspected", "0:0")
    assert mara.figure("lot_count") == 12, "as the story tells: it, and 11 that it went into"


def _look_at_the_lots(mara, lot: str) -> None:
    mara.open("Lots")
    expect(mara.rows).to_have_count(12)
    mara.shows(lot, "Suspect", "Made of it", "Recorded")
    mara.back()


def _freeze_and_stop(mara) -> None:
    mara.press("Freeze the scope")
    mara.confirm("Freeze")
    mara.shows("Scope frozen")
    mara.press("Stop all lots")
    mara.confirm("Stop them")
    mara.shows(
        "Still open:",
        "6 deliveries on the road are not settled.",
        "19 consignees have not answered.",
        "The quantities are not reconciled.",
    )


def _settle_the_road(mara) -> None:
    mara.open("Freed, on the road")
    expect(mara.rows).to_have_count(9)
    # What may be on the road stands first; what was taken out of a reservation asks for nothing.
    toggles = mara.rows.locator("[name=settled] input")
    expect(toggles).to_have_count(6)
    for number in range(6):
        mara.shows("On the road", within=mara.rows.nth(number))
        toggles.nth(number).check()
    mara.back()
    mara.hides("deliveries on the road")


def _write_letters(mara) -> None:
    mara.press("Write the letters")
    mara.shows("The letters wait for a second person.")
    # Nobody approves what they wrote themselves.
    expect(mara.screen.get_by_role("button", name="Approve the letters")).to_have_count(0)


def _approve(joel) -> None:
    joel.menu("Recall", "Recalls")
    joel.rows.filter(has_text=TITLE).locator("[name=title]").click()
    joel.tab("Letters")
    joel.rows.first.locator("[name=subject]").click()
    joel.shows(
        "URGENT: FOOD RECALL",
        "The grower found it in its own test",
        "Take these lots from the shelves",
        within=joel.dialog,
    )
    joel.confirm("Discard")
    joel.press("Approve the letters")
    joel.confirm("Approve")
    joel.sign("Approval", "Read in each language")
    joel.shows("Letters approved: they may be sent now.", "Send the letters")


def _send(mara, connection) -> None:
    mara.page.reload()
    mara.press("Send the letters")
    mara.confirm("Send")
    mara.shows("To be sent: mails: 19.")
    # What a server does by itself every few minutes.
    sender = connection.one("ir.cron", [("code", "ilike", "_cron_send()")])
    connection("ir.cron", "method_direct_trigger", [sender])
    mara.page.reload()
    mara.shows("Notices sent", "19")
    mara.hides("are not sent, or did not arrive")


def _answer_on_a_phone(browser, connection) -> None:
    """A consignee opens the link of its mail, corrects what is wrong, and signs with its name."""
    letter = connection(
        "mail.mail", "search_read", [("email_to", "ilike", "ashgrove")], ["body_html"], limit=1
    )[0]["body_html"]
    place = re.search(r"/recall/answer/[0-9a-f-]+", letter)[0]
    page = browsing.open_page(browser, connection.server, browsing.PHONE)
    page.goto(connection.server["url"] + place)
    expect(page.locator("body")).to_contain_text("Listeria in romaine")
    expect(page.locator("body")).to_contain_text("Received: 36 Units")
    page.get_by_label("Found in stock").fill("20")
    page.get_by_label("Of these: set aside").fill("20")
    page.get_by_label("Used, or with consumers").fill("30")
    expect(page.get_by_text("Accounted for: 50 of 36")).to_be_visible()
    page.get_by_label("Yes, every one").check()
    page.get_by_label("Your name").fill("Ann Clerk")
    page.get_by_label("I sign this answer with my name").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert").first).to_contain_text("but 36 Units were sent")
    page.get_by_label("Used, or with consumers").fill("16")
    expect(page.get_by_text("Accounted for: 36 of 36")).to_be_visible()
    page.get_by_label("I sign this answer with my name").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you, your answer has arrived")
    assert page.evaluate("document.documentElement.scrollWidth") <= browsing.PHONE["width"]
    page.context.close()


def _key_in_an_answer(mara) -> None:
    """Somebody of the firm writes down what a consignee says on the phone."""
    mara.open("Consignees answered")
    expect(mara.rows).to_have_count(19)
    mara.shows("Answered", within=mara.rows.filter(has_text=AT_PHONE))
    mara.rows.filter(has_text=CALLED).locator("[name=partner_id]").click()
    mara.press("Record an answer")
    dialog = mara.dialog
    mara.type("person", "Bob Counter", dialog)
    row = dialog.locator(".o_data_row").first
    for name, amount in (("found", "14"), ("destroyed", "14"), ("consumed", "10")):
        row.locator(f"td[name={name}]").click()
        row.locator(f"td[name={name}] input").fill(amount)
    dialog.locator("[name=followed]").get_by_label("Yes", exact=True).check()
    mara.press("Record the answer", dialog)
    mara.shows("Answered", "Bob Counter")
    mara.back()
    mara.back()


def _check(mara) -> None:
    """One of ten consignees is called: did the letter arrive, and was it followed?"""
    mara.tab("Get back")
    mara.press("Draw effectiveness checks")
    mara.shows("21 CFR 7.42(b)(3)", within=mara.dialog)
    mara.choose("C: 10 %", mara.dialog)
    mara.press("Draw", mara.dialog)
    expect(mara.rows).to_have_count(2)
    for number in range(2):
        mara.rows.nth(number).locator("[name=consignee_id]").click()
        for question in ("received", "understood", "followed"):
            mara.choose("Yes", mara.field(question))
        mara.press("Effective")
        mara.shows("EFFECTIVE", within=mara.screen.locator(".ribbon"))
        mara.back()
    expect(mara.rows.get_by_text("Effective", exact=True)).to_have_count(2)
    mara.back()


def _destroy(mara, lot: str) -> None:
    """All that is left is destroyed: one certificate, one witness, one signature."""
    mara.tab("Get back")
    mara.press("Decide about the stock")
    mara.press("Plan it", mara.dialog)
    expect(mara.rows).to_have_count(6)
    mara.screen.locator("thead .o_list_record_selector input").check()
    mara.press("Do what is planned")
    dialog = mara.dialog
    made = f"GL{lot[2:7]}A"
    mara.shows("taken out of stock for good", lot, made, within=dialog)
    mara.type("witness_name", "Nora Notary", dialog)
    dialog.locator("[name=attachment_ids] input[type=file]").set_input_files(CERTIFICATE)
    expect(dialog.get_by_label("Uploaded")).to_be_visible()
    mara.press("Destroy them", dialog)
    mara.shows("Destruction of recalled goods", "Nora Notary", within=mara.dialog)
    mara.sign("Responsibility", "Buried at the county landfill")
    expect(mara.rows.get_by_text("Done", exact=True)).to_have_count(6)
    mara.back()


def _reconcile(mara) -> None:
    mara.press("Reconcile")
    expect(mara.rows).to_have_count(12)
    gaps = mara.rows.locator("[name=gap]").all_inner_texts()
    assert {float(gap) for gap in gaps} == {0.0}
    mara.back()
    mara.shows("100.00 %", "Nothing is open: the recall can be closed.")


def _close(mara) -> None:
    mara.press("Close")
    mara.shows("Nothing is open. The evidence is put beside the recall.", within=mara.dialog)
    mara.press("Go on", mara.dialog)
    mara.sign("Approval")
    mara.shows("Closed; nothing was open. The evidence is attached.")
    expect(mara.screen.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text(
        "Closed"
    )


def _get_the_report(joel) -> None:
    joel.page.reload()
    joel.press("Reports")
    joel.choose("Evidence: all of it, with the audit log", joel.dialog)
    with joel.page.expect_download() as download:
        joel.press("Get it", joel.dialog)
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    assert len(content) > 10_000
    joel.confirm("Close")


def _see_a_drill_on_the_board(joel) -> None:
    joel.trace("GV-2291-A")
    joel.press("Recall")
    joel.type("title", "What if: the other romaine", joel.dialog)
    joel.choose("Drill: nothing is touched and nobody is told", joel.dialog)
    joel.press("Start, and find the lots", joel.dialog)
    joel.shows("Drill: nothing is stopped, and no customer is told.")
    joel.press("Freeze the scope")
    joel.confirm("Freeze")
    joel.menu("Recall", "Board")
    joel.shows("What if: the other romaine", "Drill", "Decided", "By region")
    joel.hides(TITLE)
