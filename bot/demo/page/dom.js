/** Making elements: text is always text here, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with its attributes and children. `onclick` and the like become listeners; null and false are left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** A button that does something here, instead of sending a form. */
export function makeButton(attributes, ...children) {
  return make("button", { type: "button", ...attributes }, ...children);
}

/** The like of `make` for a drawing. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Shows on a button that it is at work, or is so no more. */
export function showBusy(button, on) {
  button.classList.toggle("waiting-for-answer", on);
  if (on) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

/** Words for those who hear the page instead of seeing it. */
export function unseen(words) {
  return make("span", { class: "unseen" }, words);
}

const STROKES = {
  attach: ["M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.2-8a3.3 3.3 0 0 1 4.7 4.7l-8.2 8a1.7 1.7 0 0 1-2.4-2.4l7.4-7.2"],
  send: ["M4 12 20 4l-5 16-3.5-6.5z", "M11.5 13.5 20 4"],
  more: ["M12 5.5v.01", "M12 12v.01", "M12 18.5v.01"],
  keyboard: ["M3 6h18v12H3z", "M7 10v.01", "M12 10v.01", "M17 10v.01", "M8 14h8"],
  reply: ["m10 8-5 5 5 5", "M5 13h9a5 5 0 0 0 5-5V6"],
  pencil: ["m4 20 1-4L16 5l3 3L8 19z", "m14 7 3 3"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  down: ["m6 9 6 6 6-6"],
  copy: ["M9 9h10v11H9z", "M5 15V4h10"],
  away: ["M9 5H5v14h14v-4", "M13 5h6v6", "m19 5-9 9"],
  photo: ["M4 6h16v13H4z", "m4 16 5-5 4 4 3-3 4 4", "M15.5 9.5v.01"],
  sample: ["M4 7h16v12H4z", "M9 4h6l1.5 3h-9z", "M12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"],
  voice: ["M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4z", "M6 11a6 6 0 0 0 12 0", "M12 17v3"],
  place: ["M12 21c4-5 6-8 6-11a6 6 0 0 0-12 0c0 3 2 6 6 11z", "M12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"],
  contact: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20a7.5 7.5 0 0 1 15 0"],
  poll: ["M5 20v-7", "M12 20V5", "M19 20V10"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4", "M9 13h6", "M9 17h6"],
  calendar: ["M4 6h16v14H4z", "M4 10h16", "M8 3v4", "M16 3v4", "M8.5 14.5h3"],
  long: ["M5 6h14", "M5 10h14", "M5 14h14", "M5 18h8"],
  link: ["M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1", "M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"],
  block: ["M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z", "m6.5 6.5 11 11"],
  play: ["M8 5v14l11-7z"],
  pause: ["M8 5v14", "M16 5v14"],
};

/** A small drawing beside words, or in a button that has a label of its own. */
export function icon(name) {
  const strokes = STROKES[name].map((path) => draw("path", { d: path }));
  return draw("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...strokes);
}
