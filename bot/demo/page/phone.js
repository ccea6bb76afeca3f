/** One phone: who holds it, the header, the chat, and what stands under it. */

import { Chat } from "./chat.js";
import { choosePerson } from "./chooser.js";
import { Composer } from "./composer.js";
import { icon, make, makeButton } from "./dom.js";
import { fold } from "./fold.js";
import { shareOf, startOf } from "./links.js";
import { directionOf, letterOf, roleOf } from "./people.js";
import { post } from "./server.js";
import { alertBox, toast } from "./toast.js";

const KEPT_ANSWERS = 50;

export class Phone {
  /** `others()` gives who holds the other phones. */
  constructor(person, bot, others) {
    this.person = person;
    this.bot = bot;
    this.others = others;
    this.taps = new Map(); // callback id -> { id, data } of a button that waits for its answer
    this.early = new Set(); // callback ids answered before the tap's own reply came back
    this.status = make("bdi");
    this.screen = make("div", { class: "screen", dir: directionOf(person) });
    this.toasts = make("div", { class: "toasts", role: "status" });
    this.chat = new Chat(person.first_name, this.#actions(), this.#emptiness());
    const act = (path, body) => this.act(path, body);
    this.composer = new Composer(person.id, person.first_name, act, () => this.chat.lastOwnText());
    this.invitation = make("div", { class: "invitation", role: "group", "aria-label": "Uitnodigingen" });
    this.gate = make("div", { class: "gate" });
    this.#assemble();
    this.show(person);
  }

  /** Makes the phone as the server says it is. */
  show(person) {
    this.person = person;
    if (person.messages) this.chat.show(person.messages);
    this.composer.showKeyboard(person.keyboard ?? null);
    this.#showGate();
    this.#showMenu();
    this.#showStatus();
  }

  /** Takes in one event about this phone. Gives whether there is something new to look at. */
  hear(event) {
    switch (event.type) {
      case "message":
        return this.#put(event.message);
      case "deleted":
        this.chat.drop(event.id);
        return false;
      case "keyboard":
        this.composer.showKeyboard(event.keyboard);
        return false;
      case "typing":
        this.#type();
        return false;
      case "answered":
        this.#answered(event);
        return false;
      case "phone":
        return this.#change(event.phone);
      default:
        return false;
    }
  }

  #change(person) {
    const received = this.person.received.length;
    this.show(person);
    return person.received.length > received;
  }

  /** Does something on this phone; what goes wrong is said on it. Gives whether it went. */
  async act(path, body = {}) {
    try {
      return await post(`/phones/${this.person.id}/${path}`, body);
    } catch (error) {
      this.say(error.message);
      return null;
    }
  }

  say(words) {
    toast(this.toasts, words);
  }

  #assemble() {
    const { person } = this;
    const nameId = `name-${person.id}`;
    const below = `Naar het invoerveld van ${person.first_name}`;
    const skip = makeButton({ class: "skip skip-inside", onclick: () => this.#focusBelow() }, below);
    const holder = make(
      "header",
      { class: "holder" },
      make("span", { class: "holder-letter", "aria-hidden": "true" }, letterOf(person.first_name)),
      make("div", {}, make("h2", { id: nameId }, person.title), make("p", { class: "role" }, roleOf(person))),
    );
    this.screen.append(this.#bar(), this.invitation, this.chat.element, this.toasts, this.composer.element, this.gate);
    const which = { class: `phone role-${person.role}`, id: `phone-${person.id}`, "aria-labelledby": nameId };
    this.element = make("section", which, holder, skip, make("div", { class: "case" }, this.screen));
  }

  #bar() {
    this.menu = make("div", { class: "sheet menu-panel", role: "group", "aria-label": "Menu" });
    const label = `Menu van ${this.person.first_name}`;
    const button = makeButton({ class: "tool menu-button", "aria-label": label }, icon("more"));
    this.closeMenu = fold(button, this.menu);
    const avatar = make("span", { class: "avatar", "aria-hidden": "true" }, letterOf(this.bot.first_name));
    const name = make("h3", {}, make("bdi", {}, this.bot.first_name));
    const words = make("div", { class: "bar-words" }, name, make("p", { class: "status" }, this.status));
    return make("div", { class: "bar" }, avatar, words, button, this.menu);
  }

  /** What an empty chat shows. */
  #emptiness() {
    const avatar = make("span", { class: "avatar", "aria-hidden": "true" }, letterOf(this.bot.first_name));
    return make("div", { class: "empty" }, avatar, make("p", { dir: "auto" }, "Hier komt het gesprek."));
  }

