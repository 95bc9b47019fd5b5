/** Who the bot wrote to in private: the row of people above the private chat, with unread counts. */

import { api } from "./api.js";
import { el } from "./dom.js";
import { badgeCount } from "./format.js";
import { dressAvatar, renderBadge } from "./rows.js";
import { byRank, displayName, recall, remember } from "./store.js";

const SEEN_KEY = "liudeng.simulator.seen.";

export class Inbox extends EventTarget {
  #store;
  #root;
  #visible;
  /** @type {Map<number, {ids: number[], unread: number, order: number}>} by peer */
  #letters = new Map();
  #order = 0;
  #drawn = "";

  /**
   * @param {import("./store.js").Store} store @param {HTMLElement} root
   * @param {() => boolean} visible whether the private chat can be seen at the moment
   */
  constructor(store, root, visible) {
    super();
    this.#store = store;
    this.#root = root;
    this.#visible = visible;
    root.addEventListener("click", (event) => {
      const chip = event.target.closest(".inbox-chip");
      if (chip) store.look(Number(chip.dataset.peer));
    });
    for (const type of ["state", "actor", "people"]) store.addEventListener(type, () => this.draw());
    store.addEventListener("peer", () => this.markSeen());
    document.addEventListener("visibilitychange", () => this.markSeen());
  }

  /** Learns from the simulator what the bot has already written, and what of it was read here. */
  async load() {
    const sent = await api.sent();
    this.#letters.clear();
    for (const letter of sent) {
      if (letter.target === "private" && letter.user_id && !letter.leaked) this.#file(letter.user_id, letter.message_id);
    }
    for (const [peer, entry] of this.#letters) {
      const seen = entry.ids.lastIndexOf(Number(recall(SEEN_KEY + peer)));
      entry.unread = entry.ids.length - 1 - seen;
    }
    this.markSeen();
  }

  #file(peer, messageId) {
    const entry = this.#letters.get(peer) ?? { ids: [], unread: 0, order: 0 };
    entry.ids.push(messageId);
    entry.order = this.#order += 1;
    this.#letters.set(peer, entry);
    return entry;
  }

  /** @param {object} message one the bot just wrote in private @returns {boolean} whether it is unread */
  take(message) {
    const entry = this.#file(message.peer, message.message_id);
    const read = message.peer === this.#store.peerId && this.#visible();
    if (read) this.#remember(message.peer, entry);
    else entry.unread += 1;
    this.draw();
    return !read;
  }

  /** The chat on screen counts as read. */
  markSeen() {
    const entry = this.#letters.get(this.#store.peerId);
    if (entry && this.#visible()) {
      entry.unread = 0;
      this.#remember(this.#store.peerId, entry);
    }
    this.draw();
  }

  #remember(peer, entry) {
    remember(SEEN_KEY + peer, String(entry.ids.at(-1)));
  }

  get unread() {
    let sum = 0;
    for (const entry of this.#letters.values()) sum += entry.unread;
    return sum;
  }

  /** @returns {object[]} people with unread letters, latest first */
  waiting() {
    return [...this.#letters].filter(([, entry]) => entry.unread > 0)
      .sort(([, a], [, b]) => b.order - a.order)
      .map(([peer]) => this.#store.people.get(peer)).filter(Boolean);
  }

  /** @returns {object|null} the moderator the bot wrote to last, or any moderator */
  likeliestModerator() {
    const moderators = this.#store.moderators();
    const order = (person) => this.#letters.get(person.user_id)?.order ?? 0;
    return moderators.toSorted((a, b) => order(b) - order(a))[0] ?? null;
  }

  /** The chips are only made anew when they would look different, so that they keep the focus. */
  draw() {
    const { actorId, peerId } = this.#store;
    const people = this.#people();
    const look = people.map((person) => [person.user_id, displayName(person), person.role, this.#letters.get(person.user_id)?.unread]);
    const drawn = JSON.stringify([actorId, peerId, look]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.closest(".inbox-chip")?.dataset.peer;
    this.#root.replaceChildren(...people.map((person) => this.#chip(person)));
    if (focused) this.#root.querySelector(`[data-peer="${focused}"]`)?.focus();
    this.#root.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" });
    this.dispatchEvent(new Event("change"));
  }

  /** The visitor first, then whoever has letters, then the other moderators. Reading moves nobody. */
  #people() {
    const { actorId, peerId, people } = this.#store;
    const shown = new Set([actorId, peerId, ...this.#letters.keys(), ...this.#store.moderators().map((person) => person.user_id)]);
    const weight = ({ user_id: id }) => (id === actorId ? 0 : this.#letters.has(id) ? 1 : 2);
    return [...shown].map((id) => people.get(id)).filter(Boolean)
      .sort((a, b) => weight(a) - weight(b) || byRank(a, b) || a.user_id - b.user_id);
  }

  #chip(person) {
    const { actorId, peerId } = this.#store;
    const entry = this.#letters.get(person.user_id);
    const name = displayName(person);
    const avatar = el("span", { class: "avatar small", "aria-hidden": "true" });
    dressAvatar(avatar, person.user_id, name);
    const unread = entry?.unread ?? 0;
    const label = [name, person.user_id === actorId ? "（我）" : "", unread ? `，留灯发来 ${unread} 条未读私聊` : ""].join("");
    return el("button", {
      type: "button", class: entry || person.user_id === actorId ? "inbox-chip" : "inbox-chip silent",
      "aria-pressed": String(person.user_id === peerId), "aria-label": label, title: label, data: { peer: String(person.user_id) },
    }, avatar, el("span", { class: "inbox-name", text: name }), renderBadge(person.role),
    unread > 0 && el("span", { class: "count", text: badgeCount(unread) }));
  }
}
