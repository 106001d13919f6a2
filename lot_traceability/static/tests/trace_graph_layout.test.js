import { describe, expect, test } from "@odoo/hoot";
import {
    assignColumns,
    layoutGraph,
} from "@lot_traceability/backend/trace_graph/trace_graph_layout";
import { bigOverview, link, node, smallOverview } from "./trace_fixture";

describe.current.tags("headless");

const byKey = (graph) => Object.fromEntries(graph.nodes.map((one) => [one.key, one]));

test("generations stand from left to right with partners at the ends", () => {
    const { nodes, links } = smallOverview();
    const columns = assignColumns(nodes, links);
    expect(
        ["supplier:7", "lot:1", "lot:2", "lot:3", "customer:9"].map((key) => columns.get(key)),
    ).toEqual([0, 1, 2, 3, 4]);
});

test("a lot that feeds another of its generation stands left of it", () => {
    const nodes = [node("lot:1", 0), node("lot:2", 1), node("lot:3", 1)];
    const links = [link("lot:1", "lot:2"), link("lot:1", "lot:3"), link("lot:2", "lot:3")];
    const columns = assignColumns(nodes, links);
    expect(columns.get("lot:3")).toBe(2);
});

test("a cycle of lots is drawn", () => {
    const nodes = [node("lot:1", 0), node("lot:2", 1), node("lot:3", 2)];
    const links = [link("lot:1", "lot:2"), link("lot:2", "lot:3"), link("lot:3", "lot:1")];
    const graph = layoutGraph(nodes, links);
    expect(graph.nodes.length).toBe(3);
    const back = graph.links.at(-1).path;
    expect(back).toMatch(/^M[\d.]+\s/);
    expect(back).not.toInclude("NaN");
});

test("nodes of a column never overlap", () => {
    const { nodes, links } = bigOverview(300);
    const graph = layoutGraph(nodes, links);
    const found = byKey(graph);
    for (const column of graph.columns) {
        const boxes = column.map((key) => found[key]).sort((a, b) => a.y - b.y);
        for (let index = 1; index < boxes.length; index++) {
            const above = boxes[index - 1];
            expect(above.y + above.height <= boxes[index].y).toBe(true);
        }
    }
});

test("two chains are drawn without a crossing", () => {
    const nodes = [
        node("lot:1", 0),
        node("lot:2", 0),
        node("lot:3", 1),
        node("lot:4", 1),
        node("customer:5", 2),
        node("customer:6", 2),
    ];
    const links = [
        link("lot:1", "lot:4"),
        link("lot:2", "lot:3"),
        link("lot:4", "customer:5"),
        link("lot:3", "customer:6"),
    ];
    const found = byKey(layoutGraph(nodes, links));
    const above = (a, b) => found[a].y < found[b].y;
    expect(above("lot:1", "lot:2")).toBe(above("lot:4", "lot:3"));
    expect(above("lot:4", "lot:3")).toBe(above("customer:5", "customer:6"));
});

test("what left before stands below the rest", () => {
    const nodes = [
        node("lot:1", 0),
        node("lot:2", 1, { before: true }),
        node("lot:3", 1),
        node("lot:4", 1),
    ];
    const links = [
        link("lot:1", "lot:2", { before: true }),
        link("lot:1", "lot:3"),
        link("lot:1", "lot:4"),
    ];
    const found = byKey(layoutGraph(nodes, links));
    expect(found["lot:2"].y > Math.max(found["lot:3"].y, found["lot:4"].y)).toBe(true);
});

test("quantities that are shown cover no other one", () => {
    const { nodes, links } = bigOverview(300);
    const shown = layoutGraph(nodes, links).links.filter((one) => !one.crowded);
    const covers = (a, b) =>
        Math.abs(a.labelX - b.labelX) < 60 && Math.abs(a.labelY - b.labelY) < 12;
    expect(shown.length > 0).toBe(true);
    expect(shown.filter((a, index) => shown.slice(index + 1).some((b) => covers(a, b)))).toEqual(
        [],
    );
});

test("a lone lot is drawn", () => {
    const graph = layoutGraph([node("lot:1", 0)], []);
    expect(graph.nodes[0]).toInclude(["x", 0]);
    expect(graph.height > 0).toBe(true);
});
