/** Which phones are seen: on a small screen the one whose tab is chosen, on a large one all that are pressed. */

import { make, makeButton, unseen } from "./dom.js";
import { letterOf } from "./people.js";

const SMALL = matchMedia("(max-width: 700px)");

export class Shown {
  constructor(say) {
    this.say = say;
    this.elements = new Map(); // user id -> the element of the phone
    this.chosen = null;
    this.putAway = new Set(); // user ids
    this.tabs = document.getElementById("tabs");
    this.picks = document.getElementById("picks");
    this.tabs.addEventListener("keydown", (press) => this.#walkTabs(press));
    SMALL.addEventListener("change", () => this.#layOut());
  }

  add(person, element) {
    this.elements.set(person.id, element);
    this.tabs.append(tabOf(person, () => this.#choose(person.id)));
    this.picks.append(pickOf(person, () => this.#pick(person.id)));
    this.chosen ??= person.id;
    this.#layOut();
  }

  remove(id) {
    this.elements.delete(id);
    this.putAway.delete(id);
    for (const button of this.#buttonsOf(id)) button.remove();
    if (this.chosen === id) this.chosen = this.elements.keys().next().value ?? null;
    this.#layOut();
  }

  /** Marks a phone on which something is new, where it is not seen. */
  tellNews(id) {
    for (const button of this.#buttonsOf(id)) {
      const seen = button.parentElement === this.tabs ? id === this.chosen : !this.putAway.has(id);
      if (!seen) button.querySelector(".news").hidden = false;
    }
  }

  #choose(id) {
    this.chosen = id;
    this.#layOut();
  }

  #pick(id) {
    if (this.putAway.delete(id)) return this.#layOut();
    if (this.putAway.size + 1 === this.elements.size) return this.say("Eén telefoon blijft altijd staan.");
    this.putAway.add(id);
    return this.#layOut();
  }

  #layOut() {
    for (const tab of this.tabs.children) this.#mark(tab, "aria-selected", Number(tab.dataset.phone) === this.chosen);
    for (const tab of this.tabs.children) tab.tabIndex = tab.ariaSelected === "true" ? 0 : -1;
    for (const pick of this.picks.children) this.#mark(pick, "aria-pressed", !this.putAway.has(Number(pick.dataset.phone)));
    for (const [id, element] of this.elements) {
      element.hidden = SMALL.matches ? id !== this.chosen : this.putAway.has(id);
      if (SMALL.matches) element.setAttribute("role", "tabpanel");
      else element.removeAttribute("role");
    }
  }

  #mark(button, state, on) {
    button.setAttribute(state, String(on));
    if (on) button.querySelector(".news").hidden = true;
  }

  #buttonsOf(id) {
    return document.querySelectorAll(`#tabs [data-phone="${id}"], #picks [data-phone="${id}"]`);
  }

  #walkTabs(press) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
    const all = [...this.tabs.children];
    const at = all.findIndex((tab) => Number(tab.dataset.phone) === this.chosen);
    const next = { Home: 0, End: all.length - 1 }[press.key] ?? (step ? (at + step + all.length) % all.length : -1);
    if (next < 0) return;
    press.preventDefault();
    this.#choose(Number(all[next].dataset.phone));
    all[next].focus();
  }
}

/** The tab of a phone on a small screen. */
function tabOf(person, onclick) {
  const which = { id: `tab-${person.id}`, role: "tab", "aria-controls": `phone-${person.id}` };
  return buttonOf(person, { class: `tab role-${person.role}`, ...which, onclick });
}

/** The button that shows a phone or puts it away, on a large screen. */
function pickOf(person, onclick) {
  return buttonOf(person, { class: `pick role-${person.role}`, onclick });
}

function buttonOf(person, attributes) {
  return makeButton(
    { "data-phone": person.id, ...attributes },
    make("span", { class: "tab-letter", "aria-hidden": "true" }, letterOf(person.first_name)),
    make("bdi", {}, person.first_name),
    make("span", { class: "news", hidden: true }, unseen(" nieuw bericht")),
  );
}
