/** A button that opens and closes a panel: Escape or a press elsewhere closes it, and the focus goes back. */

export function fold(button, panel) {
  function open(on) {
    panel.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
  }

  function close({ andFocus = false } = {}) {
    if (panel.hidden) return;
    open(false);
    if (andFocus) button.focus();
  }

  button.addEventListener("click", () => {
    open(panel.hidden);
    if (!panel.hidden) panel.querySelector("button, input, a")?.focus();
  });
  for (const part of [button, panel]) {
    part.addEventListener("keydown", (press) => press.key === "Escape" && close({ andFocus: true }));
  }
  panel.addEventListener("keydown", (press) => walk(panel, press));
  document.addEventListener("pointerdown", (press) => {
    if (!panel.contains(press.target) && !button.contains(press.target)) close();
  });
  open(false);
  return close;
}

/** The arrow keys go along the buttons of a panel. */
function walk(panel, press) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[press.key];
  if (!step) return;
  const buttons = [...panel.querySelectorAll("button")];
  const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
  press.preventDefault();
  next?.focus();
}
