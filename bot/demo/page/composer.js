/** Under the chat: the text field, what can be sent with it, and the reply keyboard. */

import { attachMenu } from "./attach.js";
import { icon, make, makeButton } from "./dom.js";
import { SAMPLE_PLACE } from "./samples.js";

const PLACEHOLDER = "Schrijf een bericht";
const KEYS_LABEL = "Knoppen tonen of verbergen";

export class Composer {
  /** `act(path, body)` sends and gives whether it went; `lastOwnText()` is what arrow up edits. */
  constructor(personId, whose, act, lastOwnText) {
    this.act = act;
    this.lastOwnText = lastOwnText;
    this.editing = null;
    this.answering = null;
    const id = `words-of-${personId}`;
    this.input = make("textarea", { id, rows: "1", placeholder: PLACEHOLDER, dir: "auto", enterkeyhint: "send" });
    this.sendButton = make("button", { type: "submit", class: "tool send", "aria-label": "Verstuur" }, icon("send"));
    this.keysButton = makeButton(
      { class: "tool keys-button", "aria-label": KEYS_LABEL, hidden: true, onclick: () => this.#fold(!this.keys.hidden) },
      icon("keyboard"),
    );
    this.keys = make("div", { class: "keys", role: "group", "aria-label": "Knoppen van de bot", hidden: true });
    this.aboutWords = make("p", { dir: "auto" });
    const leave = makeButton({ class: "tool", "aria-label": "Toch niet", onclick: () => this.leave() }, icon("close"));
    this.about = make("div", { class: "about", hidden: true }, this.aboutWords, leave);
    const attach = attachMenu(act);
    const label = make("label", { class: "unseen", for: id }, `Bericht van ${whose}`);
    const parts = [attach.button, label, this.input, this.keysButton, this.sendButton];
    const line = make("form", { class: "line", onsubmit: (event) => this.#submit(event) }, ...parts);
    this.element = make("div", { class: "composer" }, attach.panel, this.about, line, this.keys);
    this.input.addEventListener("keydown", (press) => this.#pressed(press));
    this.input.addEventListener("input", () => this.#grow());
    this.#grow();
  }

  /** Shows the reply keyboard, or takes it away. */
  showKeyboard(keyboard) {
    const form = JSON.stringify(keyboard);
    if (form === this.keyboardForm) return;
    this.keyboardForm = form;
    const held = this.keys.contains(document.activeElement);
    const rows = keyboard?.rows ?? [];
    this.keys.replaceChildren(...rows.map((row) => make("div", { class: "row" }, ...row.map((key) => this.#key(key)))));
    this.input.placeholder = keyboard?.placeholder || PLACEHOLDER;
    this.keysButton.hidden = !rows.length;
    this.#fold(!rows.length);
    if (held) (this.keys.querySelector("button") ?? this.input).focus();
  }

  /** The next words take the place of this message. */
  edit(message) {
    this.leave();
    this.editing = message;
    this.input.value = message.text;
    this.#show("Je verandert een bericht", "Sla de verandering op");
  }

  /** The next words answer this message. */
  reply(message) {
    this.leave();
    this.answering = message;
    this.#show(`Je antwoordt op: ${message.text.slice(0, 60) || "een bericht"}`, "Verstuur");
  }

  /** The next words are just words again. */
  leave() {
    if (this.editing) this.input.value = "";
    this.editing = null;
    this.answering = null;
    this.about.hidden = true;
    this.sendButton.setAttribute("aria-label", "Verstuur");
    this.#grow();
    this.input.focus();
  }

  #show(words, sendLabel) {
    this.aboutWords.textContent = words;
    this.about.hidden = false;
    this.sendButton.setAttribute("aria-label", sendLabel);
    this.#grow();
    this.input.focus();
  }

  #key(key) {
    const press = () => {
      if (key.request === "contact") return this.act("contact", {});
      if (key.request === "location") return this.act("location", SAMPLE_PLACE);
      return this.act("text", { text: key.text });
    };
    return makeButton({ class: "key", onclick: press }, make("span", { dir: "auto" }, key.text));
  }

  #fold(away) {
    this.keys.hidden = away;
    this.keysButton.setAttribute("aria-expanded", String(!away));
  }

  #pressed(press) {
    if (press.isComposing) return;
    if (press.key === "Enter" && !press.shiftKey) this.#submit(press);
    else if (press.key === "Escape" && !this.about.hidden) this.leave();
    else if (press.key === "ArrowUp" && !this.input.value && this.lastOwnText()) {
      press.preventDefault();
      this.edit(this.lastOwnText());
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.sending) return;
    this.sending = true;
    const went = await this.#send(text);
    this.sending = false;
    if (!went) return;
    if (this.input.value.trim() === text) this.input.value = "";
    if (this.about.hidden) this.#grow();
    else this.leave();
  }

  #send(text) {
    if (this.editing) return this.act("edit", { message: this.editing.id, text });
    return this.act("text", this.answering ? { text, reply_to: this.answering.id } : { text });
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
    this.sendButton.classList.toggle("ready", this.input.value.trim() !== "");
  }
}
