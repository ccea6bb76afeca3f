/** Times as people in the Netherlands write them, in their own zone. */

const ZONE = { timeZone: "Europe/Amsterdam" };
const HOUR = new Intl.DateTimeFormat("nl-NL", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("nl-NL", { ...ZONE, weekday: "long", day: "numeric", month: "long" });
const YEAR = new Intl.DateTimeFormat("nl-NL", { ...ZONE, year: "numeric" });
const SHORT = new Intl.DateTimeFormat("nl-NL", { ...ZONE, weekday: "short", hour: "2-digit", minute: "2-digit" });

/** "15:07" */
export const hourOf = (date) => HOUR.format(date);

/** "zondag 22 november" */
export const dayOf = (date) => DAY.format(date);

/** "zondag 22 november 2026, 15:07 uur" */
export const momentOf = (date) => `${DAY.format(date)} ${YEAR.format(date)}, ${HOUR.format(date)} uur`;

/** "zo 15:07" */
export const shortMomentOf = (date) => SHORT.format(date).replace(",", "");

/** "0:07" */
export function lengthOf(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
