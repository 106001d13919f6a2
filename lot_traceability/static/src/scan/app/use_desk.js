import { onMounted, onWillUnmount, useEnv, useState } from "@odoo/owl";

/** Get what is scanned while a component is on the screen. */
export function useScanner(handler) {
    const { desk } = useEnv();
    let stop;
    // Not sooner: a component that is made but never shown would swallow scans.
    onMounted(() => (stop = desk.handle(handler)));
    onWillUnmount(() => stop());
}

/** Be told of answers and of changes of the queue while a component is on the screen. */
export function useAnswers(listener) {
    const { desk } = useEnv();
    let stop;
    onMounted(() => (stop = desk.listen(listener)));
    onWillUnmount(() => stop());
}

/** The desk and its state, in a component. */
export function useDesk() {
    const { desk } = useEnv();
    return { desk, state: useState(desk.state), settings: useState(desk.settings) };
}
