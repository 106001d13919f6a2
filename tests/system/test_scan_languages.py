"""The Scan app in other languages. In German, French and Spanish with the words that come with it;
and with words longer than the English ones, and from the right to the left, made up here, so that
each text of the app has some."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import polib
import pytest
from browsing import chromium
from playwright.sync_api import expect
from scan_goods import ScanGoods
from scanning import Handheld

POT = Path(__file__).resolve().parents[2] / "lot_traceability/i18n/lot_traceability.pot"
_SCREENS = ("", "#/look", "#/documents/receive", "#/work/move", "#/settings", "#/scanner", "#/sent")
# What stands for something stays as it is.
_WORDS = re.compile(r"%(?:\(\w+\))?s|[^\s%]+")
# In turn, so that words are of different lengths.
_ARABIC = ("رقم", "الدفعة", "المستودع", "على", "الباركود", "امسح")


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def goods(server) -> ScanGoods:
    return ScanGoods(server)


def _longer(text: str) -> str:
    """As in German or Finnish: words longer by a half."""
    return _WORDS.sub(lambda word: _kept(word[0]) or word[0] + "ö" * (len(word[0]) // 2), text)


def _arabic(text: str) -> str:
    return _WORDS.sub(lambda word: _kept(word[0]) or _ARABIC[len(word[0]) % 6], text)


def _kept(word: str) -> str:
    return word if word.startswith("%") else ""


def _shipped(code: str) -> dict[str, str]:
    """{text: as the operator reads it} of the app in a language that comes with it."""
    entries = polib.pofile(str(POT.with_name(f"{code[:2]}.po")))
    return {one.msgid: one.msgstr for one in entries if "odoo-javascript" in (one.comment or "")}


def _texts(translated) -> list[dict[str, str]]:
    """Each text of the app, in another language."""
    entries = polib.pofile(str(POT))
    shown = [one.msgid for one in entries if "odoo-javascript" in (one.comment or "")]
    assert len(shown) > 100
    return [{"id": text, "string": translated(text)} for text in shown]


def _speaking(browser, server, goods, code: str, translated=None) -> Handheld:
    """The phone of an operator whose language is this one; with the words that come with the
    modules where no others are given."""
    language = goods.rpc(
        "res.lang", "search", [("code", "=", code)], context={"active_test": False}
    )
    if translated:
        goods.rpc("res.lang", "write", language, {"active": True})
    else:
        wizard = goods.rpc("base.language.install", "create", {"lang_ids": [(6, 0, language)]})
        goods.rpc("base.language.install", "lang_install", [wizard])
    operator = goods.operator()
    phone = Handheld(browser, {**server, **operator}, service_workers="block")
    user = goods.rpc.one("res.users", [("login", "=", operator["login"])])
    goods.rpc("res.users", "write", [user], {"lang": code})

    def answer(route):
        told = route.fetch().json()
        told["modules"]["lot_traceability"] = {"messages": _texts(translated)}
        route.fulfill(content_type="application/json", body=json.dumps(told))

    if translated:
        phone.context.route("**/web/webclient/translations**", answer)
    phone.open()
    return phone


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de_DE", ("Wareneingang", "Entnehmen", "Ausschuss")),
        ("fr_FR", ("Réceptionner", "Prélever", "Rebut")),
        ("es_ES", ("Recibir", "Recoger", "Desecho")),
    ],
)
def test_shipped_language_is_read_on_each_screen_and_fits(browser, server, goods, code, words):
    phone = _speaking(browser, server, goods, code)
    expect(phone.page.locator("html")).to_have_attribute("lang", code.replace("_", "-"))
    for word in words:
        expect(phone.page.locator(".o_scan_app")).to_contain_text(word)
    shipped = _shipped(code)
    # What stands alone in a line of a screen, and differs from English, was forgotten somewhere;
    # a word of the one may be another word of the other.
    english = {text for text, said in shipped.items() if said != text and len(text) > 3}
    english -= set(shipped.values())
    for screen in _SCREENS:
        phone.open(screen)
        phone.idle()
        phone.fits(f"shipped_{code}_{screen.replace('#/', '').replace('/', '_') or 'home'}")
        shown = phone.page.locator(".o_scan_app").inner_text().splitlines()
        assert not english.intersection(line.strip() for line in shown), screen
    _work(phone, goods, f"shipped_{code}")
    assert phone.errors == []
    phone.context.close()


@pytest.mark.parametrize(
    ("code", "direction", "translated"),
    [("de_DE", "ltr", _longer), ("ar_001", "rtl", _arabic)],
)
def test_app_opens_and_fits_in_a_language(browser, server, goods, code, direction, translated):
    phone = _speaking(browser, server, goods, code, translated)
    root = phone.page.locator("html")
    expect(root).to_have_attribute("dir", direction)
    expect(root).to_have_attribute("lang", code.replace("_", "-"))
    for screen in _SCREENS:
        phone.open(screen)
        phone.idle()
        phone.fits(f"{code}_{screen.replace('#/', '').replace('/', '_') or 'home'}")
        shown = phone.page.locator(".o_scan_app").inner_text()
        assert re.search("ö" if code == "de_DE" else "[\u0600-\u06ff]", shown), screen
    _work(phone, goods, code)
    assert phone.errors == []
    phone.context.close()


def _work(phone: Handheld, goods: ScanGoods, code: str) -> None:
    """A lot is picked that is not the first to expire: the list, a scan, and what is asked."""
    curd, shelf = goods.fresh("Curd"), goods.place("A1")
    first, later = f"FIRST-{goods.mark}", f"LATER-{goods.mark}"
    for number, days in ((first, 20), (later, 40)):
        day = (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
        goods.lot(curd, number, 10, shelf, expiration_date=day, removal_date=day)
    delivery = goods.delivery(curd, 4)
    phone.flow("pick")
    phone.scan(delivery["name"])
    expect(phone.page.locator(".o_scan_prompt")).to_contain_text(first)
    phone.page.locator(".o_scan_line button").first.click()
    phone.fits(f"{code}_pick")
    phone.scan(goods.label(curd, later, days=40, quantity=3))
    phone.page.wait_for_selector(".o_scan_draft")
    phone.fits(f"{code}_draft")
    phone.accept()
    phone.decision.locator("[data-choice=exception]").click()
    phone.decision.locator("[data-slot=reason_id]").wait_for()
    phone.fits(f"{code}_decision")
    phone.press(".o_scan_decision .o_scan_drop")
    expect(phone.decision).to_have_count(0)
