/** Asks to which of the other phones something goes. */

import { make, makeButton } from "./dom.js";
import { letterOf } from "./people.js";

/** Gives the person who is chosen, or undefined for nobody; the focus goes back where it was by itself. */
export function choosePerson(words, people) {
  return new Promise((resolve) => {
    const choose = (person) => {
      resolve(person);
      box.close();
    };
    const name = make("h2", { id: "chooser-name" }, "Aan wie stuur je dit?");
    const choices = people.map((person) => personButton(person, () => choose(person)));
    const none = makeButton({ class: "chooser-none", onclick: () => choose() }, "Toch niet sturen");
    const inside = make("div", { class: "chooser-inside" }, name, make("p", { dir: "auto" }, words), ...choices, none);
    const box = make("dialog", { class: "chooser", "aria-labelledby": name.id }, inside);
    box.addEventListener("click", (press) => press.target === box && choose());
    box.addEventListener("close", () => {
      resolve();
      box.remove();
    });
    document.body.append(box);
    box.showModal();
  });
}

function personButton(person, onclick) {
  const letter = make("span", { class: "tab-letter", "aria-hidden": "true" }, letterOf(person.first_name));
  return makeButton({ class: `chooser-choice role-${person.role}`, onclick }, letter, make("bdi", {}, person.title));
}
