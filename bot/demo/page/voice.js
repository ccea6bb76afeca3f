/** A voice message: a button, a row of bars, a length. */

import { draw, icon, make, makeButton } from "./dom.js";
import { lengthOf } from "./time.js";

const BARS = 28;
let playing = null;

/** The player of a message; `onSilent` is called when there is nothing that can be heard. */
export function voicePlayer(message, onSilent) {
  const length = make("span", { class: "voice-length" }, lengthOf(message.seconds ?? 0));
  const bars = drawBars(message.id);
  const button = makeButton({ class: "voice-button" });
  let sound = null;

  function show(on) {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", on ? "Stop het spraakbericht" : "Luister naar het spraakbericht");
  }

  function progress() {
    const whole = Number.isFinite(sound.duration) ? sound.duration : message.seconds || 1;
    const done = sound.ended ? 0 : sound.currentTime / whole;
    [...bars.children].forEach((bar, index) => bar.classList.toggle("heard", index < done * BARS));
    length.textContent = lengthOf(sound.ended || !sound.currentTime ? (message.seconds ?? whole) : sound.currentTime);
  }

  async function turn() {
    if (!message.file?.url) return onSilent();
    sound ??= listenTo(new Audio(message.file.url), show, progress);
    if (!sound.paused) return sound.pause();
    if (playing !== sound) playing?.pause();
    playing = sound;
    return sound.play().catch(onSilent);
  }

  button.addEventListener("click", turn);
  show(false);
  return make("div", { class: "voice" }, button, bars, length);
}

function listenTo(sound, show, progress) {
  sound.addEventListener("play", () => show(true));
  for (const end of ["pause", "ended"]) sound.addEventListener(end, () => show(false));
  for (const step of ["timeupdate", "ended"]) sound.addEventListener(step, progress);
  return sound;
}

function drawBars(seed) {
  const bars = Array.from({ length: BARS }, (_, index) => {
    const height = 5 + Math.abs(Math.sin(seed * 1.7 + index * 1.31) + Math.sin(index * 0.63)) * 8;
    return draw("rect", { x: index * 4, y: 12 - height / 2, width: 2.4, height, rx: 1.2 });
  });
  return draw("svg", { class: "voice-bars", viewBox: `0 0 ${BARS * 4} 24`, "aria-hidden": "true" }, ...bars);
}
