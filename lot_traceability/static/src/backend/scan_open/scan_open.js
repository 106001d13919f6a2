import { redirect } from "@web/core/utils/urls";
import { registry } from "@web/core/registry";

/**
 * Go to the Scan app. It is a page of its own: a handheld loads a fraction of the backend's code,
 * keeps it, and opens it without a link.
 */
function openScanApp() {
    redirect("/lot_traceability/scan");
}

registry.category("actions").add("lot_traceability.scan", openScanApp);
