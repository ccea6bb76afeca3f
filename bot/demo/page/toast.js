/** Short words over a phone or over the page, gone by themselves; and the bot's alert, which waits for "OK". */

import { make, makeButton } from "./dom.js";

const SHOWN_FOR = 4500;

/** Shows words in `host`, an element with the status role; longer words stay longer. */
export function toast(host, words) {
  const shown = make("p", { class: "toast", dir: "auto" }, words);
  host.append(shown);
  setTimeout(() => shown.remove(), SHOWN_FOR + words.length * 30);
}

/** Shows words in `host` until the reader closes them; a dialog gives the focus back where it was by itself. */
export function alertBox(host, words) {
  const text = make("p", { dir: "auto" }, words);
  const box = make(
    "dialog",
    { class: "alert", "aria-label": "Bericht van de bot", onclose: () => box.remove() },
    text,
    makeButton({ class: "alert-ok", onclick: () => box.close() }, "OK"),
  );
  box.addEventListener("keydown", (press) => press.key === "Escape" && box.close());
  host.append(box);
  box.show();
}
