/** Who holds a phone, and what that person does. */

const ROLES = {
  worker: "Werkt in de thuiszorg. Vraagt hulp bij de apps van het werk, en komt naar het inloopuur.",
  "worker-other": "Werkt ook in de thuiszorg, in een andere taal. Ziet alles in de eigen taal.",
  coordinator: "Plant de inloop, stuurt berichten rond en ziet wie er komt.",
  employer: "Deelt de uitnodiging. Ziet nooit wie wat vroeg.",
};

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi"]);

export const roleOf = (person) => ROLES[person.role] ?? "";

export const directionOf = (person) => (RIGHT_TO_LEFT.has((person.language_code ?? "").split("-")[0]) ? "rtl" : "ltr");

export const letterOf = (name) => [...(name || "?")][0].toUpperCase();
