// Shows the banner of a live page after five seconds without a connection, so that a change of network frightens nobody.
// The live code announces itself by the document events "live:down" and "live:up".
(() => {
  "use strict";
  const banner = document.getElementById("connection");
  if (!banner) return;
  let timer = 0;
  const down = () => { if (!timer && banner.hidden) timer = setTimeout(() => { banner.hidden = false; }, 5000); };
  const up = () => { clearTimeout(timer); timer = 0; banner.hidden = true; };
  document.addEventListener("live:down", down);
  document.addEventListener("live:up", up);
  window.addEventListener("offline", down);
  window.addEventListener("online", up);
})();
