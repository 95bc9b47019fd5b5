/** Short sentences at the edge of the page. */

import { byId, el } from "./dom.js";

const STAY_MS = 5000;
const MOST = 3;

/** @param {string} sentence @param {"error"|"hint"} [kind] */
export function toast(sentence, kind = "error") {
  const shelf = byId("toasts");
  const note = el("p", { class: `toast ${kind}`, text: sentence });
  note.addEventListener("click", () => note.remove());
  shelf.append(note);
  while (shelf.children.length > MOST) shelf.firstElementChild.remove();
  setTimeout(() => note.remove(), STAY_MS);
}

/** Runs an action and says why it failed, if it did. @returns {Promise<boolean>} whether it worked */
export async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

/** Says something to screen readers without interrupting them. */
export function announce(sentence) {
  byId("announcer").textContent = sentence;
}
