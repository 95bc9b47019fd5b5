/** The two dialogs a message can open: an enlarged picture and a merged forward. */

import { byId, el } from "./dom.js";
import { hueOf, initial } from "./format.js";
import { renderSegments } from "./segments.js";

/** @param {string} url @param {string} label what the picture is, for those who cannot see it */
export function openPicture(url, label) {
  show(byId("lightbox"), el("img", { src: url, alt: label }));
}

/**
 * @param {{userId: number, name: string, segments: object[]}[]} entries
 * @param {(userId: number) => string} nameOf
 */
export function openForward(entries, nameOf) {
  const rows = entries.map((entry) => {
    const avatar = el("span", { class: "avatar", "aria-hidden": "true", text: initial(entry.name) });
    avatar.style.setProperty("--hue", String(hueOf(entry.userId)));
    const bubble = el("div", { class: "bubble" }, ...renderSegments(entry.segments, nameOf).nodes);
    return el("div", { class: "msg" }, avatar, el("div", { class: "body" }, el("div", { class: "who" }, el("span", { class: "name", text: entry.name })), bubble));
  });
  show(byId("forward-dialog"), el("h2", { text: "聊天记录" }), ...rows);
}

function show(dialog, ...content) {
  const close = el("button", { type: "button", class: "dialog-close", text: "关闭", on: { click: () => dialog.close() } });
  dialog.replaceChildren(...content, close);
  dialog.onclick = (event) => {
    if (event.target === dialog || event.target.tagName === "IMG") dialog.close();
  };
  if (!dialog.open) dialog.showModal();
}
