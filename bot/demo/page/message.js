/** One message as it stands in a chat: its balloon, and the buttons under it. */

import { draw, icon, make, makeButton, showBusy, unseen } from "./dom.js";
import { drawMap } from "./map.js";
import { hourOf } from "./time.js";
import { voicePlayer } from "./voice.js";

const SAFE_LINKS = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/**
 * The element of a message. `actions` are what can be done with it: tap(message, data), copy(words), edit(message),
 * reply(message), say(words), messageAt(id); and for a web address staysHere(url), whether it is for this page, and
 * open(url), which then does what it asks. `busy(data)` tells whether the answer to a button is still to come.
 */
export function drawMessage(message, actions, busy) {
  if (message.kind === "service") return drawService(message);
  const mine = message.from === "me";
  const balloon = make("div", { class: `balloon balloon-${message.kind}` }, ...contentOf(message, mine, actions));
  const body = make("div", { class: "body" }, balloon, drawButtons(message, actions, busy));
  return make(
    "div",
    { class: `message ${mine ? "mine" : "theirs"}`, "data-id": message.id },
    mine && message.kind === "text" ? besides("pencil", "Dit bericht bewerken", () => actions.edit(message)) : null,
    body,
    mine ? null : besides("reply", "Op dit bericht antwoorden", () => actions.reply(message)),
  );
}

function drawService(message) {
  return make("div", { class: "message service", "data-id": message.id }, make("p", { dir: "auto" }, message.text));
}

function contentOf(message, mine, actions) {
  const parts = { photo: photo, document: file, voice, sticker, location: place, venue: place, contact, poll };
  const special = parts[message.kind]?.(message, actions);
  const ownsItsWords = ["sticker", "location", "venue", "contact", "poll"].includes(message.kind);
  const words = message.html && !ownsItsWords ? wordsOf(message, actions) : null;
  const quote = quoteOf(actions.messageAt(message.reply_to));
  return [unseen(mine ? "Jij: " : "Bot: "), quote, special, words, metaOf(message)];
}

/** The first words of the message that this one answers. */
function quoteOf(answered) {
  if (!answered) return null;
  const kind = { photo: "Foto", voice: "Spraakbericht", sticker: "Sticker" }[answered.kind] ?? "Bericht";
  const words = answered.text.slice(0, 90) || kind;
  return make("p", { class: "quote", dir: "auto" }, unseen("Antwoord op: "), words);
}

/** The server's own safe markup: the only place where the page takes markup from anybody. */
function wordsOf(message, actions) {
  const words = make("div", { class: "words", dir: "auto" });
  words.innerHTML = message.html;
  for (const link of words.querySelectorAll("a")) {
    if (!SAFE_LINKS.has(link.protocol)) link.removeAttribute("href");
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    if (actions.staysHere(link.href)) link.addEventListener("click", (click) => openHere(click, link.href, actions));
  }
  return words;
}

function metaOf(message) {
  const when = new Date(message.date);
  return make(
    "span",
    { class: message.edited ? "meta meta-edited" : "meta" },
    message.edited ? "bewerkt " : null,
    make("time", { datetime: message.date }, hourOf(when)),
  );
}

/** A small button beside a balloon. */
function besides(drawing, label, onclick) {
  return makeButton({ class: "beside", "aria-label": label, title: label, onclick }, icon(drawing));
}

function photo(message) {
  if (!message.file?.url) return make("p", { class: "nothing" }, icon("photo"), "Foto");
  const picture = make("img", { src: message.file.url, alt: message.text ? `Foto bij: ${message.text}` : "Foto" });
  return make("a", { class: "photo", href: message.file.url, target: "_blank", rel: "noopener" }, picture);
}

