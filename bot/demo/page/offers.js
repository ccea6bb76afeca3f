/** Buttons in the top bar for what the server offers to do, and the people without a phone it may make. */

import { makeButton, showBusy } from "./dom.js";
import { post } from "./server.js";

export class Offers {
  constructor(say) {
    this.say = say;
    this.place = document.getElementById("offers");
    this.buttons = new Map(); // name -> button
  }

  show(offers) {
    const names = new Set(offers.map((offer) => offer.name));
    for (const name of this.buttons.keys()) if (!names.has(name)) this.#drop(name);
    for (const { name, label, running } of offers) {
      const button = this.buttons.get(name) ?? this.#add(name);
      button.textContent = label;
      this.#mark(button, running);
    }
  }

  #add(name) {
    const button = makeButton({ class: "clock-button", onclick: () => this.#take(name) });
    this.buttons.set(name, button);
    this.place.append(button);
    return button;
  }

  #drop(name) {
    this.buttons.get(name).remove();
    this.buttons.delete(name);
  }

  async #take(name) {
    const button = this.buttons.get(name);
    if (button.ariaDisabled === "true") return;
    this.#mark(button, true);
    try {
      const { said } = await post(`/offers/${encodeURIComponent(name)}`);
      this.say(said);
    } catch (error) {
      this.say(error.message);
    } finally {
      this.#mark(button, false);
    }
  }

  /** Disabled in words only: who stands on it with the keyboard stays there. */
  #mark(button, running) {
    button.ariaDisabled = running ? "true" : null;
    showBusy(button, running);
  }
}

/** How many messages went to people without a phone; seen once there are such people. */
export function showCrowd({ people, messages }) {
  const place = document.getElementById("crowd");
  place.hidden = !people;
  place.textContent = `Berichten aan de andere mensen: ${messages.toLocaleString("nl-NL")}`;
}
