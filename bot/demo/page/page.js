/** The page: the phones side by side or behind tabs, the clock, the notices, and the line to the server. */

import { Clock } from "./clock.js";
import { icon, make, makeButton } from "./dom.js";
import { Phone, tabOf } from "./phone.js";
import { follow } from "./server.js";
import { toast } from "./toast.js";

const SMALL = matchMedia("(max-width: 700px)");

const phones = new Map(); // user id -> Phone
const place = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const notices = document.getElementById("notices");
const lost = document.getElementById("lost");
const clock = new Clock((words) => toast(document.getElementById("page-toast"), words));

const closedNotices = new Set(); // their words: a new line to the server does not bring them back

let bot = null;
let chosen = null;

function showEverything(everything) {
  lost.hidden = true;
  bot = everything.bot;
  document.getElementById("waiting")?.remove();
  clock.show(everything.clock);
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
  const phone = new Phone(person, bot);
  phones.set(person.id, phone);
  place.append(phone.element);
  tabs.append(tabOf(person, () => choose(person.id)));
  choose(chosen ?? person.id);
}

function removePhone(id) {
  phones.get(id).element.remove();
  document.getElementById(`tab-${id}`).remove();
  phones.delete(id);
  if (chosen === id) choose(phones.keys().next().value ?? null);
}

/** On a small screen only the chosen phone is there; on a large one all of them are. */
function choose(id) {
  chosen = id;
  for (const tab of tabs.children) {
    const on = Number(tab.dataset.phone) === id;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    if (on) tab.querySelector(".tab-news").hidden = true;
  }
  for (const [phoneId, phone] of phones) layOut(phone.element, phoneId);
}

function layOut(element, id) {
  element.hidden = SMALL.matches && id !== chosen;
  if (SMALL.matches) element.setAttribute("role", "tabpanel");
  else element.removeAttribute("role");
}

function hear(event) {
  if (event.type === "clock") return clock.show(event.clock);
  if (event.type === "notice") return addNotice(event.text);
  const id = event.type === "phone" ? event.phone.id : event.phone;
  if (event.type === "phone" && !phones.has(id)) return addPhone(event.phone);
  const news = phones.get(id)?.hear(event);
  if (news && id !== chosen) document.querySelector(`#tab-${id} .tab-news`).hidden = false;
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

function walkTabs(press) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
  const all = [...tabs.children];
  const at = all.findIndex((tab) => Number(tab.dataset.phone) === chosen);
  const next = { Home: 0, End: all.length - 1 }[press.key] ?? (step ? (at + step + all.length) % all.length : -1);
  if (next < 0) return;
  press.preventDefault();
  choose(Number(all[next].dataset.phone));
  all[next].focus();
}

tabs.addEventListener("keydown", walkTabs);
SMALL.addEventListener("change", () => choose(chosen));
const toggle = document.getElementById("top-toggle");
toggle.addEventListener("click", () => {
  const open = toggle.getAttribute("aria-expanded") !== "true";
  toggle.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("top-open", open);
});

const retry = follow({ onEverything: showEverything, onEvent: hear, onLost: () => (lost.hidden = false) });
document.getElementById("lost-retry").addEventListener("click", retry);
