// Ticks the speaking clock and "time left" between two pushes. The server's own time is the reference:
// data-now is when the page was written, so a phone with a wrong clock still counts right.
(() => {
  "use strict";
  const offsets = new WeakMap();
  const pad = (n) => String(n).padStart(2, "0");
  const tick = () => document.querySelectorAll("[data-clock][data-ends]").forEach((clock) => {
    if (!offsets.has(clock)) offsets.set(clock, Date.parse(clock.dataset.now) - Date.now());
    const left = Math.ceil((Date.parse(clock.dataset.ends) - Date.now() - offsets.get(clock)) / 1000);
    if (Number.isNaN(left)) return;
    const late = left < 0;
    const whole = Math.abs(left);
    const face = clock.querySelector("[data-face]");
    const text = `${late ? "+" : ""}${Math.floor(whole / 60)}:${pad(whole % 60)}`;
    if (face && face.textContent !== text) face.textContent = text;
    clock.classList.toggle("is-late", late);
    clock.classList.toggle("is-near", !late && left <= 30);
    const word = clock.querySelector("[data-late]");
    if (word) word.hidden = !late;
  });
  tick();
  setInterval(tick, 500);
})();
