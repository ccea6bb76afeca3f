/** The messages of one phone: kept in order, changed in place, scrolled along unless the reader looks back. */

import { icon, make, makeButton } from "./dom.js";
import { drawMessage, markBusy } from "./message.js";
import { dayOf } from "./time.js";

const NEAR_THE_END = 48;
const SPINNER_FOR = 5000;
const TYPING_FOR = 6000;

export class Chat {
  /** `actions` are what can be done with a message (see message.js); `emptiness` is shown while there is none. */
  constructor(whose, actions, emptiness) {
    this.actions = actions;
    this.shown = new Map(); // message id -> { message, element, as JSON }
    this.busy = new Map(); // "message id|data" -> timer
    this.newest = 0;
    this.atEnd = true;
    this.unread = 0;
    this.typingTimer = 0;
    this.typing = drawTyping();
    this.log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" }, emptiness, this.typing);
    this.log.setAttribute("aria-label", `Gesprek van ${whose}`);
    this.count = make("span", { class: "down-count" });
    this.down = makeButton({ class: "down", hidden: true, onclick: () => this.toEnd() }, icon("down"), this.count);
    this.#countUnread(0);
    this.element = make("div", { class: "chat" }, this.log, this.down);
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.log.addEventListener("load", () => this.#settle(), { capture: true });
    new ResizeObserver(() => this.#resized()).observe(this.log);
  }

  /** Makes the chat exactly these messages. */
  show(messages) {
    this.log.setAttribute("aria-busy", "true");
    const kept = new Set(messages.filter((message) => !message.deleted).map((message) => message.id));
    for (const id of [...this.shown.keys()]) if (!kept.has(id)) this.drop(id);
    for (const message of messages) this.put(message, { silent: true });
    this.#layDays();
    this.log.removeAttribute("aria-busy");
  }

  /** Adds a message, or puts it in the place of what it was. Gives whether it is new. */
  put(message, { silent = false } = {}) {
    if (message.deleted) return this.drop(message.id) && false;
    const before = this.shown.get(message.id);
    const form = JSON.stringify(message);
    if (before?.form === form) return false;
    const element = drawMessage(message, this.actions, (data) => this.busy.has(`${message.id}|${data}`));
    this.#keepingPlace(() => (before ? this.#replace(before.element, element) : this.#insert(message.id, element)));
    this.shown.set(message.id, { message, element, form });
    if (!silent) this.#layDays();
    if (!before) this.#came(message, silent);
    if (!before && message.from === "bot") this.stopTyping();
    return !before;
  }

  drop(id) {
    const gone = this.shown.get(id);
    if (!gone) return false;
    const held = gone.element.contains(document.activeElement);
    this.#keepingPlace(() => gone.element.remove());
    this.shown.delete(id);
    this.#layDays();
    if (held) this.log.focus({ preventScroll: true });
    return true;
  }

  /** The newest text of the person herself, or undefined. */
  lastOwnText() {
    const own = [...this.shown.values()].map((one) => one.message).filter(isOwnText);
    return own.reduce((newest, one) => (newest && newest.id > one.id ? newest : one), undefined);
  }

  wait(id, data) {
    const key = `${id}|${data}`;
    clearTimeout(this.busy.get(key));
    this.busy.set(key, setTimeout(() => this.answered(id, data), SPINNER_FOR));
    this.#mark(id, data, true);
  }

  answered(id, data) {
    const key = `${id}|${data}`;
    clearTimeout(this.busy.get(key));
    this.busy.delete(key);
    this.#mark(id, data, false);
  }

  startTyping() {
    clearTimeout(this.typingTimer);
    this.typing.hidden = false;
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_FOR);
    this.#settle();
  }

  stopTyping() {
    clearTimeout(this.typingTimer);
    this.typing.hidden = true;
  }

  toEnd() {
    this.atEnd = true;
    this.#settle();
    this.#countUnread(0);
    this.log.focus({ preventScroll: true });
  }

  #mark(id, data, waiting) {
    const one = this.shown.get(id);
    if (one) markBusy(one.element, data, waiting);
  }

  #insert(id, element) {
    const later = id > this.newest ? [] : [...this.shown.keys()].filter((other) => other > id);
    const next = later.length ? Math.min(...later) : undefined;
    this.newest = Math.max(this.newest, id);
    this.log.insertBefore(element, next === undefined ? this.typing : this.shown.get(next).element);
  }

  /** Replaces an element; somebody who stood on one of its buttons with the keyboard stays on it. */
  #replace(old, element) {
    const places = [...old.querySelectorAll("button, a")];
    const place = places.indexOf(document.activeElement);
    old.replaceWith(element);
    if (place < 0) return;
    const now = [...element.querySelectorAll("button, a")];
    const same = now.find((one) => one.dataset.tap && one.dataset.tap === places[place].dataset.tap);
    (same ?? now[Math.min(place, now.length - 1)] ?? this.log).focus({ preventScroll: true });
  }

  /** Changes something while what the reader looks at stays where it is. */
  #keepingPlace(change) {
    if (this.atEnd) {
      change();
      return this.#settle();
    }
    const top = this.log.scrollTop;
    const first = [...this.shown.values()].find(({ element }) => element.offsetTop + element.offsetHeight > top);
    const id = first && Number(first.element.dataset.id);
    const offset = first ? first.element.offsetTop - top : 0;
    change();
    const now = id !== undefined && this.log.querySelector(`[data-id="${id}"]`);
    if (now) this.log.scrollTop = now.offsetTop - offset;
  }

  #resized() {
    if (this.log.clientHeight === 0) this.atEnd = true; // put away behind a tab: it comes back at its end
    this.#settle();
  }

  #settle() {
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  #scrolled() {
    const left = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
    this.atEnd = left < NEAR_THE_END;
    this.down.hidden = this.atEnd;
    if (this.atEnd) this.#countUnread(0);
  }

  #came(message, silent) {
    if (message.from === "me" && !silent) this.atEnd = true;
    if (this.atEnd) return this.#settle();
    return silent ? undefined : this.#countUnread(this.unread + 1);
  }

  #countUnread(count) {
    this.unread = count;
    this.count.textContent = count ? String(count) : "";
    this.down.setAttribute("aria-label", count ? `Naar het nieuwste bericht, ${count} nieuw` : "Naar het nieuwste bericht");
  }

  /** One line with the date above the first message of each day. */
  #layDays() {
    let before = "";
    for (const element of this.log.querySelectorAll(".message[data-id]")) {
      const day = dayOf(new Date(this.#dateOf(element)));
      const line = element.previousElementSibling?.classList.contains("day") ? element.previousElementSibling : null;
      if (day === before) line?.remove();
      else if (!line) element.before(make("p", { class: "day" }, day));
      else if (line.textContent !== day) line.textContent = day;
      before = day;
    }
    for (const line of this.log.querySelectorAll(".day")) {
      if (!line.nextElementSibling?.dataset?.id) line.remove();
    }
  }

  #dateOf(element) {
    return this.shown.get(Number(element.dataset.id))?.message.date;
  }
}

const isOwnText = (message) => message.from === "me" && message.kind === "text";

/** Three dots, seen only: the header says it in words. */
function drawTyping() {
  const dots = make("div", { class: "balloon" }, make("i"), make("i"), make("i"));
  return make("div", { class: "message theirs typing", "aria-hidden": "true", hidden: true }, dots);
}
