import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";

/** Overviews as `lot.trace.overview` gives them, for the tests. */

/** @returns {() => void} brings the network back */
export function loseNetwork() {
    const send = rpc._rpc;
    let lost = true;
    patchWithCleanup(rpc, {
        _rpc(url, ...args) {
            return lost && url.includes("lot.trace")
                ? Promise.reject(new ConnectionLostError(url))
                : send(url, ...args);
        },
    });
    return () => (lost = false);
}

export function lot(id, name, values = {}) {
    return {
        id,
        name,
        product_id: 5,
        product: "Soft cheese",
        uom: "kg",
        company_id: 1,
        supplier_lot: false,
        expiration_date: false,
        removal_date: false,
        shelf: "undated",
        status: "Released",
        usable: true,
        side: "downstream",
        level: 1,
        certainty: "recorded",
        reached: false,
        before: false,
        on_hand: 0,
        ...values,
    };
}

export function node(key, level, values = {}) {
    const kind = key.split(":")[0];
    return {
        key,
        kind,
        level,
        label: key,
        product: "",
        products: 1,
        count: 1,
        lot: kind === "lot" ? lot(Number(key.split(":")[1]), key, { level }) : false,
        partner_id: /^(supplier|customer)$/.test(kind) ? Number(key.split(":")[1]) : false,
        certainty: "recorded",
        before: false,
        origin: kind === "lot" && level === 0,
        filters: false,
        ...values,
    };
}

export function link(source, target, values = {}) {
    return {
        source,
        target,
        kind: "production",
        count: 1,
        parent_quantity: 2,
        parent_uom: "kg",
        child_quantity: 1,
        child_uom: "kg",
        label: "2 kg",
        certainty: "recorded",
        before: false,
        ...values,
    };
}

const EMPTY = { rows: [], total: 0, sums: [] };

export function overview(nodes, links, values = {}) {
    return {
        origin: nodes.filter((one) => one.origin).map((one) => one.lot.id),
        direction: "both",
        nodes,
        links,
        tables: {
            lots: {
                rows: nodes.filter((one) => one.lot).map((one) => one.lot),
                total: nodes.filter((one) => one.lot).length,
                sums: [],
            },
            edges: EMPTY,
            receipts: EMPTY,
            deliveries: EMPTY,
            customers: EMPTY,
            suppliers: EMPTY,
            on_hand: EMPTY,
            scrapped: EMPTY,
            timeline: EMPTY,
        },
        totals: {
            lots: 3,
            affected_lots: 2,
            before_lots: 0,
            upstream_lots: 1,
            inferred_lots: 0,
            customers: 1,
            suppliers: 1,
            deliveries: 4,
            before_deliveries: 0,
            delivered: [{ uom: "kg", quantity: 1500, returned: 260, net: 1240 }],
            received: [],
            on_hand: [{ uom: "kg", quantity: 12, reserved: 0 }],
            scrapped: [],
        },
        warnings: [],
        complete: true,
        summarised: false,
        elapsed_ms: 1,
        ...values,
    };
}

/** A supplier, a milk lot, a cheese lot made of it, and a customer. */
export function smallOverview(values = {}) {
    return overview(
        [
            node("supplier:7", -2, { label: "Farm" }),
            node("lot:1", -1, { label: "MILK-1", lot: lot(1, "MILK-1", { level: -1 }) }),
            node("lot:2", 0, { label: "CHEESE-1", lot: lot(2, "CHEESE-1", { level: 0 }) }),
            node("lot:3", 1, { label: "PACK-1", lot: lot(3, "PACK-1") }),
            node("group:1:9", 1, {
                count: 1240,
                product: "Slices",
                filters: { level: 1, product_id: 9 },
            }),
            node("customer:9", 2, { label: "Deli" }),
        ],
        [
            link("supplier:7", "lot:1", { kind: "receipt" }),
            link("lot:1", "lot:2"),
            link("lot:2", "lot:3", { certainty: "inferred" }),
            link("lot:2", "group:1:9", { count: 1240 }),
            link("lot:3", "customer:9", { kind: "delivery" }),
        ],
        values,
    );
}

/** `count` nodes in five generations, each linked with up to three of the one before. */
export function bigOverview(count) {
    const generations = 5;
    const nodes = [node("lot:1", 0)];
    const links = [];
    let previous = ["lot:1"];
    for (let level = 1; level <= generations; level++) {
        const current = [];
        const size = Math.floor((count - 1) / generations);
        for (let index = 0; index < size; index++) {
            const key =
                level === generations ? `customer:${index + 1}` : `lot:${level * 1000 + index}`;
            nodes.push(node(key, level));
            current.push(key);
            for (let step = 0; step < 3; step++) {
                links.push(link(previous[(index * 7 + step * 13) % previous.length], key));
            }
        }
        previous = current;
    }
    const seen = new Set();
    const once = ({ source, target }) => {
        const key = `${source}>${target}`;
        return !seen.has(key) && seen.add(key);
    };
    return overview(nodes, links.filter(once));
}
