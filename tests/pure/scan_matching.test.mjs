/** What a scan means on a document, found without the server. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
    factorOf,
    linesOf,
    nextOf,
    numberOf,
    palletOf,
    placeOf,
    quantityOf,
} from "../../lot_traceability/static/src/scan/work/matching.js";
import { commandOf } from "../../lot_traceability/static/src/scan/work/labels.js";
import { complement, given, isEmpty, missing } from "../../lot_traceability/static/src/scan/work/slots.js";
import { readRoute, routeTo } from "../../lot_traceability/static/src/scan/app/route.js";

const FLOUR = { id: 3, uom: "kg", tracking: "lot", barcodes: { 9520123456788: 1, 19520123456785: 12 } };
const MOTOR = { id: 4, uom: "Units", tracking: "serial", barcodes: { "M-1": 1 } };

function scan(values = {}) {
    const code = {
        text: "",
        fields: [],
        gtin: "",
        contentGtin: "",
        lot: "",
        serial: "",
        expiry: "",
        quantity: 0,
        weight: null,
        ...values,
    };
    code.fields = code.gtin || code.lot || values.fields ? [{}] : [];
    return { text: code.text, code };
}

const DOCUMENT = {
    lines: [
        {
            id: 1,
            product: FLOUR,
            asked: 30,
            taken: 25,
            pending: 0,
            left: 5,
            allocated: [
                { lot_id: 1, lot: "A", quantity: 20 },
                { lot_id: 2, lot: "B", quantity: 10 },
            ],
        },
        { id: 2, product: FLOUR, asked: 1, taken: 1, pending: 0, left: 0, allocated: [] },
        {
            id: 3,
            product: MOTOR,
            asked: 1,
            taken: 0,
            pending: 0,
            left: 1,
            allocated: [{ lot_id: 9, lot: "A", quantity: 1 }],
        },
    ],
};

test("a GTIN of any length is the same barcode", () => {
    assert.equal(factorOf(FLOUR, scan({ gtin: "09520123456788" })), 1);
    assert.equal(factorOf(FLOUR, scan({ text: "9520123456788" })), 1);
    assert.equal(factorOf(FLOUR, scan({ gtin: "00000000000017" })), 0);
});

test("a case counts as what is in it", () => {
    assert.equal(quantityOf(FLOUR, scan({ gtin: "19520123456785" })), 12);
    assert.equal(quantityOf(FLOUR, scan({ gtin: "19520123456785", quantity: 3 })), 36);
    assert.equal(quantityOf(FLOUR, scan({ gtin: "09520123456788" })), 0);
    assert.equal(quantityOf(MOTOR, scan({ quantity: 7 })), 1);
});

test("a weight counts only in the unit of the product", () => {
    const weight = { number: 12.5, unit: "kg" };
    assert.equal(quantityOf(FLOUR, scan({ weight })), 12.5);
    assert.equal(quantityOf({ ...FLOUR, uom: "lb" }, scan({ weight })), 0);
});

test("the number of a lot is told, or is the whole plain text", () => {
    assert.equal(numberOf(scan({ lot: "A", gtin: "x" })), "A");
    assert.equal(numberOf(scan({ text: "A-1" })), "A-1");
    assert.equal(numberOf(scan({ text: "37012", fields: true })), "");
});

test("a number of two products is found by the product on the label", () => {
    const motor = { ...scan({ lot: "A", gtin: "x" }) };
    assert.equal(placeOf(DOCUMENT, scan({ text: "A" })).line.id, 1);
    motor.code.gtin = "M-1";
    assert.equal(placeOf(DOCUMENT, motor).line.id, 3);
    assert.equal(placeOf(DOCUMENT, scan({ text: "Z" })), null);
});

test("lines that want something come first", () => {
    const found = linesOf(DOCUMENT, scan({ gtin: "09520123456788" }));
    assert.deepEqual(
        found.map(({ id }) => id),
        [1, 2],
    );
});

test("next is the place that what was taken does not fill", () => {
    assert.equal(nextOf(DOCUMENT).place.lot, "B");
    assert.equal(nextOf({ lines: [] }), null);
});

const SLOTS = [
    { name: "number", kind: "text", required: true },
    { name: "expiry", kind: "date", required: true },
    { name: "quantity", kind: "number", required: true },
    { name: "note", kind: "text", required: false },
];

test("only what is missing is asked, and nothing counts as something only where it may", () => {
    assert.deepEqual(
        missing(SLOTS, { number: "A", quantity: 0 }).map(({ name }) => name),
        ["expiry", "quantity"],
    );
    assert.ok(!isEmpty({ name: "q", kind: "number", least: 0 }, { q: 0 }));
    assert.ok(isEmpty({ name: "q", kind: "number", least: 0 }, { q: "" }));
    assert.deepEqual(given(SLOTS, { number: "A", quantity: "2.5", note: "" }), {
        number: "A",
        quantity: 2.5,
    });
});

test("a second label tells what the first one left out, and changes nothing else", () => {
    const second = scan({ lot: "NEW", gtin: "x", expiry: "2027-01-31" });
    assert.deepEqual(complement(SLOTS, { number: "A", quantity: 1 }, second), {
        expiry: "2027-01-31",
    });
    assert.equal(complement(SLOTS, { number: "A", quantity: 1 }, scan({ text: "B" })), null);
    const place = [{ name: "to", kind: "scan", required: true }];
    assert.deepEqual(complement(place, {}, scan({ text: "LOC-1" })), { to: "LOC-1" });
});

test("labels press buttons with and without the mark of a scanner", () => {
    assert.equal(commandOf("LT-OK"), "accept");
    assert.equal(commandOf("]C0LT-FINISH\r"), "finish");
    assert.equal(commandOf("LT-OKAY"), undefined);
});

test("an address leads back to its screen", () => {
    const document = { model: "stock.picking", id: 12 };
    assert.deepEqual(readRoute(routeTo("work", "pick", document)), {
        screen: "work",
        flow: "pick",
        document,
        blind: false,
    });
    assert.equal(readRoute(routeTo("work", "receive", null, true)).blind, true);
    assert.equal(readRoute("").screen, "home");
    assert.equal(readRoute("#/work/pick/x/../etc").document, null);
});

test("a pallet is known by its number where the document tells what is on it", () => {
    const pallets = [{ sscc: "040123450000003338", detail: "Flour 8 kg" }];
    const label = scan({ sscc: "040123450000003338" });
    assert.equal(palletOf({ ...DOCUMENT, pallets }, label), pallets[0]);
    assert.equal(palletOf({ ...DOCUMENT, pallets }, scan({ sscc: "040123450000003345" })), null);
    assert.equal(palletOf(DOCUMENT, label), null);
    assert.equal(palletOf({ ...DOCUMENT, pallets }, scan()), null);
});
