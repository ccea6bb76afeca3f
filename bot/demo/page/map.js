/** A small drawn map: streets, water and a pin. Made from the place's numbers alone: nobody elsewhere is asked for it. */

import { draw } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 120;

export function drawMap(latitude, longitude) {
  const chance = chances(Math.round(latitude * 10_000) * 31 + Math.round(longitude * 10_000));
  const between = (low, high) => low + chance() * (high - low);
  const water = `M-10 ${between(70, 100)} C60 ${between(60, 110)} 150 ${between(85, 125)} 250 ${between(70, 115)}`;
  const streets = [
    `M-10 ${between(20, 45)} L250 ${between(10, 50)}`,
    `M${between(40, 90)} -10 L${between(30, 100)} 130`,
    `M${between(140, 200)} -10 L${between(150, 210)} 130`,
    `M-10 ${between(55, 66)} L250 ${between(52, 70)}`,
  ];
  const parts = [
    draw("rect", { class: "map-land", width: WIDTH, height: HEIGHT }),
    draw("rect", { class: "map-park", x: between(10, 130), y: between(-8, 10), width: 64, height: 34, rx: 8 }),
    draw("path", { class: "map-water", d: water }),
    ...streets.map((d) => draw("path", { class: "map-street", d })),
    draw("ellipse", { class: "map-shadow", cx: 120, cy: 62, rx: 8, ry: 3 }),
    draw("path", { class: "map-pin", d: "M120 62c11-13 16-20 16-28a16 16 0 0 0-32 0c0 8 5 15 16 28z" }),
    draw("circle", { class: "map-hole", cx: 120, cy: 34, r: 6 }),
  ];
  const frame = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid slice" };
  return draw("svg", { class: "map", "aria-hidden": "true", ...frame }, ...parts);
}

/** Numbers from 0 to 1 that are the same for the same place. */
function chances(seed) {
  let state = Math.abs(seed) % 2147483647 || 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
