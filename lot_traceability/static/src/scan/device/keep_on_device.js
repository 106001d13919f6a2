const LOOK_AGAIN = 60 * 60 * 1000;

/**
 * Have the browser keep the app on the device, so that it opens without a link. It does so for
 * pages over HTTPS only (and on the host itself).
 *
 * @param {string} worker address of the script that keeps it
 * @param {number} user who is logged in
 * @param {() => void} onNewer a newer version is kept now; it is loaded with the next reload
 */
export async function keepOnDevice(worker, user, onNewer) {
    const { serviceWorker } = navigator;
    if (!serviceWorker) {
        return;
    }
    const wasKept = Boolean(serviceWorker.controller);
    serviceWorker.addEventListener("controllerchange", () => {
        if (wasKept) {
            onNewer();
        }
    });
    try {
        const scope = worker.slice(0, worker.lastIndexOf("/"));
        const registration = await serviceWorker.register(worker, { scope });
        const look = () => registration.update().catch(() => {});
        setInterval(look, LOOK_AGAIN);
        window.addEventListener("online", look);
        await serviceWorker.ready;
        // The page was written for who is logged in: what is kept is to be his.
        registration.active?.postMessage({ refresh: user });
    } catch {
        // The settings tell that the app does not open without a link.
    }
}
