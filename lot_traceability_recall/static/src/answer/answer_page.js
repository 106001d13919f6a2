import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const MOST_FIELDS = 600;
const STOCK = ["found", "quarantined", "sent_back", "destroyed"];

/** Helps to fill in the answer of a consignee. The page works without it. */
export class RecallAnswer extends Interaction {
    static selector = ".o_recall_answer";
    dynamicContent = {
        "#none_found": { "t-on-change": this.onNone },
        ".o_recall_amount": { "t-on-input": this.showSums },
        ".o_recall_all": {
            "t-on-click": this.fillAll,
            "t-att-class": () => ({ "d-none": false }),
        },
        ".o_recall_add": {
            "t-on-click": this.addRow,
            "t-att-class": () => ({ "d-none": false }),
        },
        "#files": { "t-on-change": this.checkFiles },
        _root: { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.read = !this.el.querySelector(".o_recall_read");
    }

    start() {
        this.onNone();
        this.el.querySelector("#problems, #questions")?.focus();
        // A person has begun: a mail scanner that renders the page does none of these.
        for (const event of ["pointerdown", "keydown", "touchstart"]) {
            this.addListener(document, event, this.markRead);
        }
    }

    markRead() {
        if (!this.read) {
            this.read = true;
            const body = new URLSearchParams({ csrf_token: odoo.csrf_token });
            fetch(this.el.dataset.read, { method: "POST", body, keepalive: true }).catch(() => {
                this.read = false;
            });
        }
    }

    onNone() {
        const none = this.el.querySelector("#none_found").checked;
        for (const input of this.el.querySelectorAll(".o_recall_stock")) {
            input.readOnly = none;
            input.classList.toggle("bg-light", none);
            if (none) {
                input.value = "";
            }
        }
        this.showSums();
    }

    /** All that was received is there and set aside. */
    fillAll() {
        this.el.querySelector("#none_found").checked = false;
        this.onNone();
        for (const lot of this.el.querySelectorAll(".o_recall_lot")) {
            for (const input of lot.querySelectorAll(".o_recall_amount")) {
                const all = ["found", "quarantined"].includes(input.dataset.amount);
                input.value = all ? String(Number(lot.dataset.received)) : "";
            }
        }
        this.showSums();
    }

    showSums() {
        for (const lot of this.el.querySelectorAll(".o_recall_lot")) {
            const of = (name) => Number(lot.querySelector(`[data-amount=${name}]`).value) || 0;
            const found = of(STOCK[0]);
            const dealt = STOCK.slice(1).reduce((sum, name) => sum + of(name), 0);
            const sum = found + of("sold_on") + of("consumed");
            const received = Number(lot.dataset.received);
            const beyond = (a, b) => a - b > 1e-6;
            const place = lot.querySelector(".o_recall_sum");
            const show = (number) => String(Number(number.toFixed(6)));
            let text = _t("Accounted for: %(sum)s of %(received)s", {
                sum: show(sum),
                received: show(received),
            });
            if (beyond(dealt, found)) {
                text = _t("More is set aside, sent back or destroyed than was found.");
            }
            place.textContent = text;
            const wrong = beyond(dealt, found) || beyond(sum, received);
            place.classList.toggle("text-danger", wrong);
        }
    }

    addRow() {
        const rows = this.el.querySelector(".o_recall_rows");
        const row = rows.lastElementChild.cloneNode(true);
        for (const input of row.querySelectorAll("input")) {
            input.value = "";
        }
        this.insert(row, rows);
        row.querySelector("input").focus();
    }

    checkFiles() {
        const { mostFiles, mostBytes } = this.el.dataset;
        const input = this.el.querySelector("#files");
        const files = [...input.files];
        let text = "";
        if (files.length > Number(mostFiles)) {
            text = _t("Attach %s files at most.", mostFiles);
        } else if (files.some((file) => file.size > Number(mostBytes))) {
            text = _t("One of the files is too large.");
        }
        input.setCustomValidity(text);
        this.el.querySelector(".o_recall_files").textContent = text;
    }

    /** A server takes only so many fields: those of very many lots go as one. */
    pack() {
        const inputs = [...this.el.querySelectorAll(".o_recall_amount")];
        if (inputs.length <= MOST_FIELDS) {
            return;
        }
        const rows = new Map();
        for (const input of inputs) {
            const id = Number(input.name.split("-")[1]);
            rows.set(id, { ...rows.get(id), line_id: id, [input.dataset.amount]: input.value });
            input.disabled = true;
        }
        this.el.querySelector("[name=packed]").value = JSON.stringify([...rows.values()]);
    }

    onSubmit(event) {
        if (event.submitter?.classList.contains("o_recall_send")) {
            this.pack();
            event.submitter.disabled = true;
            event.submitter.textContent = _t("Sending…");
        }
    }
}

registry.category("public.interactions").add("lot_traceability_recall.answer", RecallAnswer);
