import { _t } from "@web/core/l10n/translation";
import { amount } from "../amount.js";
import { round } from "../../queue/pending.js";
import { addFlow, Flow, labelValues, NotHereError, quantitySlot } from "../flow.js";
import {
    linesOf,
    namesProduct,
    nextOf,
    numberOf,
    palletOf,
    placeOf,
    quantityOf,
} from "../matching.js";

/** Goods that come in, on a receipt or unannounced. */
export class ReceiveFlow extends Flow {
    code = "receive";
    action = "take";
    icon = "receive";
    blind = true;
    ends = true;

    prompt({ document }) {
        const title = _t("Scan the supplier's label");
        if (!document) {
            return { title, detail: _t("Whatever you scan is received, without an order.") };
        }
        const open = document.lines.filter((line) => line.left > 0);
        if (!open.length) {
            return { title: _t("Everything is here. Finish."), detail: "" };
        }
        return {
            title,
            detail:
                open.length === 1
                    ? `${open[0].product.name}: ${this.open(open[0])}`
                    : _t("%s products still to come", open.length),
        };
    }

    asks(scan, { document }) {
        return !document || !(palletOf(document, scan) || linesOf(document, scan).length);
    }

    begin(scan, found, { document }) {
        const pallet = document && palletOf(document, scan);
        if (pallet) {
            return {
                scan,
                found,
                pallet,
                title: _t("Pallet %s", pallet.sscc),
                detail: pallet.detail,
                values: {},
            };
        }
        const lines = document ? linesOf(document, scan) : [];
        const line = lines[0] || (document ? this.guess(scan, found, document) : null);
        const product = line?.product || found?.lot?.product || found?.product || null;
        if (document && !line && found?.lot) {
            throw new NotHereError(
                _t("%(product)s is not on %(document)s. Take it all the same in another receipt.", {
                    product: found.lot.product.name,
                    document: document.name,
                }),
            );
        }
        const values = labelValues(scan, product);
        if (!namesProduct(scan) && product && quantityOf(product, scan)) {
            // What was scanned is the product's own barcode, and no lot's number.
            values.number = "";
        }
        if (lines.length && !namesProduct(scan)) {
            values.number = scan.code.lot || scan.code.serial || "";
        }
        return {
            scan,
            found,
            line,
            product,
            title: product?.name || numberOf(scan),
            detail: line ? this.open(line) : "",
            values,
        };
    }

    open(line) {
        return _t("%(left)s of %(asked)s still to come", {
            left: amount(line.left, ""),
            asked: amount(line.asked, line.uom),
        });
    }

    /** Where a single product is still to come, a bare number is that of its lot. */
    guess(scan, found, document) {
        const byId = (id) => document.lines.find((line) => line.product.id === id);
        if (found?.lot) {
            return byId(found.lot.product.id);
        }
        const product = found?.matches?.find((match) => match.type === "product");
        if (product) {
            return byId(product.id);
        }
        const open = document.lines.filter((line) => line.left > 0);
        return open.length === 1 && !namesProduct(scan) ? open[0] : null;
    }

    slots(draft, { document }) {
        if (draft.pallet) {
            return [];
        }
        const product =
            draft.product ||
            document?.lines.find((line) => line.product.id === Number(draft.values.product_id))
                ?.product;
        const slots = [];
        if (!draft.product && document) {
            slots.push({
                name: "product_id",
                kind: "selection",
                label: _t("Product"),
                required: true,
                options: document.lines.map((line) => [line.product.id, line.product.name]),
            });
        }
        if (product && product.tracking !== "none") {
            const isSerial = product.tracking === "serial";
            slots.push({
                name: "number",
                kind: "text",
                label: isSerial ? _t("Serial number") : _t("Lot number"),
                hint: _t("Leave empty where Odoo gives the number."),
                required: false,
            });
        }
        if (product?.dated) {
            slots.push({
                name: "expiry",
                kind: "date",
                label: _t("Expires on"),
                required: !draft.values.number,
            });
        }
        if (product || !document) {
            const left = draft.line?.left;
            slots.push(
                quantitySlot(
                    { product },
                    { suggestions: left > 0 && product.tracking !== "serial" ? [left] : [] },
                ),
            );
        }
        return slots;
    }

