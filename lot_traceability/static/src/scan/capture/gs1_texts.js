/** What to say when a code cannot be read: one sentence with the next step. */

import { _t } from "@web/core/l10n/translation";

/** @returns {string} "AI (17) USE BY or EXPIRY" */
function named({ ai, title }) {
    return title ? `AI (${ai}) ${title}` : `AI (${ai})`;
}

const SENTENCES = {
    empty: () => _t("There is no data in this code: scan it again."),
    too_long: () => _t("This text is longer than any barcode: scan one code at a time."),
    scanned_twice: () =>
        _t("This code was scanned twice, or two codes run together: scan one code once."),
    unknown_ai: () => _t("This is no GS1 code that can be read: scan it again, or type the lot."),
    missing_value: (error) => _t("%s has no value: scan the code again.", named(error)),
    repeated_ai: (error) =>
        _t("%s stands in the code with two values: scan one label at a time.", named(error)),
    brackets: () =>
        _t("The brackets in this text can be read in more than one way: scan the code instead."),
    length: (error) =>
        _t("%(what)s takes %(expected)s characters, not %(shown)s: scan the code again.", {
            what: named(error),
            expected: error.expected,
            shown: error.shown,
        }),
    digits: (error) =>
        _t("%s takes digits only: scan the code again, or choose a better label.", named(error)),
    characters: (error) =>
        _t("%(what)s cannot hold the character “%(character)s”: scan the code again.", {
            what: named(error),
            character: error.character,
        }),
    date: (error) =>
        _t("%(what)s holds %(shown)s, which is no date: type the date from the label.", {
            what: named(error),
            shown: error.shown,
        }),
    check_digit: (error) =>
        _t("The check digit of %(shown)s should be %(expected)s: scan or type it again.", {
            shown: error.shown,
            expected: error.expected,
        }),
    content: (error) => _t("%s holds a wrong value: check the label, scan it again.", named(error)),
    link_ai: (error) => _t("AI (%s) cannot stand in this link: use another code.", error.ai),
    link_qualifiers: () =>
        _t("The parts of this link do not belong together: use another code of the label."),
    link_compressed: () =>
        _t("This is a compressed link, which is not read here: scan another code of the label."),
};

/**
 * @param {Object} error of `parseCode`
 * @returns {string}
 */
export function explainCode(error) {
    return String((SENTENCES[error.code] ?? SENTENCES.unknown_ai)(error));
}
