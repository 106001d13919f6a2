import { onWillRender, useEffect, useRef, useState } from "@odoo/owl";
import { useDateTimePicker } from "@web/core/datetime/datetime_picker_hook";
import { areDatesEqual, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { exprToBoolean } from "@web/core/utils/strings";
import { session } from "@web/session";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";

/** The time zone in which dates of lots are days. */
export function lotZone(companyId) {
    return session.lot_zones?.[companyId || user.activeCompany?.id] || "UTC";
}

/** The same day of the calendar where the reader is, as pickers and formatters want it. */
export function shownDay(instant, zone) {
    const there = instant.setZone(zone);
    if (there.toISODate() === instant.toISODate()) {
        return instant;
    }
    return instant.set({ year: there.year, month: there.month, day: there.day });
}

/** The instant that is meant by a day which the reader has chosen: it lasts until it ends. */
export function chosenInstant(chosen, zone, wholeDay) {
    if (!wholeDay && chosen.setZone(zone).toISODate() === chosen.toISODate()) {
        return chosen;
    }
    const { year, month, day } = chosen;
    const end = { year, month, day, hour: 23, minute: 59, second: 59 };
    return luxon.DateTime.fromObject(end, { zone }).setZone(chosen.zone);
}

/** A date of a lot: the day that it is where the company is, whoever looks at it. */
export class LotDayField extends DateTimeField {
    static defaultProps = { ...DateTimeField.defaultProps, showTime: false };

    /** As the original without ranges, with what it shows and writes turned into days. */
    setup() {
        const field = this;
        const dateTimePicker = useDateTimePicker({
            target: "root",
            showSeconds: this.props.showSeconds,
            get pickerProps() {
                return {
                    value: field.getRecordValue(),
                    type: field.props.showTime ? "datetime" : "date",
                    range: false,
                };
            },
            onClose: () => {
                this.picker.activeInput = "";
                this.state.value = this.getRecordValue();
            },
            onApply: () => this.apply(),
        });
        this.state = useState(dateTimePicker.state);
        this.picker = useState({ activeInput: "" });
        this.openPicker = dateTimePicker.open;
        this.startDate = useRef("start-date");
        useEffect(
            (input) => {
                if (input && input.dataset.field === this.picker.activeInput) {
                    input.focus();
                    this.openPicker(0);
                }
            },
            () => [this.startDate.el, this.startDate.el?.tagName, this.picker.activeInput],
        );
        onWillRender(() => this.triggerIsDirty());
    }

    get zone() {
        return lotZone(this.props.record.data.company_id?.id);
    }

    getRecordValue() {
        const instant = super.getRecordValue();
        return instant && shownDay(instant, this.zone);
    }

    getFormattedValue(index, numeric = this.props.numeric) {
        const instant = this.props.record.data[this.props.name];
        if (this.props.showTime && instant && !areDatesEqual(instant, this.getRecordValue())) {
            // The reader's hour would be wrong on that day.
            return formatDate(this.values[0]);
        }
        return super.getFormattedValue(index, numeric);
    }

    async apply() {
        const chosen = this.state.value;
        if (areDatesEqual(chosen, this.getRecordValue())) {
            return;
        }
        const instant = chosen && chosenInstant(chosen, this.zone, !this.props.showTime);
        await this.props.record.update({ [this.props.name]: instant });
    }
}

export const lotDayField = {
    ...dateTimeField,
    component: LotDayField,
    displayName: _t("Day of a lot"),
    extractProps: (info, dynamicInfo) => ({
        ...dateTimeField.extractProps(info, dynamicInfo),
        showTime: exprToBoolean(info.options.show_time ?? false),
    }),
    listViewWidth: ({ options }) =>
        dateTimeField.listViewWidth({ options: { show_time: false, ...options } }),
};

registry.category("fields").add("lot_day", lotDayField);
