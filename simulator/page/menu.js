/** The menu of a message: right click, long press, the ⋯ button or Enter on a focused row. */

import { byId, el } from "./dom.js";

const LONG_PRESS_MS = 450;
const MOVED_PX = 10;
const EDGE_PX = 8;

/**
 * @param {{label: string, run: () => void, danger?: boolean}[]} entries
 * @param {{x: number, y: number}} at a point of the viewport
 */
export function openMenu(entries, at) {
  const menu = byId("menu");
  const before = document.activeElement;
  const close = () => {
    menu.hidden = true;
    document.removeEventListener("pointerdown", outside, true);
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  const buttons = entries.map((entry) => {
    const button = el("button", { type: "button", role: "menuitem", class: entry.danger ? "danger" : "", text: entry.label });
    button.addEventListener("click", () => {
      close();
      entry.run();
    });
    return button;
  });
  menu.replaceChildren(...buttons);
  menu.hidden = false;
  place(menu, at);
  buttons[0].focus();
  document.addEventListener("pointerdown", outside, true);
  menu.onkeydown = (event) => {
    const index = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown") buttons[(index + 1) % buttons.length].focus();
    else if (event.key === "ArrowUp") buttons[(index - 1 + buttons.length) % buttons.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      close();
      before?.focus?.();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function place(menu, at) {
  const { width, height } = menu.getBoundingClientRect();
  const x = Math.min(at.x, innerWidth - width - EDGE_PX);
  const y = at.y + height + EDGE_PX > innerHeight ? at.y - height : at.y;
  menu.style.setProperty("left", `${Math.max(EDGE_PX, x)}px`);
  menu.style.setProperty("top", `${Math.max(EDGE_PX, y)}px`);
}

/**
 * Calls `open` for a right click and for a finger that rests; a moving finger scrolls instead.
 * @param {HTMLElement} area @param {(target: Element, at: {x: number, y: number}) => boolean} open
 *   returns whether it opened something
 */
export function onPress(area, open) {
  let timer = 0;
  let start = null;
  area.addEventListener("contextmenu", (event) => {
    clearTimeout(timer);
    if (open(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
  });
  area.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    start = { x: event.clientX, y: event.clientY };
    const target = event.target;
    timer = setTimeout(() => open(target, start), LONG_PRESS_MS);
  });
  area.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > MOVED_PX) clearTimeout(timer);
  });
  for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => clearTimeout(timer));
}
