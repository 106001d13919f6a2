/** The language of the page, as the browser's formatters want it. */
function locale() {
    return document.documentElement.lang || undefined;
}

/** "12.5 kg", "3" */
export function amount(quantity, unit = "") {
    const number = Number(quantity).toLocaleString(locale(), { maximumFractionDigits: 4 });
    return unit ? `${number}\u00a0${unit}` : number;
}

/** @param {string} day YYYY-MM-DD */
export function showDay(day) {
    const [year, month, date] = day.split("-").map(Number);
    return new Date(year, month - 1, date).toLocaleDateString(locale(), {
        year: "numeric",
        month: "short",
        day: "2-digit",
    });
}

/** @param {number | string | Date} moment */
export function showTime(moment) {
    const when = new Date(moment);
    const today = when.toDateString() === new Date().toDateString();
    return when.toLocaleString(
        locale(),
        today
            ? { hour: "2-digit", minute: "2-digit" }
            : { month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit" },
    );
}
