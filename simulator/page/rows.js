/** One message, notice or recalled message as a row of the log. */

import { el } from "./dom.js";
import { fullTime, hueOf, initial, separator } from "./format.js";
import { renderSegments } from "./segments.js";
import { ROLE_NAMES } from "./store.js";

/**
 * @param {object} message as the simulator shows it, or {notice: text, index, time}
 * @param {{before: number|null, own: boolean, bot: boolean, nameOf: (id: number) => string}} view
 *   `before`: unix time of the row above
 */
export function renderRow(message, view) {
  const row = el("div", { class: "row", tabindex: "-1", data: { index: String(message.index) } });
  const stamp = message.time ? separator(message.time, view.before) : null;
  if (stamp) row.append(el("time", { class: "stamp", text: stamp }));
  if (message.notice) row.append(el("p", { class: "notice", text: message.notice }));
  else if (message.recalled) row.append(renderRecalled(message));
  else row.append(renderMessage(message, view));
  if (view.own) row.classList.add("own");
  if (view.bot) row.classList.add("from-bot");
  return row;
}

function renderRecalled(message) {
  const operator = message.recalled_by;
  const byOther = operator && operator !== message.name;
  const text = byOther ? `${operator} 撤回了 ${message.name} 的一条消息` : `${message.name} 撤回了一条消息`;
  return el("p", { class: "notice recalled", text });
}

function renderMessage(message, view) {
  const { nodes, bare } = renderSegments(message.segments, view.nameOf);
  if (nodes.length === 0) nodes.push(el("p", { class: "text label", text: "（空消息）" }));
  const quote = message.reply && renderQuote(message.reply);
  const bubble = el("div", { class: bare && !quote ? "bubble bare" : "bubble" }, quote, ...nodes);
  const title = fullTime(message.time);
  const who = el("div", { class: "who", title },
    el("span", { class: "name", text: message.name }), renderBadge(view.bot ? "bot" : message.role),
    el("span", { class: "visually-hidden", text: title }));
  const body = el("div", { class: "body" }, who, el("div", { class: "bubble-line" }, bubble));
  return el("div", { class: "msg" }, renderAvatar(message, view.bot), body);
}

function renderQuote(reply) {
  return el("button", { type: "button", class: "quote", tabindex: "-1", data: { target: String(reply.message_id) }, title: "看原消息" },
    el("span", { class: "quote-name", text: reply.name || "原消息" }), el("span", { class: "quote-text", text: reply.text || "（消息已看不到）" }));
}

function renderAvatar(message, bot) {
  const node = el("span", { class: bot ? "avatar bot" : "avatar", "aria-hidden": "true", title: bot ? "双击戳一戳" : `${message.name}（双击戳一戳）` });
  if (!bot) dressAvatar(node, message.user_id, message.name);
  return node;
}

/** Gives an avatar its letter and its colour. */
export function dressAvatar(node, userId, name) {
  node.textContent = initial(name);
  node.style.setProperty("--hue", String(hueOf(userId)));
}

/** @returns {HTMLElement|null} a role badge; ordinary members carry none */
export function renderBadge(role) {
  if (role !== "owner" && role !== "admin" && role !== "bot") return null;
  return el("span", { class: `badge ${role}`, text: ROLE_NAMES[role] });
}