    data(draft, work) {
        const data = super.data(draft, work);
        if (draft.pallet) {
            return data;
        }
        data.product_id = Number(data.product_id) || draft.product?.id;
        if (draft.line) {
            data.line_id = draft.line.id;
        }
        return data;
    }
}

/** Goods that are taken from their places for a document. */
export class PickFlow extends Flow {
    code = "pick";
    action = "take";
    icon = "pick";
    ends = true;

    prompt({ document }) {
        const next = document && nextOf(document);
        if (!next) {
            return { title: _t("All is taken. Finish."), detail: "" };
        }
        const { line, place } = next;
        return {
            title: line.product.name,
            detail: amount(
                place ? Math.min(place.quantity, line.left || place.quantity) : line.left,
                line.uom,
            ),
            place: place?.location || "",
            lot: place?.lot || "",
            expiry: place?.expiry || "",
        };
    }

    asks(scan, { document }) {
        return !placeOf(document, scan) && !linesOf(document, scan).length;
    }

    begin(scan, found, { document }) {
        const fit = placeOf(document, scan);
        const lot = found?.lot || null;
        const line =
            fit?.line ||
            (lot && document.lines.find((one) => one.product.id === lot.product.id)) ||
            linesOf(document, scan)[0];
        if (!line && (lot || namesProduct(scan) || found)) {
            throw new NotHereError(
                _t("%(goods)s is not asked for on %(document)s. Scan the right goods.", {
                    goods: lot ? `${lot.product.name} ${lot.name}` : numberOf(scan) || scan.text,
                    document: document.name,
                }),
            );
        }
        const left = line?.left || 0;
        const labelled = (line && quantityOf(line.product, scan)) || 0;
        const there = fit ? Math.min(fit.place.quantity, left) : left;
        return {
            scan,
            found,
            line,
            place: fit?.place,
            lot: lot || (fit?.place.lot_id ? { id: fit.place.lot_id, name: fit.place.lot } : null),
            product: line?.product || null,
            title: line?.product.name || numberOf(scan),
            detail: numberOf(scan),
            values: { quantity: labelled ? Math.min(labelled, left || labelled) : there || "" },
        };
    }

    slots(draft) {
        const { line, place } = draft;
        const there = place ? Math.min(place.quantity, line.left) : line?.left;
        return [quantitySlot(draft, { suggestions: there > 0 ? [there] : [] })];
    }

    data(draft, work) {
        const data = super.data(draft, work);
        if (draft.line) {
            Object.assign(data, { line_id: draft.line.id, product_id: draft.line.product.id });
        }
        if (draft.place) {
            data.location_id = draft.place.location_id;
        }
        return data;
    }
}

/** Components go into an order, and a finished lot comes out. */
export class ProduceFlow extends PickFlow {
    code = "produce";
    action = "consume";
    icon = "produce";

    prompt(work) {
        return nextOf(work.document)
            ? super.prompt(work)
            : {
                  title: work.document.made.taken
                      ? _t("All is in, and made. Finish.")
                      : _t("All components are in. Now the finished lot."),
                  detail: this.made(work.document),
              };
    }

    made({ made }) {
        const lots = made.lots.map(({ lot }) => lot).join(", ");
        return [amount(made.taken), "/", amount(made.asked, made.uom), lots].join(" ");
    }

    /** The finished lot, as a draft without a scan. */
    output({ document }) {
        const { product, asked, taken, pending } = document.made;
        const left = round(asked - taken - pending);
        return {
            action: "produce",
            product,
            title: product.name,
            detail: _t("Finished lot"),
            values: { quantity: left > 0 ? left : "", number: "", expiry: "" },
        };
    }

    slots(draft, work) {
        if (draft.action !== "produce") {
            return super.slots(draft, work);
        }
        return [
            quantitySlot(draft),
            {
                name: "number",
                kind: "text",
                label: _t("Lot number"),
                hint: _t("Leave empty where Odoo gives the number."),
                required: false,
            },
            ...(draft.product.dated
                ? [{ name: "expiry", kind: "date", label: _t("Expires on"), required: false }]
                : []),
        ];
    }

    command(draft, work) {
        return { action: draft.action || this.action, data: this.data(draft, work) };
    }
}

addFlow(new ReceiveFlow());
addFlow(new PickFlow());
addFlow(new ProduceFlow());
