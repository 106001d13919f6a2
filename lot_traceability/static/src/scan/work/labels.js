/**
 * Labels that hang beside the place of work: scanned, they press the buttons of the screen, for
 * hands in gloves.
 */
export const COMMAND_LABELS = {
    "LT-OK": "accept",
    "LT-DROP": "drop",
    "LT-FINISH": "finish",
    "LT-BACK": "back",
};

/** @returns {string | undefined} what a scanned label presses */
export function commandOf(text) {
    // eslint-disable-next-line no-control-regex
    return COMMAND_LABELS[text.replace(/^\][A-Za-z]\d/, "").replace(/[\x00-\x20]/g, "")];
}
