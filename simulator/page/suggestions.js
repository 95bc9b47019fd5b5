/** "试试看": things a newcomer can say, put into the right input with one click. */

import { byId, el } from "./dom.js";
import { plainText } from "./segments.js";
import { displayName, recall, remember } from "./store.js";
import { toast } from "./toast.js";

const HIDDEN_KEY = "liudeng.simulator.suggestions";
const WORRYING = "今晚过后我就不在了，别找我";
const MESSAGE_NUMBER = /(?:上下文\s*|[#＃])(\d+)/;
const CASE_NUMBER = /接手\s*(\d+)/;

/**
 * @param {import("./store.js").Store} store @param {import("./inbox.js").Inbox} inbox
 * @param {{group: import("./chat.js").Chat, private: import("./chat.js").Chat}} chats
 * @param {(tab: "group"|"private") => void} showTab
 */
export function wireSuggestions(store, inbox, chats, showTab) {
  const inGroup = (text, selected) => {
    showTab("group");
    chats.group.composer.fill(text, selected);
  };
  const suggestions = [
    { label: "帮助", run: () => inGroup("帮助") },
    { label: "搜 晚安", run: () => inGroup("搜 晚安", "晚安") },
    { label: "下一页", run: () => inGroup("下一页") },
    { label: "上下文 编号", title: "搜索结果前面的编号", run: () => {
      const number = lastNumber(chats.group, store, MESSAGE_NUMBER) ?? "编号";
      inGroup(`上下文 ${number}`, number);
    } },
    { label: "说一句让人担心的话", title: WORRYING, accent: true, run: () => {
      beMember(store);
      inGroup(WORRYING);
      toast("发出去以后看「私聊」：留灯不在群里出声，只悄悄告诉管理员。", "hint");
    } },
    { label: "接手 1（管理员，私聊）", accent: true, run: async () => {
      const person = store.isModerator(store.peerId) ? store.peer : inbox.likeliestModerator();
      if (!person) return toast("这个群里没有管理员，没人能接手。");
      if (person.user_id !== store.peerId) store.look(person.user_id);
      showTab("private");
      await chats.private.entered;
      const number = lastNumber(chats.private, store, CASE_NUMBER) ?? "1";
      chats.private.composer.fill(`接手 ${number}`, number);
    } },
  ];
  byId("suggestions-list").append(...suggestions.map(({ label, title, accent, run }) =>
    el("button", { type: "button", class: accent ? "suggestion accent" : "suggestion", title, text: label, on: { click: run } })));
  const panel = byId("suggestions");
  panel.hidden = recall(HIDDEN_KEY) === "hidden";
  byId("suggestions-close").addEventListener("click", () => {
    panel.hidden = true;
    remember(HIDDEN_KEY, "hidden");
  });
}

/** The number the bot mentioned last, so that the suggestion fits what is on the screen. */
function lastNumber(chat, store, pattern) {
  const nameOf = (id) => store.nameOf(id);
  const numberIn = (item) => pattern.exec(plainText(item.segments, nameOf))?.[1];
  const message = chat.timeline.newest((item) => item.user_id === store.botId && !item.recalled && numberIn(item));
  return message ? numberIn(message) : null;
}

function beMember(store) {
  if (!store.isModerator(store.actorId)) return;
  const member = store.ordinaryMember();
  if (!member) return;
  store.become(member.user_id);
  toast(`已换成普通成员「${displayName(member)}」。`, "hint");
}
