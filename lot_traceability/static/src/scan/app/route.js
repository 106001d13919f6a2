/**
 * Which screen is shown stands in the address behind the "#": so the phone's back button works, and
 * after a reload somebody is where he was.
 */

/**
 * @param {string} hash
 * @returns {{screen: string, flow: string, document: {model: string, id: number} | null, blind: boolean}}
 */
export function readRoute(hash) {
    const [screen = "", flow = "", model = "", id = ""] = hash
        .replace(/^#?\/?/, "")
        .split("/")
        .map(decodeURIComponent);
    return {
        screen: screen || "home",
        flow,
        document: model && Number(id) ? { model, id: Number(id) } : null,
        blind: model === "blind",
    };
}

/** @returns {string} the address of a document of a flow, of a flow, or of a screen */
export function routeTo(screen, flow = "", document = null, blind = false) {
    const parts = [screen === "home" ? "" : screen];
    if (flow) {
        parts.push(flow);
    }
    if (document) {
        parts.push(document.model, String(document.id));
    } else if (blind) {
        parts.push("blind");
    }
    return `#/${parts.map(encodeURIComponent).join("/")}`;
}
