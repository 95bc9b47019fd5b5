/** The drawer of faults: accidents that happen once, and troubles that last until switched off. */

import { api } from "./api.js";
import { byId, el } from "./dom.js";
import { attempt, toast } from "./toast.js";

const FLOOD = { count: 500, rate: 200 };
const REFUSED = { send_private_msg: 1200 };

const ACCIDENTS = [
  { label: "断线 5 秒", note: "连接掐断，5 秒后才连得回来。这段时间的消息要靠留灯自己补上。",
    run: () => api.faults({ drop_connection: true, reconnect_after: 5 }), said: "已断线，5 秒后恢复。" },
  { label: "发 5 个坏包", note: "推送 5 个残缺的数据包，看留灯会不会被噎住。",
    run: () => api.faults({ malformed: 5 }), said: "5 个坏包已发出。" },
  { label: "刷屏 500 条", note: "每秒 200 条灌进当前的群。",
    run: (store) => api.flood({ group_id: store.groupId, ...FLOOD }), said: "开始刷屏。" },
];

const TROUBLES = [
  { label: "消息丢失", note: "留灯收不到新消息，但历史记录里有。", on: (f) => f.offline, set: { offline: true }, clear: { offline: false } },
  { label: "重复推送", note: "三成的消息会送到两次。", on: (f) => f.repeat > 0, set: { repeat: 0.3 }, clear: { repeat: 0 } },
  { label: "顺序打乱", note: "三成的消息会被后一条抢先。", on: (f) => f.reorder > 0, set: { reorder: 0.3 }, clear: { reorder: 0 } },
  { label: "私聊发不出", note: "留灯的每一条私聊都被 QQ 拒绝。", on: (f) => Boolean(f.refuse?.send_private_msg), set: { refuse: REFUSED }, clear: { refuse: {} } },
  { label: "限制发言", note: "留灯每分钟最多发 6 条。", on: (f) => Boolean(f.rate_limit), set: { rate_limit: 6 }, clear: { rate_limit: null } },
  { label: "回执变慢", note: "每次调用都等 5 秒才有结果。", on: (f) => f.answer_delay > 0, set: { answer_delay: 5 }, clear: { answer_delay: 0 } },
];

/** @param {import("./store.js").Store} store */
export function wireFaults(store) {
  const drawer = byId("faults");
  const opener = byId("faults-toggle");
  const switches = TROUBLES.map((trouble) => makeSwitch(trouble, store));
  const heal = el("button", { type: "button", class: "wide-button", text: "全部恢复正常", on: { click: () => attempt(() => api.faults({ reset: true })) } });
  byId("faults-body").append(
    el("h3", { text: "来一次意外" }), ...ACCIDENTS.map((accident) => makeAccident(accident, store)),
    el("h3", { text: "一直出问题" }), ...switches.map((entry) => entry.node), heal);

  const show = (open) => {
    drawer.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    (open ? byId("faults-close") : opener).focus();
  };
  opener.addEventListener("click", () => show(drawer.hidden));
  byId("faults-close").addEventListener("click", () => show(false));
  drawer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
  store.addEventListener("state", () => {
    const faults = store.state.faults ?? {};
    for (const entry of switches) entry.draw(faults);
    opener.classList.toggle("active", TROUBLES.some((trouble) => trouble.on(faults)));
  });
}

function makeAccident(accident, store) {
  const button = el("button", { type: "button", class: "fault accident" },
    el("span", { class: "fault-label", text: accident.label }), el("span", { class: "fault-note", text: accident.note }));
  button.addEventListener("click", async () => {
    button.disabled = true;
    if (await attempt(() => accident.run(store))) toast(accident.said, "hint");
    button.disabled = false;
  });
  return button;
}

function makeSwitch(trouble, store) {
  const node = el("button", { type: "button", class: "fault", role: "switch", "aria-checked": "false" },
    el("span", { class: "fault-label", text: trouble.label }), el("span", { class: "knob", "aria-hidden": "true" }),
    el("span", { class: "fault-note", text: trouble.note }));
  node.addEventListener("click", () => {
    const on = trouble.on(store.state?.faults ?? {});
    attempt(() => api.faults(on ? trouble.clear : trouble.set));
  });
  return { node, draw: (faults) => node.setAttribute("aria-checked", String(Boolean(trouble.on(faults)))) };
}
