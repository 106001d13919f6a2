import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { readLotIds } from "@lot_traceability/backend/trace_action/trace_action";
import { lotStatus } from "@lot_traceability/backend/trace_format";
import { TraceGraph } from "@lot_traceability/backend/trace_graph/trace_graph";
import { bigOverview, loseNetwork, lot, smallOverview } from "./trace_fixture";

defineMailModels();

const TAG = "lot_traceability.trace";
let asked;
let answer;

beforeEach(() => {
    asked = [];
    answer = () => smallOverview();
    onRpc("lot.preset", "is_offered", () => false);
    onRpc("lot.trace", "overview", ({ args, kwargs }) => {
        asked.push([args[0], kwargs.direction]);
        return answer();
    });
});

async function openTrace(params = { lot_ids: [2] }) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: TAG, params });
    await animationFrame();
}

async function mountGraph(data = smallOverview()) {
    const opened = [];
    await mountWithCleanup(TraceGraph, {
        props: { nodes: data.nodes, links: data.links, onOpen: (one) => opened.push(one.key) },
    });
    return opened;
}

test("lot ids come from params, from the address or from the selected lots", () => {
    expect(readLotIds({ lot_ids: [3, 3, 4] })).toEqual([3, 4]);
    expect(readLotIds({ lot_ids: "3,4,x,-1" })).toEqual([3, 4]);
    expect(readLotIds({ lot_ids: 3 })).toEqual([3]);
    expect(readLotIds({}, { active_model: "stock.lot", active_ids: [5] })).toEqual([5]);
    expect(readLotIds({}, { active_model: "res.partner", active_ids: [5] })).toEqual([]);
});

test("a lot that may not be used says so before anything else", () => {
    const state = (values) => lotStatus(lot(1, "A", values));
    expect(state({ shelf: "expired" }).code).toBe("expired");
    expect(state({ shelf: "good" }).code).toBe("good");
    expect(state({}).code).toBe("undated");
    const held = state({ shelf: "good", status: "On hold", usable: false });
    expect([held.code, held.label]).toEqual(["held", "On hold"]);
});

test("the graph draws nodes, quantities and dashes for what is inferred", async () => {
    await mountGraph();
    expect("[data-key]").toHaveCount(6);
    expect("path[data-source='lot:2'][data-target='lot:3']").toHaveClass("o_lot_trace_inferred");
    expect("path[data-source='lot:1']").not.toHaveClass("o_lot_trace_inferred");
    expect(queryAllTexts("text[data-source='lot:1']")).toEqual(["2 kg"]);
    expect("[data-key='group:1:9'] .o_lot_trace_label").toHaveText("1,240 lots");
});

test("300 nodes are all drawn", async () => {
    const data = bigOverview(300);
    await mountGraph(data);
    expect("[data-key]").toHaveCount(data.nodes.length);
    expect("path[data-source]").toHaveCount(data.links.length);
});

test.tags("desktop");
test("arrow keys move among the nodes and Enter opens one", async () => {
    const opened = await mountGraph();
    expect(queryAll("[data-key][tabindex='0']").map((one) => one.dataset.key)).toEqual(["lot:2"]);
    queryOne("[data-key='lot:2']").focus();
    await press("ArrowLeft");
    expect("[data-key='lot:1']").toBeFocused();
    await press("ArrowLeft");
    expect("[data-key='supplier:7']").toBeFocused();
    await press("ArrowRight");
    await press("ArrowRight");
    await press("ArrowRight");
    await press("ArrowUp");
    await press("ArrowDown");
    await press("Enter");
    expect(opened.length).toBe(1);
    expect(queryAll("[data-key][tabindex='0']").length).toBe(1);
});

test("the page tells figures, completeness and tables", async () => {
    await openTrace();
    expect(".o_lot_trace_complete").toHaveCount(1);
    expect("[data-figure=delivered] .o_lot_trace_value").toHaveText("1,240 kg");
    expect("[data-figure=on_hand] .o_lot_trace_value").toHaveText("12 kg");
    expect("[role=tab][data-table=lots] .o_lot_trace_count").toHaveText("3");
    expect(".o_lot_trace_table caption").toHaveText("Lots");
    expect(asked).toEqual([[[2], "both"]]);
});

