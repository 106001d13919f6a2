/** How this device is used; each stays on the device. */
const NAME = "lot_scan_settings";

export const DEFAULTS = {
    name: "",
    hand: "right",
    theme: "system",
    text: "normal",
    sound: true,
    vibration: true,
    // How a scan that is shown is accepted: "next" by the next scan, or OK; "timer" besides by
    // itself after a few seconds; "confirm" by OK alone.
    accept: "next",
    printer: "",
    // Longest time between two keys of the scanner, in milliseconds.
    gap: 100,
};

/** What `gap` is for a scanner that is slow: one over a weak Bluetooth link, say. */
export const SLOW_GAP = 400;

export function readSettings() {
    try {
        return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(NAME) || "{}") };
    } catch {
        // Nothing may be kept here, or somebody else wrote it.
        return { ...DEFAULTS };
    }
}

export function keepSettings(settings) {
    try {
        localStorage.setItem(NAME, JSON.stringify(settings));
    } catch {
        // They hold until the page is closed.
    }
}

/** Put what is set on the page. */
export function applySettings(settings) {
    const root = document.documentElement;
    root.dataset.theme = settings.theme;
    root.dataset.hand = settings.hand;
    root.dataset.text = settings.text;
}
