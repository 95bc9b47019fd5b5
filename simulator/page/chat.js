/** One chat on the page: its log, its composer and what can be done with a message. */

import { api } from "./api.js";
import { Composer, textSegments } from "./composer.js";
import { el, icon } from "./dom.js";
import { onPress, openMenu } from "./menu.js";
import { renderRow } from "./rows.js";
import { plainText } from "./segments.js";
import { displayName, outranks } from "./store.js";
import { Timeline } from "./timeline.js";
import { attempt, toast } from "./toast.js";

const PAGE = 100;

export class Chat {
  timeline;
  composer;
  /** Settles when the chat that was entered last is on screen. */
  entered = Promise.resolve();
  #store;
  #place;
  #log;
  #toolbar = this.#makeToolbar();

  /**
   * @param {import("./store.js").Store} store
   * @param {{log: HTMLElement, pill: HTMLButtonElement, form: HTMLFormElement, pane: HTMLElement}} parts
   * @param {{chat: () => {groupId?: number, peer?: number}, speaker: () => number,
   *          empty: () => Node[], afterSend?: () => void}} place which chat this is, and who speaks in it
   */
  constructor(store, parts, place) {
    this.#store = store;
    this.#place = place;
    this.#log = parts.log;
    this.timeline = new Timeline({ scroller: parts.log, pill: parts.pill }, {
      row: (item, before) => this.#row(item, before),
      older: (before) => api.messages(place.chat(), { before, limit: PAGE }),
      newest: () => this.catchUp(),
      empty: place.empty,
    });
    this.composer = new Composer(parts.form, (draft) => this.#send(draft));
    this.composer.acceptDrops(parts.pane);
    this.#listen();
  }

  /** Shows another group or another person's private chat. */
  enter() {
    this.timeline.clear();
    this.composer.leaveChat();
    this.entered = this.catchUp();
    return this.entered;
  }

  /** Fetches the newest messages, at the start and after the stream was down. */
  async catchUp() {
    const chat = this.#place.chat();
    const key = JSON.stringify(chat);
    if (!chat.groupId && !chat.peer) return;
    await attempt(async () => {
      const messages = await api.messages(chat, { limit: PAGE });
      if (JSON.stringify(this.#place.chat()) !== key) return;
      this.timeline.load(messages, { complete: messages.length < PAGE });
    });
  }

  #row(item, before) {
    const { botId } = this.#store;
    const own = item.user_id === this.#place.speaker();
    // QQ knows no cards in private; the page keeps to one name and one avatar for each person.
    const shown = item.peer ? { ...item, name: this.#store.nameOf(item.user_id) } : item;
    return renderRow(shown, { before, own, bot: item.user_id === botId, nameOf: (id) => this.#store.nameOf(id) });
  }

  #send(draft) {
    return attempt(async () => {
      const segments = textSegments(draft.text, draft.mentions);
      if (draft.picture) {
        const { file, url } = await api.upload(draft.picture);
        segments.push({ type: "image", data: { file, url } });
      }
      const { groupId } = this.#place.chat();
      const target = groupId ? { group_id: groupId } : { private: true };
      await api.say({ as: this.#place.speaker(), ...target, segments, reply_to: draft.replyTo });
      this.timeline.toBottom();
      this.#place.afterSend?.(draft);
    });
  }

  #listen() {
    const log = this.#log;
    log.addEventListener("dblclick", (event) => this.#onDoubleClick(event));
    log.addEventListener("click", (event) => {
      const quote = event.target.closest(".quote");
      if (quote && !this.timeline.reveal(Number(quote.dataset.target))) toast("原消息太早了，往上翻一翻再找。", "hint");
    });
    log.addEventListener("mouseover", (event) => this.#moveToolbar(event.target.closest(".row")));
    log.addEventListener("mouseleave", () => this.#toolbar.remove());
    log.addEventListener("keydown", (event) => this.#onKey(event));
    onPress(log, (target, at) => {
      if (target.closest("a, .card") || getSelection()?.toString()) return false;
      return this.#openMenu(target.closest(".row"), at);
    });
  }

  #onDoubleClick(event) {
    const item = this.#messageAt(event.target.closest(".row"));
    if (!item || event.target.closest("button, a")) return;
    if (event.target.closest(".avatar")) this.#poke(item);
    else if (event.target.closest(".bubble")) {
      getSelection()?.removeAllRanges();
      this.#answer(item);
    }
  }

  #onKey(event) {
    const current = document.activeElement.closest?.(".row");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      const rows = [...this.#log.querySelectorAll(".row")];
      const at = current ? rows.indexOf(current) + step : rows.length - 1;
      rows[Math.max(0, Math.min(at, rows.length - 1))]?.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && current && document.activeElement === current) {
      const { left, bottom } = (current.querySelector(".bubble") ?? current).getBoundingClientRect();
      if (this.#openMenu(current, { x: left, y: bottom })) event.preventDefault();
    }
  }

  #makeToolbar() {
    const reply = el("button", { type: "button", tabindex: "-1", "aria-label": "回复", title: "回复" }, icon("reply"));
    const more = el("button", { type: "button", tabindex: "-1", "aria-label": "更多", title: "更多" }, icon("more"));
    const bar = el("span", { class: "row-tools" }, reply, more);
    reply.addEventListener("click", () => this.#answer(this.#messageAt(bar.closest(".row"))));
    more.addEventListener("click", () => {
      const { left, bottom } = more.getBoundingClientRect();
      this.#openMenu(bar.closest(".row"), { x: left, y: bottom + 4 });
    });
    return bar;
  }

  #moveToolbar(row) {
    const line = row?.querySelector(".bubble-line");
    if (line && this.#toolbar.parentElement !== line) line.append(this.#toolbar);
  }

  #messageAt(row) {
    const item = this.timeline.itemOf(row);
    return item && !item.notice && !item.recalled ? item : null;
  }

  #openMenu(row, at) {
    const item = this.#messageAt(row);
    if (!item) return false;
    openMenu(this.#choices(item), at);
    return true;
  }

  #choices(item) {
    const store = this.#store;
    const inGroup = item.group_id !== null && item.group_id !== undefined;
    const speaker = this.#place.speaker();
    const own = item.user_id === speaker;
    const text = plainText(item.segments, (id) => store.nameOf(id));
    const choices = [{ label: "回复", run: () => this.#answer(item) }];
    if (text) choices.push({ label: "复制文字", run: () => copy(text) });
    if (inGroup && !own) {
      choices.push({ label: `@${item.name}`, run: () => this.composer.mention(item.user_id, item.name) });
      choices.push({ label: "戳一戳", run: () => this.#poke(item) });
      if (store.people.has(item.user_id)) choices.push({ label: "变成这个人", run: () => store.become(item.user_id) });
    }
    if (own || (inGroup && outranks(store.people.get(speaker), item.role))) {
      choices.push({ label: "撤回", danger: true, run: () => this.#recall(item) });
    }
    return choices;
  }

  /** The stream says that a message is gone, but not who took it back. */
  #recall(item) {
    const speaker = this.#place.speaker();
    return attempt(async () => {
      await api.recall(speaker, item.message_id);
      this.timeline.amend(item.message_id, { recalled: true, recalled_by: this.#store.nameOf(speaker) });
    });
  }

  #answer(item) {
    if (!item) return;
    this.composer.answer({ message_id: item.message_id, name: item.name, text: plainText(item.segments, (id) => this.#store.nameOf(id)).slice(0, 80) });
  }

  #poke(item) {
    if (item.group_id === null || item.group_id === undefined) return;
    attempt(() => api.event({ kind: "poke", group_id: item.group_id, user_id: this.#place.speaker(), target_id: item.user_id }));
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("已复制。", "hint");
  } catch {
    toast("浏览器不让复制，请手动选中文字。");
  }
}

/** @param {object|null} person @param {string} where @returns {string} what the empty input says */
export function placeholderFor(person, where) {
  return person ? `以「${displayName(person)}」的身份${where}` : "先在右上角选一个人";
}