function file(message) {
  const { name, size, mime, url } = message.file ?? { name: "Bestand", size: 0, mime: "", url: null };
  const drawing = mime === "text/calendar" || name?.endsWith(".ics") ? "calendar" : "file";
  const called = make("span", { class: "file-name" }, make("bdi", {}, name || "Bestand"));
  const large = make("span", { class: "file-size" }, make("bdi", {}, sizeOf(size)));
  const words = make("span", { class: "file-words" }, called, large);
  const mark = make("span", { class: "file-mark" }, icon(drawing));
  if (!url) return make("div", { class: "file" }, mark, words);
  return make("a", { class: "file", href: url, download: name || "bestand" }, mark, words);
}

function sizeOf(bytes) {
  if (!bytes) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toLocaleString("nl-NL", { maximumFractionDigits: 1 })} MB`;
}

function voice(message, actions) {
  return voicePlayer(message, () => actions.say("Dit spraakbericht is een voorbeeld zonder geluid."));
}

function sticker(message) {
  const emoji = message.emoji || "🙂";
  return make("p", { class: "sticker", role: "img", "aria-label": `Sticker ${emoji}` }, emoji);
}

function place(message) {
  const { latitude, longitude, title, address } = message.place ?? {};
  const name = title || (address ? null : "Locatie");
  const words = make(
    "p",
    { class: "place-words" },
    name ? make("strong", {}, make("bdi", {}, name)) : null,
    address ? make("span", {}, make("bdi", {}, address)) : null,
  );
  return make("div", { class: "place" }, drawMap(latitude ?? 0, longitude ?? 0), words);
}

function contact(message, actions) {
  const mark = make("span", { class: "contact-mark" }, icon("contact"));
  return make("div", { class: "contact" }, mark, wordsOf(message, actions));
}

function poll(message, actions) {
  const name = make("p", { class: "poll-name" }, icon("poll"), "Peiling");
  return make("div", { class: "poll" }, name, wordsOf(message, actions));
}

function drawButtons(message, actions, busy) {
  if (!message.buttons?.length) return null;
  const drawn = (row) => row.map((button) => drawButton(message, button, actions, busy));
  const rows = message.buttons.map((row) => make("div", { class: "row" }, ...drawn(row)));
  return make("div", { class: "buttons", role: "group", "aria-label": "Knoppen bij dit bericht" }, ...rows);
}

function drawButton(message, button, actions, busy) {
  const words = make("span", { dir: "auto" }, button.text);
  if (button.url) return linkButton(button, words, actions);
  if (button.copy) return makeButton({ class: "inline", onclick: () => actions.copy(button.copy) }, words, icon("copy"));
  if (button.data === null) return deadButton(words, actions);
  const waiting = busy(button.data);
  return makeButton(
    {
      class: waiting ? "inline waiting-for-answer" : "inline",
      "data-tap": button.data,
      "aria-busy": waiting ? "true" : null,
      onclick: () => actions.tap(message, button.data),
    },
    words,
    spinner(),
  );
}

function spinner() {
  const circle = draw("circle", { cx: 12, cy: 12, r: 9 });
  return draw("svg", { class: "spinner", viewBox: "0 0 24 24", "aria-hidden": "true" }, circle);
}

/** A button of a kind that only a real messenger can do something with. */
function deadButton(words, actions) {
  return makeButton({ class: "inline", onclick: () => actions.say("Deze knop werkt alleen in Telegram zelf.") }, words);
}

function linkButton(button, words, actions) {
  const here = actions.staysHere(button.url);
  const inside = here ? [words, icon("link")] : [words, icon("away"), unseen(" (gaat open in een nieuw tabblad)")];
  const safe = URL.canParse(button.url) && SAFE_LINKS.has(new URL(button.url).protocol);
  const attributes = { class: "inline", target: "_blank", rel: "noopener noreferrer", href: safe ? button.url : null };
  const onclick = here ? (click) => openHere(click, button.url, actions) : null;
  return make("a", { ...attributes, onclick }, ...inside);
}

function openHere(click, url, actions) {
  click.preventDefault();
  actions.open(url);
}

/** Shows or hides the spinner of a button that is on the page already. */
export function markBusy(element, data, waiting) {
  for (const button of element.querySelectorAll("button[data-tap]")) {
    if (button.dataset.tap === data) showBusy(button, waiting);
  }
}