  #showMenu() {
    const { blocked, started } = this.person;
    const block = blocked
      ? this.#menuButton("block", "Deblokkeer de bot", "unblock")
      : this.#menuButton("block", "Blokkeer de bot", "block");
    const again = ({ label, payload }) => this.#menuButton("link", `Tik weer op: ${label}`, "start", { payload });
    const held = this.menu.contains(document.activeElement);
    this.menu.replaceChildren(...(started ? this.person.links : []).map(again), block);
    if (held) block.focus();
  }

  #menuButton(drawing, words, path, body = {}) {
    const press = () => {
      this.closeMenu({ andFocus: true });
      this.act(path, body);
    };
    return makeButton({ class: "menu-choice", onclick: press }, icon(drawing), make("span", { dir: "auto" }, words));
  }

  /** Before the first start, and while the bot is blocked, one big button stands where the text field is. */
  #showGate() {
    const { blocked, started } = this.person;
    const held = [this.gate, this.invitation].some((part) => part.contains(document.activeElement));
    const [words, path] = blocked ? ["Deblokkeer de bot", "unblock"] : ["Start", "start"];
    const button = makeButton({ class: "gate-button", onclick: () => this.act(path) }, words);
    const why = make("p", { dir: "auto" }, "Je hebt de bot geblokkeerd. Hij kan je niets meer sturen.");
    this.gate.replaceChildren(...(blocked ? [why, button] : [button]));
    this.gate.hidden = started && !blocked;
    this.composer.element.hidden = !this.gate.hidden;
    this.#showInvitation();
    if (held && !this.element.contains(document.activeElement)) {
      (this.gate.hidden ? this.chat.log : button).focus({ preventScroll: true });
    }
  }

  /** The links of her own, until she has started, and those that others sent her. */
  #showInvitation() {
    const { started, blocked, links, received } = this.person;
    const own = started || blocked ? [] : links;
    const form = JSON.stringify([own, received]);
    if (form === this.invitationForm) return;
    this.invitationForm = form;
    const above = own.length ? make("p", { class: "above" }, make("bdi", {}, "Tik op de uitnodiging")) : "";
    const chips = own.map(({ label, payload }) => chip(label, { onclick: () => this.act("start", { payload }) }));
    this.invitation.replaceChildren(...received.map((link) => this.#received(link)), above, ...chips);
    this.invitation.hidden = !own.length && !received.length;
  }

  #received({ id, sender, label, words, url }) {
    const onclick = () => this.act("open", { link: id });
    const away = url ? { href: url, target: "_blank", rel: "noopener noreferrer" } : {};
    const later = { class: "tool", "aria-label": `${label}: nu niet`, onclick: () => this.act("put-away", { link: id }) };
    return make(
      "div",
      { class: "received" },
      make("p", {}, make("bdi", {}, `${sender} stuurt je dit:`)),
      words ? make("p", { class: "received-words", dir: "auto" }, words) : null,
      make("div", { class: "received-line" }, chip(label, { onclick, ...away }), makeButton(later, icon("close"))),
    );
  }

  #showStatus() {
    const words = this.person.blocked ? "geblokkeerd" : "bot";
    this.status.textContent = words;
    this.screen.classList.toggle("is-blocked", Boolean(this.person.blocked));
    this.screen.classList.toggle("is-new", !this.person.started);
  }

  #put(message) {
    const isNew = this.chat.put(message);
    if (message.from === "bot" && isNew) this.#stopTyping();
    return isNew && message.from === "bot";
  }

  #type() {
    this.chat.startTyping();
    this.status.textContent = "typt…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.#stopTyping(), 6000);
  }

  #stopTyping() {
    clearTimeout(this.typingTimer);
    this.chat.stopTyping();
    this.#showStatus();
  }

  #actions() {
    return {
      tap: (message, data) => this.#tap(message, data),
      edit: (message) => this.composer.edit(message),
      reply: (message) => this.composer.reply(message),
      copy: (words) => this.#copy(words),
      staysHere: (url) => startOf(url, this.bot.username) !== null || shareOf(url) !== null,
      open: (url) => this.#open(url),
      say: (words) => this.say(words),
      messageAt: (id) => this.chat.shown.get(id)?.message,
    };
  }

  async #tap(message, data) {
    this.chat.wait(message.id, data);
    const said = await this.act("tap", { message: message.id, data });
    if (!said || this.early.delete(said.data_id)) this.chat.answered(message.id, data);
    else this.taps.set(said.data_id, { id: message.id, data });
  }

  #answered({ data_id: id, text, alert }) {
    const tap = this.taps.get(id);
    if (tap) this.chat.answered(tap.id, tap.data);
    else this.early.add(id);
    this.taps.delete(id);
    if (this.early.size > KEPT_ANSWERS) this.early.delete(this.early.values().next().value);
    if (text && alert) alertBox(this.screen, text);
    else if (text) this.say(text);
  }

  /** A link to this very bot starts it here, and one that shares asks with whom, as in the messenger. */
  #open(url) {
    const shared = shareOf(url);
    if (shared) return this.#share(shared);
    return this.act("start", { payload: startOf(url, this.bot.username) });
  }

  async #share({ url, words }) {
    const people = this.others();
    if (!people.length) return this.say("Er is geen andere telefoon.");
    const chosen = await choosePerson(words || url, people);
    const sent = chosen && (await this.act("share", { to: chosen.id, url, words }));
    return sent && this.say(`Gestuurd naar ${chosen.first_name}.`);
  }

  async #copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      this.say("Gekopieerd.");
    } catch {
      this.say(`Kopiëren mag hier niet. Dit is de tekst: ${words}`);
    }
  }

  #focusBelow() {
    (this.gate.hidden ? this.composer.input : this.gate.querySelector("button")).focus();
  }
}

/** A link that stands above the chat: a button, or where it leaves the page a link. */
function chip(label, attributes) {
  const inside = [icon("link"), make("span", { dir: "auto" }, label)];
  return attributes.href ? make("a", { class: "chip", ...attributes }, ...inside) : makeButton({ class: "chip", ...attributes }, ...inside);
}
