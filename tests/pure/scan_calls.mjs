/** What the tests call: plain data in and out. */

import { parseCode } from "../../lot_traceability/static/src/scan/capture/gs1.js";

/** Read each text on the day that is given. */
export function parseAll(texts, identifiers, today) {
    return texts.map((text) => parseCode(text, identifiers, { today: new Date(today) }));
}
