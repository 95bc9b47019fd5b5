/** On narrow screens one of the two chats is on top; on wide ones both are visible and tabs do nothing. */

import { byId } from "./dom.js";
import { badgeCount } from "./format.js";

const NARROW = matchMedia("(max-width: 700px)");
const NAMES = ["group", "private"];

export class Tabs extends EventTarget {
  #panes = byId("panes");

  constructor() {
    super();
    for (const name of NAMES) {
      const tab = byId(`tab-${name}`);
      tab.addEventListener("click", () => this.show(name));
      tab.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        const other = NAMES.find((candidate) => candidate !== name);
        this.show(other);
        byId(`tab-${other}`).focus();
      });
    }
    NARROW.addEventListener("change", () => this.dispatchEvent(new Event("change")));
  }

  /** @param {"group"|"private"} name */
  show(name) {
    this.#panes.dataset.tab = name;
    for (const each of NAMES) {
      const tab = byId(`tab-${each}`);
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {boolean} whether this chat can be seen */
  shows(name) {
    return !NARROW.matches || this.#panes.dataset.tab === name;
  }

  count(name, number) {
    const badge = byId(`tab-${name}-count`);
    badge.hidden = number === 0;
    badge.textContent = badgeCount(number);
  }
}
