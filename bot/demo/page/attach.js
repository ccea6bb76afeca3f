/** What can be sent besides words. */

import { icon, make, makeButton } from "./dom.js";
import { fold } from "./fold.js";
import { SAMPLE_PLACE, SAMPLE_POLL, SAMPLE_SECONDS, STICKERS, longText, samplePicture } from "./samples.js";

/** The paperclip and its panel; `act(path, body)` sends it. */
export function attachMenu(act) {
  const panel = make("div", { class: "sheet attach-panel", role: "group", "aria-label": "Iets sturen" });
  const button = makeButton({ class: "tool attach-button", "aria-label": "Iets anders sturen" }, icon("attach"));
  const close = fold(button, panel);
  const send = async (path, body) => {
    close({ andFocus: true });
    await act(path, await body);
  };
  panel.append(...choices(send), stickerRow(send));
  return { button, panel };
}

function choices(send) {
  return [
    ...ownFile("photo", "Eigen foto", "photo", "image/*", send),
    choice("sample", "Proeffoto", async () => send("photo", formWith(await samplePicture()))),
    choice("voice", "Spraakbericht", () => send("voice", { seconds: SAMPLE_SECONDS })),
    ...ownFile("file", "Eigen bestand", "document", "", send),
    choice("file", "Proefbestand", () => send("document", {})),
    choice("place", "Mijn plaats", () => send("location", SAMPLE_PLACE)),
    choice("contact", "Contact", () => send("contact", {})),
    choice("poll", "Peiling", () => send("poll", { question: SAMPLE_POLL })),
    choice("long", "5.000 tekens", () => send("text", { text: longText() })),
  ];
}

function choice(drawing, words, onclick) {
  const mark = make("span", { class: "choice-mark" }, icon(drawing));
  return makeButton({ class: "choice", onclick }, mark, make("bdi", {}, words));
}

/** A button for a file of one's own, and the file chooser behind it, which stays out of sight. */
function ownFile(drawing, words, path, accept, send) {
  const chooser = make("input", { type: "file", accept: accept || null, hidden: true, "aria-label": words });
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (file) await send(path, formWith(file));
    chooser.value = "";
  });
  return [choice(drawing, words, () => chooser.click()), chooser];
}

function stickerRow(send) {
  const buttons = STICKERS.map((emoji) => {
    const onclick = () => send("sticker", { emoji });
    return makeButton({ class: "sticker-choice", "aria-label": `Sticker ${emoji}`, onclick }, emoji);
  });
  return make("div", { class: "sticker-choices", role: "group", "aria-label": "Stickers" }, ...buttons);
}

function formWith(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
}
