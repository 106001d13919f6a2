/**
 * Keeps the Scan app on the device: the page, its styles, scripts and pictures. What it is to keep
 * (`self.KEPT`: {version, page, files}) the server writes before these lines, so that a browser
 * sees a new script with each new version.
 *
 * The page is given from what is kept, at once and without a link; what it asks the server goes to
 * the server. A new version is kept whole before it takes over.
 */
/* global clients */
const { version, page, files } = self.KEPT;
const PREFIX = "lot_scan_";
const CACHE = `${PREFIX}${version}`;

/** A page to log in is no page of the app. */
function isWhole(response) {
    return response.ok && !response.redirected && response.type === "basic";
}

async function keep(cache, url) {
    const response = await fetch(url, { credentials: "same-origin", cache: "no-cache" });
    if (!isWhole(response)) {
        throw new Error(`${url}: ${response.status}`);
    }
    await cache.put(url, response);
}

async function keepAll() {
    const cache = await caches.open(CACHE);
    await Promise.all([page, ...files].map((url) => keep(cache, url)));
    await self.skipWaiting();
}

async function dropOld() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
}

async function fromKept(url, request) {
    const cache = await caches.open(CACHE);
    return (await cache.match(url)) || fetch(request);
}

/** Somebody else has logged in: the page in his language is kept from now on. */
async function refreshPage(user) {
    const cache = await caches.open(CACHE);
    const kept = await (await cache.match(page))?.text();
    if (!kept?.includes(`"user": ${user},`)) {
        await keep(cache, page).catch(() => {});
    }
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOld()));
self.addEventListener("message", ({ data }) => data.refresh && refreshPage(data.refresh));
self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate" && url.pathname === page) {
        event.respondWith(fromKept(page, request));
    } else if (files.includes(url.pathname)) {
        event.respondWith(fromKept(url.pathname, request));
    }
});
