import { App, whenReady } from "@odoo/owl";
import { _t, appTranslateFn } from "@web/core/l10n/translation";
import { pyToJsLocale } from "@web/core/l10n/utils";
import { getTemplate } from "@web/core/templates";
import { Desk } from "./app/desk.js";
import { ScanApp } from "./app/scan_app.js";
import { loadTexts } from "./app/texts.js";
import { keepOnDevice } from "./device/keep_on_device.js";
import { openStore } from "./queue/store.js";
import { answerIn } from "./server/rpc.js";

/** A fault of ours must not leave an empty screen: all that was scanned is kept. */
function offerReload() {
    const root = document.getElementById("o_scan_root");
    if (root.childElementCount) {
        return;
    }
    const button = document.createElement("button");
    button.className = "o_scan_button o_scan_broken";
    button.textContent = _t("Something went wrong here. What was scanned is kept: press to go on.");
    button.addEventListener("click", () => {
        location.hash = "";
        location.reload();
    });
    root.append(button);
}

async function boot() {
    await whenReady();
    const page = JSON.parse(document.getElementById("o_scan_page").textContent);
    document.documentElement.lang = pyToJsLocale(page.language.code);
    answerIn(page.language.code);
    const store = await openStore(page.database);
    await loadTexts(store, page.language);
    const desk = new Desk(page, store);
    await desk.open();
    const app = new App(ScanApp, {
        env: { desk },
        getTemplate,
        translateFn: appTranslateFn,
        translatableAttributes: ["aria-label"],
        name: "Scan",
    });
    await app.mount(document.getElementById("o_scan_root"));
    document.body.classList.add("o_scan_ready");
    keepOnDevice(page.worker, desk.state.start?.user.id || page.user, () => {
        desk.state.updated = true;
    });
    /** For who drives the app from outside: as a scanner does, and until all is answered. */
    window.lotScan = {
        scan: (text, options) => desk.scan(text, options),
        press: (what) => desk.press(what),
        idle: () => desk.idle(),
    };
}

window.addEventListener("unhandledrejection", offerReload);
boot();
