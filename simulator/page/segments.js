/** OneBot message segments as DOM. Unknown kinds become a readable label, never raw data. */

import { el, webAddress } from "./dom.js";
import { faceOf } from "./faces.js";
import { openForward, openPicture } from "./dialogs.js";

const LINK = /https?:\/\/[^\s，。；！？、（）【】「」『』《》<>"'`]+/g;
const FOLD_CHARS = 1500;
const FOLD_LINES = 40;
const PREVIEW_LINES = 4;
const LABELS = { record: "[语音]", video: "[视频]", file: "[文件]", mface: "[动画表情]", location: "[位置]",
  contact: "[名片]", music: "[音乐]", dice: "[骰子]", rps: "[猜拳]", poke: "[戳一戳]", markdown: "[卡片]" };

/**
 * @param {object[]} segments
 * @param {(userId: number) => string} nameOf for @ mentions
 * @returns {{nodes: HTMLElement[], bare: boolean}} `bare`: pictures only, so no bubble is needed
 */
export function renderSegments(segments, nameOf) {
  const nodes = [];
  let line = null;
  let bare = true;
  for (const { type, data = {} } of segments) {
    if (type === "reply") continue;
    const block = BLOCKS[type]?.(data, nameOf);
    if (block) {
      nodes.push(block);
      line = null;
      continue;
    }
    bare = false;
    if (!line) nodes.push((line = el("p", { class: "text" })));
    appendInline(line, type, data, nameOf);
  }
  const pictures = nodes.length > 0 && nodes.every((node) => node.classList.contains("picture"));
  return { nodes: nodes.flatMap(foldLong), bare: bare && pictures };
}

function appendInline(line, type, data, nameOf) {
  if (type === "text") appendText(line, String(data.text ?? ""));
  else if (type === "at") {
    const name = String(data.qq) === "all" ? "全体成员" : data.name || nameOf(Number(data.qq));
    line.append(el("span", { class: "at", text: `@${name}` }), " ");
  } else if (type === "face") {
    const { name, emoji } = faceOf(data.id);
    const label = emoji || `[${name}]`;
    line.append(el("span", { class: emoji ? "face" : "label", role: "img", "aria-label": name, title: name, text: label }));
  } else line.append(el("span", { class: "label", text: data.summary || LABELS[type] || "[暂不支持的消息]" }));
}

function appendText(line, text) {
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const url = webAddress(match[0]);
    if (!url) continue;
    line.append(text.slice(from, match.index), link(url, match[0]));
    from = match.index + match[0].length;
  }
  line.append(text.slice(from));
}

function link(url, label) {
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", text: label });
}

/** A wall of text is shown in part, with a button that opens the rest. */
function foldLong(node) {
  const text = node.classList.contains("text") ? node.textContent : "";
  if (text.length <= FOLD_CHARS && text.split("\n").length <= FOLD_LINES) return [node];
  node.classList.add("folded");
  const button = el("button", { type: "button", class: "unfold", text: "展开全文" });
  button.addEventListener("click", () => {
    button.textContent = node.classList.toggle("folded") ? "展开全文" : "收起";
  });
  return [node, button];
}

const BLOCKS = {
  image: renderPicture,
  json: renderCard,
  forward: renderForward,
  node: (data, nameOf) => renderForward({ content: [{ type: "node", data }] }, nameOf),
};

function renderPicture(data) {
  const sticker = Number(data.sub_type ?? data.subType ?? 0) !== 0;
  const label = data.summary || (sticker ? "表情" : "图片");
  const url = pictureAddress(data);
  if (!url) return el("span", { class: "picture lost", text: "图片取不到了" });
  const picture = el("img", { src: url, alt: label, loading: "lazy", decoding: "async", draggable: "false" });
  const button = el("button", { type: "button", class: sticker ? "picture sticker" : "picture", "aria-label": `放大${label}` }, picture);
  button.addEventListener("click", () => openPicture(url, label));
  picture.addEventListener("error", () => {
    button.replaceWith(el("span", { class: "picture lost", text: "图片取不到了" }));
  });
  return button;
}

