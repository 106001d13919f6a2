import { App, whenReady } from "@odoo/owl";
import { appTranslateFn } from "@web/core/l10n/translation";
import { getTemplate } from "@web/core/templates";
import { Desk } from "./app/desk.js";
import { ScanApp } from "./app/scan_app.js";
import { loadTexts } from "./app/texts.js";
import { keepOnDevice } from "./device/keep_on_device.js";
import { openStore } from "./queue/store.js";

async function boot() {
    await whenReady();
    const page = JSON.parse(document.getElementById("o_scan_page").textContent);
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

boot();
