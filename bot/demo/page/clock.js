/** The clock of the page: what time it is for the bot, and the buttons that turn it forward. */

import { showBusy } from "./dom.js";
import { post } from "./server.js";
import { momentOf, shortMomentOf } from "./time.js";

const LOOKED_AT_EVERY = 1000;

export class Clock {
  constructor(say) {
    this.say = say;
    this.ahead = null; // milliseconds between this computer's clock and the bot's
    this.section = document.getElementById("clock");
    this.time = document.getElementById("clock-time");
    this.short = document.getElementById("top-toggle-time");
    this.buttons = document.getElementById("clock-buttons");
    this.buttons.addEventListener("click", (press) => this.#pressed(press.target.closest("button")));
    setInterval(() => this.#tick(), LOOKED_AT_EVERY);
  }

  show(clock) {
    this.section.hidden = !clock?.now;
    if (!clock?.now) return;
    this.ahead = new Date(clock.now) - Date.now();
    this.buttons.hidden = clock.turnable === false;
    this.#tick();
  }

  #tick() {
    if (this.ahead === null) return;
    const now = new Date(Date.now() + this.ahead);
    const words = momentOf(now);
    if (this.time.textContent === words) return;
    this.time.textContent = words;
    this.time.dateTime = now.toISOString();
    this.short.textContent = shortMomentOf(now);
  }

  async #pressed(button) {
    if (!button || this.turning) return;
    const jump = Number(button.dataset.jump);
    this.#busy(button, true);
    try {
      const said = await post("/clock", jump ? { jump } : { to: "next" });
      if (said.clock) this.show(said.clock);
      if (said.moved === false) this.say("Er staat geen herinnering klaar.");
    } catch (error) {
      this.say(error.message);
    } finally {
      this.#busy(button, false);
    }
  }

  #busy(button, on) {
    this.turning = on;
    showBusy(button, on);
  }
}