/** The simulator names its own loopback address; through a tunnel only the page's own origin is reachable. */
function pictureAddress(data) {
  const value = data.url || data.file;
  if (typeof value === "string" && value.startsWith("base64://")) {
    return `data:image/png;base64,${value.slice("base64://".length)}`;
  }
  const url = data.url ? webAddress(value) : null;
  if (!url) return null;
  const loopback = url.hostname === "127.0.0.1" || url.hostname === "localhost";
  return loopback ? url.pathname + url.search : url.href;
}

function renderCard(data) {
  const card = parseCard(data.data);
  const url = webAddress(card.url);
  const body = [
    el("strong", { class: "card-title", text: card.title || "卡片消息" }),
    card.desc && el("span", { class: "card-desc", text: card.desc }),
    el("span", { class: "card-foot", text: url ? url.hostname : "卡片" }),
  ];
  if (!url || !card.url) return el("div", { class: "card" }, ...body);
  return el("a", { class: "card", href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...body);
}

function parseCard(raw) {
  let card = raw;
  if (typeof raw === "string") {
    try {
      card = JSON.parse(raw);
    } catch {
      return { title: "卡片消息" };
    }
  }
  const meta = Object.values(card?.meta ?? {}).find((value) => value && typeof value === "object") ?? {};
  return {
    title: String(meta.title ?? card?.prompt ?? ""),
    desc: String(meta.desc ?? card?.desc ?? ""),
    url: meta.jumpUrl ?? meta.qqdocurl ?? meta.url ?? "",
  };
}

function renderForward(data, nameOf) {
  const entries = forwardEntries(data, nameOf);
  const lines = entries.slice(0, PREVIEW_LINES).map((entry) =>
    el("span", { class: "forward-line", text: `${entry.name}：${plainText(entry.segments, nameOf)}` }));
  const foot = entries.length > 0 ? `查看 ${entries.length} 条转发消息` : "转发的聊天记录";
  const card = el("button", { type: "button", class: "card forward", disabled: entries.length === 0 },
    el("strong", { class: "card-title", text: "聊天记录" }), ...lines, el("span", { class: "card-foot", text: foot }));
  card.addEventListener("click", () => openForward(entries, nameOf));
  return card;
}

/** Implementations disagree on the shape of a merged forward; all of them name a sender and some content. */
function forwardEntries(data, nameOf) {
  const nodes = data.content ?? data.messages ?? data.nodes ?? [];
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node) => {
    const inner = node.data ?? node;
    const userId = Number(inner.user_id ?? inner.uin ?? inner.sender?.user_id ?? 0);
    const content = inner.content ?? inner.message ?? inner.segments ?? [];
    return {
      userId,
      name: String(inner.nickname ?? inner.name ?? inner.sender?.card ?? inner.sender?.nickname ?? nameOf(userId)),
      segments: Array.isArray(content) ? content : [{ type: "text", data: { text: String(content) } }],
    };
  });
}

/** @returns {string} one line that stands for a message in a quote, a preview or an announcement */
export function plainText(segments, nameOf) {
  const words = segments.map(({ type, data = {} }) => {
    if (type === "text") return String(data.text ?? "");
    if (type === "at") return `@${String(data.qq) === "all" ? "全体成员" : data.name || nameOf(Number(data.qq))} `;
    if (type === "face") return `[${faceOf(data.id).name}]`;
    if (type === "image") return data.summary || "[图片]";
    if (type === "json") return `[卡片] ${parseCard(data.data).title}`;
    if (type === "forward" || type === "node") return "[聊天记录]";
    return type === "reply" ? "" : LABELS[type] ?? "";
  });
  return words.join("").replace(/\s+/g, " ").trim();
}
