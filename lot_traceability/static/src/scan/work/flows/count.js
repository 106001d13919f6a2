import { _t } from "@web/core/l10n/translation";
import { addFlow, beginGoods, Flow, NotHereError, quantitySlot } from "../flow.js";

/**
 * What lies in a place is counted blind: nobody is shown what Odoo expects, or he would count that.
 */
class CountFlow extends Flow {
    code = "count";
    action = "count";
    icon = "count";
    ends = true;

    prompt({ place }) {
        return place
            ? {
                  title: _t("Scan what lies here"),
                  detail: _t("Or the next place, when all of this one is counted."),
                  place: place.label,
              }
            : {
                  title: _t("Scan the place"),
                  detail: _t("Then everything that lies there, and how much."),
              };
    }

    begin(scan, found, work) {
        const place = found?.matches.find((match) => match.type === "location");
        if (place) {
            return { here: { id: place.id, label: place.label, text: scan.text } };
        }
        if (!work.place && !found) {
            // Without a link a first scan can only be that of the place; the server says if not.
            return { here: { id: false, label: scan.code.text, text: scan.text } };
        }
        if (!work.place) {
            throw new NotHereError(_t("Scan the place first, then what lies there."));
        }
        const draft = beginGoods(scan, found);
        draft.values.quantity = draft.product?.tracking === "serial" ? 1 : "";
        const match = found?.matches[0];
        if (match?.type === "product") {
            draft.product_id = match.id;
        }
        draft.again = this.counted(draft, work);
        if (draft.again) {
            draft.values.add = "no";
        }
        return draft;
    }

    /** Whether this was counted at this place before. */
    counted(draft, { done, place }) {
        return done.some(
            ({ data, text }) =>
                (data.location_id ? data.location_id === place.id : data.location === place.text) &&
                (draft.lot ? data.lot_id === draft.lot.id : text === draft.scan.text),
        );
    }

    slots(draft) {
        return [
            quantitySlot(draft, { label: _t("Counted"), least: 0 }),
            ...(draft.again
                ? [
                      {
                          name: "add",
                          kind: "selection",
                          label: _t("You counted this here before"),
                          required: true,
                          options: [
                              ["no", _t("Counted anew: replace")],
                              ["yes", _t("More of it: add")],
                          ],
                      },
                  ]
                : []),
        ];
    }

    data(draft, work) {
        const data = super.data(draft, work);
        data.add = data.add === "yes";
        if (work.place.id) {
            data.location_id = work.place.id;
        } else {
            data.location = work.place.text;
        }
        if (draft.product_id && !draft.lot) {
            data.product_id = draft.product_id;
        }
        return data;
    }
}

addFlow(new CountFlow());
