/** Puts the page together: the store, the two chats, the inbox, the header and the live stream. */

import { api } from "./api.js";
import { Chat, placeholderFor } from "./chat.js";
import { byId, el } from "./dom.js";
import { wireFaults } from "./faultpanel.js";
import { badgeCount } from "./format.js";
import { Inbox } from "./inbox.js";
import { PeoplePicker } from "./people.js";
import { wireScenario } from "./scenario.js";
import { plainText } from "./segments.js";
import { Store, displayName } from "./store.js";
import { openStream } from "./stream.js";
import { wireSuggestions } from "./suggestions.js";
import { Tabs } from "./tabs.js";
import { announce, attempt } from "./toast.js";

const TITLE = document.title;

const store = new Store();
const tabs = new Tabs();
const inbox = new Inbox(store, byId("inbox"), () => tabs.shows("private") && !document.hidden);
const chats = {
  group: new Chat(store, partsOf("group"), { chat: () => ({ groupId: store.groupId }), speaker: () => store.actorId, empty: emptyGroup }),
  private: new Chat(store, partsOf("private"), { chat: () => ({ peer: store.peerId }), speaker: () => store.peerId, empty: emptyPrivate }),
};
/** @type {Map<number, number>} unread messages of groups that are not on screen */
const unreadGroups = new Map();
let unreadInGroup = 0;

function partsOf(name) {
  return { log: byId(`${name}-log`), pill: byId(`${name}-pill`), form: byId(`${name}-composer`), pane: byId(`pane-${name}`) };
}

/* --- what the empty chats say ------------------------------------------------------------- */

function emptyGroup() {
  const scenario = store.state?.scenario;
  const waiting = scenario?.total > 0 && !scenario.playing && scenario.sent === 0;
  const next = waiting ? "点左上角的 ▶ 播放剧本，或者在下面先打个招呼。" : "在下面打个招呼，或者点一条「试试看」。";
  return [el("strong", { text: "群里还没有人说话" }), el("p", { text: next })];
}

function emptyPrivate() {
  const name = store.peer ? displayName(store.peer) : "这个人";
  const next = store.isModerator(store.peerId)
    ? "有成员让人担心时，留灯会悄悄写到这里，群里不会出声。也可以先发一句「帮助」。"
    : "留灯的提醒只发给管理员。" + (store.peer?.friend ? "发一句「帮助」，看看它能为你做什么。" : "先加为好友，再发一句「帮助」，看看它能为你做什么。");
  const waiting = inbox.waiting().filter((person) => person.user_id !== store.peerId);
  const nodes = [el("strong", { text: `${name} 和留灯还没有私聊过` }), el("p", { text: next })];
  if (waiting.length > 0) {
    const people = waiting.map((person) => el("button", { type: "button", class: "suggestion accent", text: `看 ${displayName(person)} 的私聊`, on: { click: () => store.look(person.user_id) } }));
    nodes.push(el("p", { class: "empty-letters", text: "留灯刚刚私聊了：" }), el("div", { class: "empty-people" }, ...people));
  }
  return nodes;
}

/* --- what follows the visitor's choices ---------------------------------------------------- */

function drawComposers() {
  const name = store.group?.name ?? "群";
  const inside = store.isIn(store.actorId, store.groupId);
  const outside = store.actor ? `「${displayName(store.actor)}」不在${name}里，换一个人或换一个群` : "先在右上角选一个人";
  chats.group.composer.describe(inside ? placeholderFor(store.actor, "在群里说点什么") : outside, inside);
  chats.private.composer.describe(placeholderFor(store.peer, "私聊留灯"), Boolean(store.peer));
}

function drawPeerNote() {
  const note = byId("peer-note");
  const { peer, actorId } = store;
  note.hidden = !peer || (peer.friend && peer.user_id === actorId);
  if (note.hidden) return;
  const name = displayName(peer);
  const parts = [];
  if (peer.user_id !== actorId) {
    parts.push(`在这里说话的是「${name}」。`, noteButton("在群里也当 TA", () => store.become(peer.user_id)));
  }
  if (!peer.friend) {
    parts.push(`「${name}」还没加留灯为好友，留灯主动发来的私聊会被 QQ 拒绝。`, noteButton("加为好友", () => attempt(() => api.friend(peer.user_id, true))));
  }
  note.replaceChildren(...parts);
}

function noteButton(text, run) {
  return el("button", { type: "button", class: "note-button", text, on: { click: run } });
}

function drawGroups() {
  const groups = store.state?.groups ?? [];
  byId("group-tabs").replaceChildren(...groups.map((group) => {
    const unread = unreadGroups.get(group.group_id) ?? 0;
    return el("button", { type: "button", class: "group-tab", "aria-pressed": String(group.group_id === store.groupId), on: { click: () => store.enterGroup(group.group_id) } },
      el("span", { class: "group-name", text: group.name }), el("span", { class: "group-size", text: `${group.member_count} 人` }),
      unread > 0 && el("span", { class: "count quiet", text: badgeCount(unread) }));
  }));
}

