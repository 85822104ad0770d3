// What a live page does beside swapping what it is told: it says whether it is connected, fetches the reader's own part
// again when that may have changed, and keeps folded-out parts open.
(() => {
  "use strict";
  const tell = (name) => document.dispatchEvent(new Event(name));
  const own = () => document.getElementById("mine") || document.getElementById("board");
  let stamp = null;
  let timer = 0;

  // A phone waits a moment of its own, so that two hundred of them do not ask in the same instant; and longer while it says
  // what was refused, so that somebody can read it. The console never waits: it must be true.
  const refetch = () => {
    clearTimeout(timer);
    const refused = document.querySelector("#mine [role=alert]");
    const wait = document.getElementById("board") ? 0 : refused ? 8000 : Math.random() * 700;
    timer = setTimeout(() => {
      const part = own();
      if (!refused && document.querySelector("#mine [role=alert]")) refetch();
      else if (part) window.htmx.trigger(part, "refetch");
    }, wait);
  };

  // What was fetched while the connection was going may have failed: one's own part is fetched again after each connecting.
  document.addEventListener("htmx:ws:after:connection", () => { stamp = null; tell("live:up"); });
  document.addEventListener("htmx:ws:close", (event) => {
    const code = event.detail && event.detail.code;
    // Signed out, or no longer a member: the page itself says what to do.
    if (code === 4401 || code === 4403) window.location.reload();
    else if (!document.hidden) tell("live:down");
  });
  document.addEventListener("htmx:ws:after:message:incoming", (event) => {
    tell("live:up");
    let told = null;
    try { told = JSON.parse(event.detail.message.data); } catch { return; }
    if (told.own || (told.mine !== undefined && told.mine !== stamp)) refetch();
    if (told.mine !== undefined) stamp = told.mine;
  });

  // hx-ws closes for good when the page goes into the history; coming back, it must start anew.
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const open = new Map();
  document.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement && event.target.id) open.set(event.target.id, event.target.open);
  }, true);
  document.addEventListener("htmx:after:swap", () => open.forEach((is, id) => {
    const part = document.getElementById(id);
    if (part instanceof HTMLDetailsElement && part.open !== is) part.open = is;
  }));

  // The console's keys: N next speaker, S stop, P straw poll.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
    const field = button.parentElement && button.parentElement.querySelector("input:not([type=hidden])");
    if (button.tagName === "SUMMARY" && field) setTimeout(() => field.focus(), 50);
  });

  // htmx looks at the page as soon as it is loaded itself; when the socket's script came later than that, it would never connect.
  window.htmx.process(document.body);
})();
