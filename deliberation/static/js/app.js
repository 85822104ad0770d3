// Small helps on top of pages that work without them. Everything is delegated, so swapped-in parts are covered too.
(() => {
  "use strict";
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const found = event.target instanceof Element && event.target.closest(selector);
      if (found) act(found, event);
    });

  const reveal = (root) => root.querySelectorAll("[data-js][hidden]").forEach((part) => {
    if (part.hasAttribute("data-read") && !("speechSynthesis" in window)) return;
    part.hidden = false;
  });

  const say = (button, key) => {
    const word = button.querySelector("[data-word]");
    if (!word || !button.dataset[key]) return;
    const before = word.textContent;
    word.textContent = button.dataset[key];
    setTimeout(() => { word.textContent = before; }, 4000);
  };

  const copyOld = (text) => {
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "visually-hidden";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };

  on("click", "[data-copy]", async (button) => {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = source.dataset.text || source.value || source.textContent.trim();
    try {
      if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(text);
      else if (!copyOld(text)) throw new Error("copy refused");
      say(button, "done");
    } catch {
      say(button, "failed");
    }
  });

  on("click", "[data-print]", () => window.print());

  on("click", "[data-read]", (button) => {
    const voice = window.speechSynthesis;
    const wasReading = button.getAttribute("aria-pressed") === "true";
    voice.cancel();
    document.querySelectorAll("[data-read]").forEach((other) => other.setAttribute("aria-pressed", "false"));
    const source = document.querySelector(button.dataset.read);
    if (wasReading || !source) return;
    const words = new SpeechSynthesisUtterance(source.innerText);
    words.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    words.rate = 0.9;
    words.onend = () => button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    voice.speak(words);
  });
  window.addEventListener("pagehide", () => window.speechSynthesis && window.speechSynthesis.cancel());

  // A second press of the same button sends nothing. The buttons are marked after the form data is taken,
  // and freed again after a while or when the page comes back from the history.
  const free = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => {
      button.setAttribute("aria-busy", "true");
    }), 0);
    setTimeout(free, 10000, form);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(free);
  });

  on("change", "input[type=file]", (input) => {
    const list = document.getElementById(`${input.id}-names`);
    if (!list) return;
    list.replaceChildren(...[...input.files].map((file) => {
      const row = document.createElement("li");
      row.textContent = `${file.name}（${Math.max(1, Math.round(file.size / 1024))} KB）`;
      return row;
    }));
  });

  // The QR code on a household slip carries its digits behind the #, which no server and no log sees.
  const form = document.querySelector("[data-code-into]");
  const scanned = /^#([0-9]{16})$/.exec(location.hash);
  if (form && scanned) {
    const box = document.querySelector(form.dataset.codeInto);
    if (box && !box.value) box.value = scanned[1].replace(/(.{4})(?=.)/g, "$1 ");
    history.replaceState(null, "", location.pathname + location.search);
  }

  const summary = document.querySelector("[data-focus-first]");
  if (summary) summary.focus();
  reveal(document);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node instanceof Element) { if (node.matches("[data-js][hidden]")) node.hidden = false; reveal(node); }
  }))).observe(document.body, { childList: true, subtree: true });
})();