function drawCounts() {
  tabs.count("private", inbox.unread);
  tabs.count("group", tabs.shows("group") ? (unreadInGroup = 0) : unreadInGroup);
  document.title = inbox.unread > 0 ? `(${badgeCount(inbox.unread)}) ${TITLE}` : TITLE;
}

async function loadMembers(groupId) {
  await attempt(async () => store.setMembers(groupId, await api.members(groupId)));
}

/* --- the live stream ------------------------------------------------------------------------ */

let lastIndex = -1;

/** Indexes are consecutive over all chats, so a jump means the stream could not keep up. */
function noticeGap(index) {
  const missed = lastIndex >= 0 && index > lastIndex + 1;
  lastIndex = Math.max(lastIndex, index);
  if (!missed) return;
  for (const chat of Object.values(chats)) chat.timeline.tear();
  attempt(() => inbox.load());
}

const SETTLED_MS = 700;
let settling = 0;

/** The server tells the scenario's progress now and then; after the last message it has to be asked. */
function askForProgress() {
  clearTimeout(settling);
  if (!store.state?.scenario.playing) return;
  settling = setTimeout(() => attempt(async () => store.setState(await api.state())), SETTLED_MS);
}

function onMessage(message) {
  askForProgress();
  noticeGap(message.index);
  if (message.group_id !== null && message.group_id !== undefined) onGroupMessage(message);
  else {
    if (message.peer === store.peerId) chats.private.timeline.push(message);
    if (message.user_id === store.botId && inbox.take(message)) {
      announce(`${store.botName}私聊了${store.nameOf(message.peer)}：${plainText(message.segments, (id) => store.nameOf(id)).slice(0, 60)}`);
    }
  }
}

function onGroupMessage(message) {
  if (message.group_id === store.groupId) {
    chats.group.timeline.push(message);
    if (!tabs.shows("group")) unreadInGroup += 1;
  } else unreadGroups.set(message.group_id, (unreadGroups.get(message.group_id) ?? 0) + 1);
  scheduleCounts();
}

let countsScheduled = false;

/** During a flood the badges are drawn once per frame, like the messages. */
function scheduleCounts() {
  if (countsScheduled) return;
  countsScheduled = true;
  requestAnimationFrame(() => {
    countsScheduled = false;
    drawGroupCounts();
    drawCounts();
  });
}

let drawnGroups = "";

function drawGroupCounts() {
  const wanted = JSON.stringify([store.groupId, store.state?.groups, [...unreadGroups]]);
  if (wanted === drawnGroups) return;
  drawnGroups = wanted;
  drawGroups();
}

const STREAM = {
  message: (event) => onMessage(event.message),
  recall: (event) => {
    for (const chat of Object.values(chats)) chat.timeline.amend(event.message_id, { recalled: true });
  },
  state: (event) => store.setState(event.state),
  notice: (event) => chats.group.timeline.pushNotice(event.text),
};

/** Fetches what cannot come over the stream: everything from before it was open. */
async function refreshAll() {
  if (!(await attempt(async () => store.setState(await api.state())))) return;
  if (store.actorId === 0) {
    await loadMembers(store.groupId);
    store.chooseActor();
  }
  await Promise.all([chats.group.catchUp(), chats.private.catchUp(), attempt(() => inbox.load())]);
  document.body.dataset.ready = "true";
}

/* --- wiring ---------------------------------------------------------------------------------- */

new PeoplePicker(store);
wireScenario(store);
wireFaults(store);
wireSuggestions(store, inbox, chats, (name) => tabs.show(name));

store.addEventListener("state", () => {
  drawGroupCounts();
  drawComposers();
  drawPeerNote();
  for (const chat of Object.values(chats)) chat.timeline.refreshEmpty();
});
store.addEventListener("people", () => {
  drawComposers();
  chats.group.timeline.refresh();
});
store.addEventListener("actor", () => {
  drawComposers();
  chats.group.timeline.refresh();
});
store.addEventListener("peer", () => {
  drawComposers();
  drawPeerNote();
  chats.private.enter();
});
store.addEventListener("group", () => {
  unreadGroups.delete(store.groupId);
  drawGroupCounts();
  drawComposers();
  chats.group.enter();
  loadMembers(store.groupId);
});
inbox.addEventListener("change", () => {
  scheduleCounts();
  chats.private.timeline.refreshEmpty();
});
tabs.addEventListener("change", () => {
  inbox.markSeen();
  drawCounts();
});

openStream({
  onEvent: (event) => STREAM[event.type]?.(event),
  onOpen: () => {
    lastIndex = -1;
    byId("offline-strip").hidden = true;
    refreshAll();
  },
  onDown: () => {
    byId("offline-strip").hidden = false;
  },
});
