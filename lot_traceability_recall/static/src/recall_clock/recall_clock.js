import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Minutes since a recall began, as a clock that goes on while one looks at it. */
export class RecallClock extends Component {
    static template = "lot_traceability_recall.RecallClock";
    static props = { ...standardFieldProps };

    setup() {
        this.read = Date.now();
        this.state = useState({ passed: 0 });
        const timer = setInterval(() => {
            this.state.passed = Math.floor((Date.now() - this.read) / 60000);
        }, 5000);
        onWillUnmount(() => clearInterval(timer));
    }

    get minutes() {
        const { data } = this.props.record;
        return (data[this.props.name] || 0) + (data.closed_on ? 0 : this.state.passed);
    }

    get text() {
        const days = Math.floor(this.minutes / 1440);
        const hours = Math.floor((this.minutes % 1440) / 60);
        const clock = `${hours}:${String(this.minutes % 60).padStart(2, "0")}`;
        return days ? _t("%(days)s d %(clock)s h", { days, clock }) : _t("%s h", clock);
    }
}

registry.category("fields").add("recall_clock", {
    component: RecallClock,
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "closed_on", type: "datetime" }],
});
