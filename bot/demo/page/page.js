/** The page: the phones, the clock, what the server offers, the notices, and the line to the server. */

import { Clock } from "./clock.js";
import { icon, make, makeButton } from "./dom.js";
import { Offers, showCrowd } from "./offers.js";
import { Phone } from "./phone.js";
import { follow } from "./server.js";
import { Shown } from "./shown.js";
import { toast } from "./toast.js";

const phones = new Map(); // user id -> Phone
const place = document.getElementById("phones");
const notices = document.getElementById("notices");
const lost = document.getElementById("lost");
const say = (words) => toast(document.getElementById("page-toast"), words);
const clock = new Clock(say);
const offers = new Offers(say);
const shown = new Shown(say);

const closedNotices = new Set(); // their words: a new line to the server does not bring them back

let bot = null;

function showEverything(everything) {
  lost.hidden = true;
  bot = everything.bot;
  document.getElementById("waiting")?.remove();
  clock.show(everything.clock);
  offers.show(everything.offers);
  showCrowd(everything.crowd);
  notices.replaceChildren();
  everything.notices?.forEach(addNotice);
  const known = new Set(everything.phones.map((person) => person.id));
  for (const id of phones.keys()) if (!known.has(id)) removePhone(id);
  everything.phones.forEach(showPhone);
}

function showPhone(person) {
  const phone = phones.get(person.id);
  if (phone) phone.show(person);
  else addPhone(person);
}

function addPhone(person) {
  const others = () => [...phones.values()].map((phone) => phone.person).filter(({ id }) => id !== person.id);
  const phone = new Phone(person, bot, others);
  phones.set(person.id, phone);
  place.append(phone.element);
  shown.add(person, phone.element);
}

function removePhone(id) {
  phones.get(id).element.remove();
  phones.delete(id);
  shown.remove(id);
}

function hear(event) {
  if (event.type === "clock") return clock.show(event.clock);
  if (event.type === "notice") return addNotice(event.text);
  if (event.type === "offers") return offers.show(event.offers);
  if (event.type === "crowd") return showCrowd(event.crowd);
  const id = event.type === "phone" ? event.phone.id : event.phone;
  if (event.type === "phone" && !phones.has(id)) return addPhone(event.phone);
  return phones.get(id)?.hear(event) && shown.tellNews(id);
}

function addNotice(words) {
  if (closedNotices.has(words)) return;
  const onclick = () => {
    closedNotices.add(words);
    notice.remove();
  };
  const close = makeButton({ class: "tool", "aria-label": "Melding sluiten", onclick }, icon("close"));
  const notice = make("div", { class: "notice" }, make("p", { dir: "auto" }, words), close);
  notices.append(notice);
}

const toggle = document.getElementById("top-toggle");
toggle.addEventListener("click", () => {
  const open = toggle.getAttribute("aria-expanded") !== "true";
  toggle.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("top-open", open);
});

const retry = follow({ onEverything: showEverything, onEvent: hear, onLost: () => (lost.hidden = false) });
document.getElementById("lost-retry").addEventListener("click", retry);
