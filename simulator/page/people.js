/** Choosing who to be: a searchable list of everybody in the group. */

import { byId, el } from "./dom.js";
import { dressAvatar, renderBadge } from "./rows.js";
import { ROLE_NAMES, byRank, displayName, isModerator } from "./store.js";

const MOST_SHOWN = 150;

export class PeoplePicker {
  #store;
  #dialog = byId("people");
  #query = byId("people-query");
  #list = byId("people-list");
  #active = 0;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.#store = store;
    byId("me").addEventListener("click", () => this.open());
    byId("people-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(option);
    });
    this.#query.addEventListener("input", () => this.#draw());
    this.#query.addEventListener("keydown", (event) => this.#onKey(event));
    for (const type of ["state", "actor"]) store.addEventListener(type, () => this.#drawButton());
    store.addEventListener("people", () => {
      if (this.#dialog.open) this.#draw();
    });
  }

  open() {
    this.#query.value = "";
    this.#dialog.showModal();
    this.#draw();
    this.#list.scrollTop = 0;
    this.#query.focus();
  }

  #drawButton() {
    const person = this.#store.actor;
    if (!person) return;
    dressAvatar(byId("me-avatar"), person.user_id, displayName(person));
    byId("me-name").textContent = displayName(person);
    const badge = byId("me-role");
    badge.hidden = !isModerator(person);
    badge.className = `badge ${person.role}`;
    badge.textContent = ROLE_NAMES[person.role] ?? "";
    byId("me").setAttribute("aria-label", `我是 ${displayName(person)}，${ROLE_NAMES[person.role]}。换一个人`);
  }

  #found() {
    const query = this.#query.value.trim().toLowerCase();
    const fits = (person) => [person.card, person.nickname, String(person.user_id)].some((text) => text?.toLowerCase().includes(query));
    const here = (person) => this.#store.isIn(person.user_id, this.#store.groupId) || isModerator(person);
    return [...this.#store.people.values()].filter((person) => here(person) && fits(person)).sort(byRank);
  }

  #draw() {
    const found = this.#found();
    const shown = found.slice(0, MOST_SHOWN);
    const sections = [
      ["管理员", "收得到留灯的私聊提醒，能接手、撤回别人的消息", shown.filter(isModerator)],
      ["成员", "在群里聊天、搜索、存档", shown.filter((person) => !isModerator(person))],
    ];
    const nodes = sections.filter(([, , people]) => people.length > 0).flatMap(([title, note, people]) => [
      el("p", { class: "people-section", role: "presentation" }, el("strong", { text: title }), el("span", { text: note })),
      ...people.map((person) => this.#option(person)),
    ]);
    if (found.length > shown.length) nodes.push(el("p", { class: "people-more", text: `还有 ${found.length - shown.length} 人，输入名字或 QQ 号可以缩小范围。` }));
    if (found.length === 0) nodes.push(el("p", { class: "people-more", text: "没有找到这个人，换个名字或 QQ 号试试。" }));
    this.#list.replaceChildren(...nodes);
    this.#activate(0);
  }

  #option(person) {
    const name = displayName(person);
    const avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    dressAvatar(avatar, person.user_id, name);
    const details = [name === person.nickname ? "" : person.nickname, String(person.user_id), person.friend ? "留灯的好友" : ""].filter(Boolean).join(" · ");
    return el("div", { role: "option", id: `person-${person.user_id}`, class: "person", "aria-selected": String(person.user_id === this.#store.actorId), data: { user: String(person.user_id) } },
      avatar, el("span", { class: "person-name" }, el("span", { text: name }), renderBadge(person.role)), el("span", { class: "person-details", text: details }));
  }

  #onKey(event) {
    const options = this.#options();
    if (event.key === "ArrowDown") this.#activate(Math.min(this.#active + 1, options.length - 1));
    else if (event.key === "ArrowUp") this.#activate(Math.max(this.#active - 1, 0));
    else if (event.key === "Enter" && !event.isComposing && options[this.#active]) this.#choose(options[this.#active]);
    else return;
    event.preventDefault();
  }

  #options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  #activate(at) {
    const options = this.#options();
    this.#active = at;
    options.forEach((option, index) => option.classList.toggle("active", index === at));
    this.#query.setAttribute("aria-activedescendant", options[at]?.id ?? "");
    options[at]?.scrollIntoView({ block: "nearest" });
  }

  #choose(option) {
    this.#dialog.close();
    this.#store.become(Number(option.dataset.user));
  }
}
