import { _t } from "@web/core/l10n/translation";
import { amount } from "../amount.js";
import {
    addFlow,
    beginGoods,
    Flow,
    NotHereError,
    placesOf,
    quantitySlot,
    reasonSlot,
} from "../flow.js";

/** Asks from where, only when the goods lie in several places. */
function fromSlot(draft, name) {
    const places = new Map(placesOf(draft).map((place) => [place.location_id, place]));
    if (places.size < 2) {
        return [];
    }
    return [
        {
            name,
            kind: "selection",
            label: _t("Taken from"),
            required: true,
            options: [...places.values()].map((place) => [
                place.location_id,
                `${place.location} · ${amount(place.quantity, place.uom)}`,
            ]),
        },
    ];
}

function there(draft) {
    return placesOf(draft).length === 1 ? placesOf(draft)[0].quantity : 0;
}

/** Goods or packages that are put elsewhere. */
class MoveFlow extends Flow {
    code = "move";
    action = "move";
    icon = "move";

    prompt() {
        return {
            title: _t("Scan what you move"),
            detail: _t("A lot or a package; then the place where it goes."),
        };
    }

    slots(draft) {
        return [
            ...fromSlot(draft, "from_id"),
            {
                name: "to",
                kind: "scan",
                label: _t("Where it goes"),
                ask: _t("Scan the place"),
                required: true,
            },
            ...(draft.package
                ? []
                : [
                      quantitySlot(draft, {
                          required: false,
                          hint: _t("Leave empty to move all of it."),
                          suggestions: there(draft) ? [there(draft)] : [],
                      }),
                  ]),
        ];
    }

    data(draft, work) {
        const data = super.data(draft, work);
        if (draft.package) {
            data.package_id = draft.package.id;
        }
        if (data.from_id) {
            data.from_id = Number(data.from_id);
        }
        return data;
    }
}

/** What is found to be doubtful is stopped at once. */
class HoldFlow extends Flow {
    code = "hold";
    action = "hold";
    icon = "hold";

    prompt() {
        return {
            title: _t("Scan the lot to stop"),
            detail: _t("It is stopped everywhere at once."),
        };
    }

    slots(draft, { start }) {
        const statuses = (start.statuses || []).map(({ code, name }) => [code, name]);
        const reason = reasonSlot([
            _t("Damaged"),
            _t("Wet"),
            _t("Smell or colour"),
            _t("Wrong label"),
            _t("Temperature"),
        ]);
        return [
            ...(statuses.length > 1
                ? [
                      {
                          name: "status",
                          kind: "selection",
                          label: _t("Set to"),
                          required: true,
                          options: statuses,
                      },
                  ]
                : []),
            reason,
        ];
    }

    begin(scan, found, work) {
        const draft = super.begin(scan, found, work);
        draft.values = { status: "hold", recall: false };
        return draft;
    }

    /** Ways to send a draft besides the main one. */
    others({ start }) {
        return start.may_recall
            ? [{ code: "recall", label: _t("Hold and start a recall"), values: { recall: true } }]
            : [];
    }

    command(draft, work) {
        const { status, reason, ...data } = this.data(draft, work);
        return draft.values.recall
            ? { action: "recall", data: { ...data, title: reason, hold: true } }
            : { action: "hold", data: { ...data, status: status || "hold", reason } };
    }
}

/** What a customer sends back. */
class ReturnFlow extends Flow {
    code = "return";
    action = "take";
    icon = "return";
    blind = true;
    ends = true;

    blindLabel() {
        return _t("Not announced");
    }

    prompt() {
        return { title: _t("Scan what came back"), detail: _t("It goes into quarantine.") };
    }

    slots(draft) {
        return [
            quantitySlot(draft),
            reasonSlot([
                _t("Damaged"),
                _t("Too old"),
                _t("Wrong goods"),
                _t("Complaint"),
                _t("Recall"),
            ]),
        ];
    }
}

/** What is thrown away. */
class ScrapFlow extends Flow {
    code = "scrap";
    action = "scrap";
    icon = "scrap";

    prompt() {
        return { title: _t("Scan what is thrown away"), detail: "" };
    }

    slots(draft, { start }) {
        const causes = (start.scrap_reasons || []).map((cause) => cause.name || cause[1] || cause);
        return [
            ...fromSlot(draft, "location_id"),
            quantitySlot(draft, { suggestions: there(draft) ? [there(draft)] : [] }),
            reasonSlot(
                causes.length
                    ? causes
                    : [_t("Broken"), _t("Expired"), _t("Contaminated"), _t("Lost")],
            ),
        ];
    }

    data(draft, work) {
        const data = super.data(draft, work);
        if (data.location_id) {
            data.location_id = Number(data.location_id);
        }
        return data;
    }
}

/** A label that is missing or cannot be read any more. */
class LabelFlow extends Flow {
    code = "label";
    action = "print";
    icon = "label";

    prompt() {
        return {
            title: _t("Scan what needs a label"),
            detail: _t("A lot, a package or a place."),
        };
    }

    begin(scan, found, work) {
        if (!found) {
            throw new NotHereError(_t("Labels are printed by the server: there is no link now."));
        }
        const draft = beginGoods(scan, found);
        const [match] = found.matches;
        draft.target = match;
        const designs = this.designs(draft, work);
        const { printers = [] } = work.start;
        draft.values = {
            copies: 1,
            design_id: designs.length === 1 ? designs[0].id : "",
            printer_id: printers.find(({ id }) => String(id) === work.printer)?.id || "",
        };
        return draft;
    }

    designs(draft, { start }) {
        return (start.label_designs || []).filter(({ model }) => model === draft.target.model);
    }

    slots(draft, work) {
        const designs = this.designs(draft, work);
        const printers = work.start.printers || [];
        return [
            {
                name: "design_id",
                kind: "selection",
                label: _t("Label"),
                required: designs.length > 0,
                options: designs.map(({ id, name }) => [id, name]),
            },
            { name: "copies", kind: "number", label: _t("Copies"), required: true, whole: true },
            ...(printers.length
                ? [
                      {
                          name: "printer_id",
                          kind: "selection",
                          label: _t("Printer"),
                          required: false,
                          options: printers.map(({ id, name }) => [id, name]),
                      },
                  ]
                : []),
        ];
    }

    data(draft, work) {
        const data = super.data(draft, work);
        delete data.lot_id;
        data[`${draft.target.type}_id`] = draft.target.id;
        for (const name of ["design_id", "printer_id"]) {
            if (data[name]) {
                data[name] = Number(data[name]);
            }
        }
        return data;
    }
}

addFlow(new MoveFlow());
addFlow(new HoldFlow());
addFlow(new ReturnFlow());
addFlow(new ScrapFlow());
addFlow(new LabelFlow());