test("a trace with gaps says so before anything else", async () => {
    answer = () =>
        smallOverview({
            complete: false,
            warnings: [
                { code: "a", message: "One hop is inferred.", lot_ids: [], incomplete: true },
                { code: "b", message: "Another company.", lot_ids: [], incomplete: true },
                { code: "c", message: "Some left before.", lot_ids: [], incomplete: false },
            ],
        });
    await openTrace();
    expect(queryAllTexts(".o_lot_trace_incomplete li")).toEqual([
        "One hop is inferred.",
        "Another company.",
    ]);
    expect(".o_lot_trace_notes").toHaveText("Some left before.");
    expect(".o_lot_trace_complete").toHaveCount(0);
});

test("a click on a lot makes it the traced one", async () => {
    await openTrace();
    await contains("[data-key='lot:3']").click();
    await animationFrame();
    expect(asked.at(-1)).toEqual([[3], "both"]);
});

test("the direction can be changed on the page", async () => {
    await openTrace();
    await contains("[data-direction=upstream]").click();
    expect(asked.at(-1)).toEqual([[2], "upstream"]);
    expect("[data-direction=upstream]").toHaveAttribute("aria-pressed", "true");
});

test("a group opens as a list of its lots, page by page", async () => {
    const pages = [];
    onRpc("lot.trace", "rows", ({ args, kwargs }) => {
        pages.push([args[2], kwargs.offset, kwargs.filters]);
        const rows = [lot(50 + kwargs.offset, `SLICE-${kwargs.offset}`)];
        return { rows, total: 2, sums: [] };
    });
    await openTrace();
    await contains("[data-key='group:1:9']").click();
    await animationFrame();
    expect(queryAllTexts("[data-column=name]")).toEqual(["SLICE-0"]);
    await contains(".o_lot_trace_more").click();
    expect(queryAllTexts("[data-column=name]")).toEqual(["SLICE-0", "SLICE-1"]);
    const filters = { level: 1, product_id: 9 };
    expect(pages).toEqual([
        ["lots", 0, filters],
        ["lots", 1, filters],
    ]);
    await contains(".o_lot_trace_ungroup").click();
    expect("[data-column=name]").toHaveCount(3);
});

test("a row opens its record", async () => {
    await openTrace();
    mockService("action", {});
    const opened = [];
    getService("action").doAction = (action) => opened.push([action.res_model, action.res_id]);
    await contains("tbody tr:first-child td[data-column=product]").click();
    await contains("tbody tr:first-child td[data-column=name] a").click();
    expect(opened).toEqual([
        ["stock.lot", 1],
        ["stock.lot", 1],
    ]);
});

test("a refused trace says why and offers the search", async () => {
    answer = () => {
        throw makeServerError({ type: "AccessError", message: "You may not read these lots." });
    };
    await openTrace();
    expect(".o_lot_trace_error p").toHaveText("You may not read these lots.");
    await contains(".o_lot_trace_error button").click();
    expect(".o_lot_trace_home .o_lot_trace_input").toHaveCount(1);
});

test("a lost network is said and the trace can be tried again", async () => {
    const online = loseNetwork();
    await openTrace();
    expect(".o_lot_trace_error p").toHaveText(/cannot be reached/);
    online();
    await contains(".o_lot_trace_error .btn-primary").click();
    expect(".o_lot_trace_page").toHaveCount(1);
});

test("exports ask for the same lots and direction", async () => {
    await openTrace({ lot_ids: [2, 3], direction: "downstream" });
    expect("[data-export=xlsx]").toHaveAttribute(
        "href",
        "/lot_traceability/export/xlsx?lot_ids=2%2C3&direction=downstream",
    );
});

test("the export of thousands of lots is sent as a form", async () => {
    const ids = Array.from({ length: 3000 }, (_, index) => 10000 + index);
    patchWithCleanup(HTMLFormElement.prototype, {
        submit() {
            const [lots, direction] = this.elements;
            expect.step(`${this.method} ${new URL(this.action).pathname} ${direction.value}`);
            expect(lots.value).toBe(ids.join());
        },
    });
    await openTrace({ lot_ids: ids, direction: "downstream" });
    await contains("[data-export=pdf]").click();
    expect.verifySteps(["post /lot_traceability/export/pdf downstream"]);
});
