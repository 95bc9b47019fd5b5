/**
 * A log of messages that stays light however many there are.
 *
 * `#items` holds the messages known here, oldest first; the DOM shows the slice [#lo, #hi) of them,
 * never more than MAX_ROWS. New messages wait in a queue and are drawn once per animation frame.
 */

import { el } from "./dom.js";

const MAX_ROWS = 400;
const TRIMMED_ROWS = 320;
const STEP = 80;
const MAX_ITEMS = 4000;
const NEAR_PX = 240;
const BOTTOM_PX = 48;

export class Timeline {
  #scroller;
  #rows = el("div", { class: "rows" });
  #empty = el("div", { class: "empty", hidden: true });
  #pill;
  #source;
  #items = [];
  #queue = [];
  #lo = 0;
  #hi = 0;
  #following = true;
  #fresh = 0;
  #frame = 0;
  #epoch = 0;
  #loading = false;
  #exhausted = false;
  #torn = false;
  #emptySays = "";

  /**
   * @param {{scroller: HTMLElement, pill: HTMLButtonElement}} parts
   * @param {{row: (item: object, before: number|null) => HTMLElement,
   *          older: (before: number) => Promise<object[]>, newest: () => void, empty: () => Node[]}} source
   *   `older` resolves to an empty list when there is nothing older; `newest` calls `load` in due time
   */
  constructor({ scroller, pill }, source) {
    this.#scroller = scroller;
    this.#pill = pill;
    this.#source = source;
    scroller.append(this.#empty, this.#rows);
    scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    pill.addEventListener("click", () => this.toBottom());
    new ResizeObserver(() => this.#stick()).observe(scroller);
  }

  /** Forgets everything, for another chat. */
  clear() {
    this.#epoch += 1;
    this.#items = [];
    this.#queue = [];
    this.#exhausted = false;
    this.#loading = false;
    this.#torn = false;
    this.#empty.hidden = true;
    this.#showNewest();
  }

  /**
   * Says that messages were missed somewhere above the newest ones. Whoever reads at the bottom gets
   * the newest page at once; whoever reads further up keeps their place and gets it on returning.
   */
  tear() {
    this.#torn = true;
    if (this.#following) this.#source.newest();
  }

  /**
   * Takes the newest page of the chat, at the start and after an interruption.
   * When it does not reach back to what is known, it replaces it: a hole would look like silence.
   */
  load(messages, { complete = false } = {}) {
    const known = this.#newestIndex();
    const touches = messages.length === 0 || messages[0].index <= known;
    if (!touches || this.#torn || this.#items.length === 0) {
      this.#torn = false;
      const newest = messages.at(-1)?.index ?? -1;
      this.#items = [...messages, ...this.#items.filter((item) => item.index > newest)];
      this.#exhausted = complete;
      this.#showNewest();
    } else {
      for (const message of messages) this.#insert(message);
      this.#redraw();
      this.#stick();
    }
    this.#schedule();
    this.refreshEmpty();
  }

  /** @param {object} message one that just happened */
  push(message) {
    this.#queue.push(message);
    this.#schedule();
  }

  /** @param {string} text a line of the system, placed after what is known now */
  pushNotice(text) {
    const last = this.#queue.at(-1) ?? this.#items.at(-1);
    this.push({ notice: text, index: (last?.index ?? 0) + 1e-5, time: last?.time });
  }

  /** @param {number} messageId @param {object} change fields to set on that message */
  amend(messageId, change) {
    const waiting = this.#queue.findLast((item) => item.message_id === messageId);
    if (waiting) Object.assign(waiting, change);
    const at = this.#items.findLastIndex((item) => item.message_id === messageId);
    if (at < 0) return;
    Object.assign(this.#items[at], change);
    this.#redrawOne(at);
  }

  /** Draws the visible rows again, after names or the visitor changed. */
  refresh() {
    this.#redraw();
    this.#stick();
    this.refreshEmpty();
  }

  refreshEmpty() {
    const nothing = this.#items.length === 0 && this.#queue.length === 0;
    this.#empty.hidden = !nothing;
    if (!nothing) return;
    const words = this.#source.empty();
    const said = words.map((node) => node.textContent).join();
    if (said === this.#emptySays) return; // leaves a focused button alone
    this.#emptySays = said;
    this.#empty.replaceChildren(...words);
  }

  /** @returns {object|null} the item behind a row */
  itemOf(row) {
    const at = row ? this.#lo + [...this.#rows.children].indexOf(row) : -1;
    return row && at >= this.#lo ? this.#items[at] ?? null : null;
  }

  find(messageId) {
    return this.#items.findLast((item) => item.message_id === messageId) ?? null;
  }

  newest(predicate) {
    return this.#items.findLast(predicate) ?? null;
  }

  /** Scrolls to a message and lights it up. @returns {boolean} false when it is not known here */
  reveal(messageId) {
    const at = this.#items.findLastIndex((item) => item.message_id === messageId);
    if (at < 0) return false;
    if (at < this.#lo || at >= this.#hi) {
      this.#lo = Math.max(0, at - STEP);
      this.#hi = Math.min(this.#items.length, at + STEP);
      this.#redraw();
    }
    const row = this.#rows.children[at - this.#lo];
    row.scrollIntoView({ block: "center" });
    row.classList.remove("lit");
    void row.offsetWidth; // restarts the animation when the same message is asked for twice
    row.classList.add("lit");
    return true;
  }

  toBottom() {
    this.#showNewest();
    if (this.#torn) this.#source.newest();
  }

  #newestIndex() {
    return this.#items.at(-1)?.index ?? -1;
  }

  #schedule() {
    if (this.#frame || this.#queue.length === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drain();
    });
  }

  #drain() {
    const shown = this.#hi === this.#items.length;
    let appended = 0;
    let disturbed = false;
    for (const message of this.#queue.splice(0)) {
      if (message.index > this.#newestIndex()) {
        this.#items.push(message);
        appended += 1;
      } else disturbed = this.#insert(message) || disturbed;
    }
    if (disturbed) this.#redraw();
    if (this.#following && shown) this.#follow();
    else this.#fresh += appended;
    this.refreshEmpty();
    this.#showPill();
  }

  /** Puts a message where its index belongs. @returns {boolean} whether the drawn slice is out of date */
  #insert(message) {
    const at = this.#items.findLastIndex((item) => item.index <= message.index);
    if (at >= 0 && this.#items[at].index === message.index) {
      Object.assign(this.#items[at], message);
      return at >= this.#lo && at < this.#hi;
    }
    const drawnToEnd = this.#hi === this.#items.length;
    this.#items.splice(at + 1, 0, message);
    if (at + 1 < this.#lo) this.#lo += 1;
    if (at + 1 < this.#hi || drawnToEnd) this.#hi += 1;
    if (this.#hi - this.#lo > MAX_ROWS) this.#lo = this.#hi - TRIMMED_ROWS;
    return true;
  }

  #follow() {
    this.#forgetOldest();
    const from = this.#hi;
    this.#hi = this.#items.length;
    if (this.#hi - this.#lo > MAX_ROWS) this.#lo = this.#hi - TRIMMED_ROWS;
    const drawFrom = Math.max(from, this.#lo);
    const surplus = this.#rows.childElementCount - Math.max(0, from - this.#lo);
    for (let i = 0; i < surplus; i += 1) this.#rows.firstElementChild.remove();
    this.#rows.append(this.#draw(drawFrom, this.#hi));
    this.#stick();
  }

  #forgetOldest() {
    const surplus = this.#items.length - MAX_ITEMS;
    if (surplus <= 0 || this.#lo < surplus) return;
    this.#items.splice(0, surplus);
    this.#lo -= surplus;
    this.#hi -= surplus;
    this.#exhausted = false;
  }

  #showNewest() {
    this.#hi = this.#items.length;
    this.#lo = Math.max(0, this.#hi - TRIMMED_ROWS);
    this.#following = true;
    this.#fresh = 0;
    this.#redraw();
    this.#stick();
    this.#showPill();
  }

  #draw(lo, hi) {
    const fragment = document.createDocumentFragment();
    for (let at = lo; at < hi; at += 1) fragment.append(this.#row(at));
    return fragment;
  }

  #row(at) {
    return this.#source.row(this.#items[at], at > 0 ? this.#items[at - 1].time ?? null : null);
  }

  #redraw() {
    this.#rows.replaceChildren(this.#draw(this.#lo, this.#hi));
  }

  #redrawOne(at) {
    if (at < this.#lo || at >= this.#hi) return;
    this.#rows.children[at - this.#lo].replaceWith(this.#row(at));
    this.#stick();
  }

  #stick() {
    if (this.#following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#following = this.#hi === this.#items.length && below < BOTTOM_PX;
    if (this.#following) {
      this.#fresh = 0;
      if (this.#torn) this.#source.newest();
    }
    this.#showPill();
    if (scrollTop < NEAR_PX) this.#extendUp();
    else if (below < NEAR_PX && this.#hi < this.#items.length) this.#extendDown();
  }

  #extendUp() {
    if (this.#lo === 0) {
      this.#fetchOlder();
      return;
    }
    const from = Math.max(0, this.#lo - STEP);
    this.#holding(this.#rows.firstElementChild, () => {
      this.#rows.prepend(this.#draw(from, this.#lo));
      this.#lo = from;
      while (this.#hi - this.#lo > MAX_ROWS) {
        this.#rows.lastElementChild.remove();
        this.#hi -= 1;
      }
    });
  }

  #extendDown() {
    const to = Math.min(this.#items.length, this.#hi + STEP);
    this.#holding(this.#rows.lastElementChild, () => {
      this.#rows.append(this.#draw(this.#hi, to));
      this.#hi = to;
      while (this.#hi - this.#lo > MAX_ROWS) {
        this.#rows.firstElementChild.remove();
        this.#lo += 1;
      }
    });
  }

  async #fetchOlder() {
    if (this.#loading || this.#exhausted || this.#items.length === 0) return;
    this.#loading = true;
    const epoch = this.#epoch;
    const older = await this.#source.older(Math.ceil(this.#items[0].index)).catch(() => null);
    if (epoch !== this.#epoch) return;
    this.#loading = false;
    if (older === null) return;
    const fresh = older.filter((message) => message.index < this.#items[0].index);
    if (fresh.length === 0) {
      this.#exhausted = true;
      return;
    }
    this.#items.unshift(...fresh);
    this.#lo += fresh.length;
    this.#hi += fresh.length;
    this.#redrawOne(this.#lo); // it no longer opens the log, so its date may go
    this.#extendUp();
  }

  /** Changes rows while the given one stays where the eye has it. */
  #holding(row, change) {
    const before = row.getBoundingClientRect().top;
    change();
    this.#scroller.scrollTop += row.getBoundingClientRect().top - before;
  }

  #showPill() {
    this.#pill.hidden = this.#following;
    this.#pill.textContent = this.#fresh > 0 ? `↓ ${this.#fresh} 条新消息` : "↓ 回到最新";
  }
}
