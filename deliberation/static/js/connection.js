// Shows the banner of a live page after five seconds without a connection, so that a change of network frightens nobody.
// Follows htmx's websocket; other live code says "live:down" and "live:up" on the document.
(() => {
  "use strict";
  const banner = document.getElementById("connection");
  if (!banner) return;
  let timer = 0;
  const down = () => { if (!timer && banner.hidden) timer = setTimeout(() => { banner.hidden = false; }, 5000); };
  const up = () => { clearTimeout(timer); timer = 0; banner.hidden = true; };
  document.addEventListener("live:down", down);
  document.addEventListener("live:up", up);
  document.addEventListener("htmx:ws:close", down);
  document.addEventListener("htmx:ws:after:connection", up);
  // A page restored from the history has lost its socket for good: fetch it anew.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("offline", down);
})();
