/** What the findings of `diagnose.js` mean, and how scanners are put right. */

import { _t } from "@web/core/l10n/translation";

const FINDINGS = {
    usable: () => _t("This scanner can be used as it is."),
    nothing: () => _t("Nothing arrived: check that the scanner is connected as a keyboard."),
    other_code: () => _t("This is not the test label: scan the code on this page."),
    scanned_twice: () => _t("The label was scanned twice: scan it once."),
    cut_short: () => _t("Characters are missing at an end (%s): make the scanner slower."),
    characters_lost: () => _t("Characters got lost on the way (%s): make the scanner slower."),
    extra_text: () => _t("The scanner adds text of its own (%s): remove its prefix and suffix."),
    keyboard_layout: () =>
        _t("Scanner and device use different keyboard layouts (%s): set the scanner's country."),
    dead_key: () =>
        _t("Accents on this keyboard layout swallow characters: set the scanner's country."),
    caps_lock: () => _t("CapsLock is on: switch it off, capital and small letters are exchanged."),
    separator_raw: () => _t("The separator arrives as a control character."),
    separator_alt: () => _t("The separator arrives as Alt+029."),
    separator_control: () => _t("The separator arrives as Ctrl+]."),
    separator_f8: () => _t("The separator arrives as the key F8."),
    separator_spelt: () => _t("The separator arrives in letters; better send it as Ctrl+] or F8."),
    separator_lost: () =>
        _t("The separator got lost: a lot would swallow the fields behind it. Set it as below."),
    separator_digits: () =>
        _t("The separator arrives as the digits %s, which would become part of the lot."),
    separator_other: () => _t("The separator arrives as “%s”, which would become part of the lot."),
    aim_on: () => _t("The scanner says that it read a GS1 code (%s)."),
    aim_off: () =>
        _t("The scanner does not say what kind of code it read: switch AIM identifiers on."),
    aim_not_gs1: () =>
        _t("The scanner reads the label as no GS1 code (%s): allow GS1 codes in its settings."),
    end_enter: () => _t("Enter ends each code."),
    end_tab: () => _t("Tab ends each code."),
    end_none: () => _t("Nothing ends a code, so that each is taken a little later: add Enter."),
    fast: () => _t("It is fast enough (%s ms at most between two keys)."),
    slow: () => _t("It is a little slow (%s ms between two keys): shorten its delay."),
    too_slow: () => _t("It is so slow that it looks like a person (%s ms): shorten its delay."),
    at_once: () => _t("The whole code arrives at once."),
};

/** @returns {string} one sentence about a finding */
export function explainFinding({ code, shown }) {
    return String(FINDINGS[code]()).replace("%s", shown ?? "");
}

const SEPARATOR_HELP = () => [
    _t("Zebra: enable “Function key mapping”, so that it sends Ctrl+], or “Emulate keypad”."),
    _t("Zebra DataWedge: Keystroke output, “Send characters as events” for code 29."),
    _t("Honeywell: choose “Control + X mode” in the keyboard settings."),
    _t("Other scanners: have GS (FNC1, 0x1D) sent as Ctrl+], Alt+029 or F8."),
];
const AIM_HELP = () => [
    _t("Zebra: set “Transmit code ID character” to “AIM code ID character”."),
    _t("Honeywell: add the prefix “AIM ID” to all symbologies."),
    _t("Other scanners: switch on the AIM symbology identifier (]C1, ]d2, ]Q3) as a prefix."),
];
const END_HELP = () => [
    _t("Zebra: scan option “<DATA><SUFFIX>” with Enter; DataWedge: “Send ENTER key”."),
    _t("Honeywell: “Add CR suffix to all symbologies”."),
];
const LAYOUT_HELP = () => [
    _t("Zebra: choose the “country keyboard type” that is set on the device."),
    _t("Honeywell: choose the “keyboard country layout” that is set on the device."),
    _t("Sure for every layout: “Emulate keypad” (Zebra), “ALT mode” (Honeywell)."),
];
const SPEED_HELP = () => [
    _t("Zebra: “Keystroke delay”: none if it is slow, medium if characters get lost."),
    _t("Honeywell: “Intercharacter delay”: 0 if it is slow, 2 (10 ms) if characters get lost."),
];

const HELP = {
    separator_lost: SEPARATOR_HELP,
    separator_digits: SEPARATOR_HELP,
    separator_other: SEPARATOR_HELP,
    separator_spelt: SEPARATOR_HELP,
    aim_off: AIM_HELP,
    end_none: END_HELP,
    keyboard_layout: LAYOUT_HELP,
    dead_key: LAYOUT_HELP,
    cut_short: SPEED_HELP,
    characters_lost: SPEED_HELP,
    slow: SPEED_HELP,
    too_slow: SPEED_HELP,
};

/** @returns {Array<string>} how to configure the scanner after this finding */
export function helpFor({ code }) {
    return (HELP[code]?.() ?? []).map(String);
}
