import {
    translatedTerms,
    translatedTermsGlobal,
    translationIsReady,
    translationLoaded,
} from "@web/core/l10n/translation";

const KEY = "texts";

/**
 * Read the app's texts in the user's language; those that are kept on the device when there is no
 * link, or nothing newer.
 *
 * @param {Object} store where they are kept
 * @param {{code: string, modules: string[], hash: string}} language
 */
export async function loadTexts(store, { code, modules, hash }) {
    let texts = await store.read(KEY);
    if (texts?.lang !== code || texts.hash !== hash) {
        texts = (await fetchTexts(code, modules)) || texts;
        if (texts) {
            await store.write(KEY, texts);
        }
    }
    for (const [module, { messages }] of Object.entries(texts?.modules || {})) {
        translatedTerms[module] = {};
        for (const { id, string } of messages) {
            translatedTerms[module][id] = string;
            translatedTermsGlobal[id] = string;
        }
    }
    translatedTerms[translationLoaded] = true;
    translationIsReady.resolve(true);
}

async function fetchTexts(code, modules) {
    const query = new URLSearchParams({ lang: code, mods: modules.join(",") });
    try {
        const response = await fetch(`/web/webclient/translations?${query}`, { cache: "no-store" });
        return response.ok ? await response.json() : null;
    } catch {
        return null;
    }
}
