import { beforeEach, expect, test } from "@odoo/hoot";
import {
    advanceTime,
    animationFrame,
    edit,
    keyDown,
    keyUp,
    press,
    queryAllTexts,
} from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { TraceSearch } from "@lot_traceability/backend/trace_search/trace_search";
import { loseNetwork } from "./trace_fixture";

defineMailModels();

const match = (id, values = {}) => ({
    type: "lot",
    label: `LOT-${id}`,
    detail: "Soft cheese",
    lot_ids: [id],
    model: "stock.lot",
    id,
    ...values,
});

let asked;
let answer;

beforeEach(() => {
    asked = [];
    answer = () => ({ query: "", matches: [], lot_ids: [], message: "Nothing here is called so." });
    onRpc("lot.trace", "find", ({ args }) => {
        asked.push(args[0]);
        return answer(args[0]);
    });
});

async function mountSearch() {
    const found = [];
    await mountWithCleanup(TraceSearch, {
        props: { large: true, onFound: (one) => found.push(one) },
    });
    return found;
}

const matches = (...list) => ({
    query: "",
    matches: list,
    lot_ids: list.length === 1 ? list[0].lot_ids : [],
    message: "",
});

test("the box has the focus at once", async () => {
    await mountSearch();
    expect(".o_lot_trace_input").toBeFocused();
});

test("Enter traces the only match", async () => {
    answer = () => matches(match(4));
    const found = await mountSearch();
    await edit("LOT-4");
    await press("Enter");
    await animationFrame();
    expect(found.map((one) => one.lotIds)).toEqual([[4]]);
    expect(".o_lot_trace_input").toHaveValue("");
});

test("several matches are chosen from with the keyboard", async () => {
    answer = () => matches(match(4), match(5));
    const found = await mountSearch();
    await edit("LOT");
    await press("Enter");
    await animationFrame();
    expect(queryAllTexts("[role=option] .fw-bold")).toEqual([
        "LOT-4",
        "LOT-5",
        "Trace these 2 lots together",
    ]);
    expect("[role=option][aria-selected=true] .fw-bold").toHaveText("LOT-4");
    await press("ArrowDown");
    await press("Enter");
    expect(found.map((one) => one.lotIds)).toEqual([[5]]);
});

test("several matches can be traced together", async () => {
    answer = () => matches(match(4), match(5));
    const found = await mountSearch();
    await edit("LOT");
    await press("Enter");
    await animationFrame();
    await contains("[role=option]:last-child").click();
    expect(found.map((one) => one.lotIds)).toEqual([[4, 5]]);
});

test("nothing found is said in one sentence and the text stays for the next scan", async () => {
    await mountSearch();
    await edit("NO-SUCH");
    await press("Enter");
    await animationFrame();
    expect(".alert").toHaveText("Nothing here is called so.");
    expect(".o_lot_trace_input").toHaveValue("NO-SUCH");
});

test("an empty text asks nothing of the server", async () => {
    await mountSearch();
    await press("Enter");
    await animationFrame();
    expect(".alert").toHaveText("Type or scan a number first.");
    expect(asked).toEqual([]);
});

test("suggestions come while typing, once for a burst of keys", async () => {
    answer = () => matches(match(4), match(5));
    await mountSearch();
    await edit("LO");
    await edit("LOT");
    await advanceTime(300);
    await animationFrame();
    expect(asked).toEqual(["LOT"]);
    expect("[role=option]").toHaveCount(2);
    await press("Escape");
    await animationFrame();
    expect("[role=option]").toHaveCount(0);
});

test.tags("desktop");
test("the separator of a GS1 code reaches the server, however the scanner sends it", async () => {
    await mountSearch();
    await edit("10LOT-A");
    await keyDown(["Control", "]"]);
    await keyUp(["Control", "]"]);
    await press("Enter");
    await animationFrame();
    await edit("10LOT-B");
    await keyDown("Alt");
    for (const digit of "0029") {
        await press(digit);
    }
    await keyUp("Alt");
    await press("Enter");
    await animationFrame();
    await edit("10LOT-C");
    await press("F8");
    await press("Enter");
    await animationFrame();
    expect(asked).toEqual(["10LOT-A\x1d", "10LOT-B\x1d", "10LOT-C\x1d"]);
});

test("a lost network is said with a way to try again", async () => {
    const online = loseNetwork();
    await mountSearch();
    await edit("LOT-4");
    await press("Enter");
    await animationFrame();
    expect(".alert span").toHaveText(
        "The server cannot be reached. Check the network, then try again.",
    );
    online();
    answer = () => matches(match(4), match(5));
    await contains(".alert button").click();
    expect("[role=option]").toHaveCount(3);
});

test("without a camera one sentence says what to do", async () => {
    patchWithCleanup(browser, { navigator: { mediaDevices: undefined } });
    await mountSearch();
    await contains("[aria-label='Scan with the camera']").click();
    expect(".alert").toHaveText(/no camera/);
});
