/* The keeper of the trip's own page: what it needs is stored once and served from the phone; what is said to the house always goes to the house.
 *
 * VERSION and FILES stand before this text when it is served (mobile_service/portal/van.py). A new version fetches everything first and
 * then waits: the page lets it take over when nothing waits to be sent. What waits lies in IndexedDB, which no version of this touches. */
"use strict";

const STORE = `van-${VERSION}`;
const PAGE = "/portal/van/";

self.addEventListener("install", (event) => {
  /* A name with a digest in it never changes what it stands for: such a file is taken from where the page has just put it. */
  const cache = (address) => (/\.[0-9a-f]{12}\.\w+$/.test(address) ? "default" : "no-cache");
  const fresh = FILES.map((address) => new Request(address, { cache: cache(address), credentials: "omit" }));
  const keep = async () => {
    const store = await caches.open(STORE);
    await store.addAll(fresh);
    if (await whole(store)) return;
    await caches.delete(STORE);
    throw new Error("not whole");
  };
  event.waitUntil(keep());
});

/* While a house is being renewed, one half of it may give the page and the other half its files: such a page would stand without its
 * script as soon as the network is gone. Then the version before stays, and this one is fetched anew at the next look. */
const whole = async (store) => {
  const kept = await Promise.all(FILES.map((address) => store.match(address, { ignoreVary: true })));
  const page = await kept[FILES.indexOf(PAGE)].clone().text();
  const passing = (response) => (response.headers.get("Cache-Control") || "").includes("no-store");
  return FILES.every((address) => address === PAGE || page.includes(address)) && !kept.some(passing);
};

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("van-") && name !== STORE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname, origin } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (pathname !== PAGE && !FILES.includes(pathname)) return;
  const serve = async () => {
    const store = await caches.open(STORE);
    return (await store.match(pathname, { ignoreSearch: true, ignoreVary: true })) || fetch(request);
  };
  event.respondWith(serve());
});
