/** The input at the foot of a chat: text, one picture, the message being answered, mentions. */

import { el, icon } from "./dom.js";
import { pictureIn, prepare } from "./pictures.js";
import { toast } from "./toast.js";

const MAX_CHARS = 4000;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

export class Composer {
  #form;
  #send;
  #input;
  #submit;
  #attachment = el("div", { class: "attachment", hidden: true });
  #answer = el("div", { class: "answering", hidden: true });
  #picture = null;
  #preview = "";
  #reply = null;
  #mentions = new Map();

  /**
   * @param {HTMLFormElement} form an empty form; `data-name` prefixes the ids made here
   * @param {(draft: {text: string, picture: Blob|null, replyTo: number|null,
   *          mentions: Map<string, number>}) => Promise<boolean>} send whether it was sent
   */
  constructor(form, send) {
    this.#form = form;
    this.#send = send;
    const name = form.dataset.name;
    this.#input = el("textarea", { id: `${name}-input`, rows: "1", maxlength: MAX_CHARS, enterkeyhint: "send", autocomplete: "off",
      "aria-label": form.getAttribute("aria-label") });
    this.#submit = el("button", { type: "submit", class: "send-button", "aria-label": "发送", title: "发送（Enter）" }, icon("send"));
    form.append(this.#answer, this.#attachment, el("div", { class: "composer-line" }, this.#picker(name), this.#input, this.#submit));
    this.#listen();
    this.#resize();
  }

  #picker(name) {
    const file = el("input", { type: "file", accept: "image/*", id: `${name}-file`, class: "visually-hidden", tabindex: "-1", "aria-label": "选择图片" });
    file.addEventListener("change", () => {
      if (file.files[0]) this.attach(file.files[0]);
      file.value = "";
    });
    const button = el("button", { type: "button", class: "icon-button", "aria-label": "选一张图片", title: "选一张图片，也可以直接粘贴或拖进来" }, icon("picture"));
    button.addEventListener("click", () => file.click());
    return el("span", { class: "picker" }, button, file);
  }

  #listen() {
    const input = this.#input;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go();
    });
    input.addEventListener("keydown", (event) => {
      // While an input method is composing, Enter picks a candidate and must not send.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.#go();
      } else if (event.key === "Escape" && this.#reply) {
        event.stopPropagation();
        this.answer(null);
      }
    });
    input.addEventListener("input", () => this.#resize());
    input.addEventListener("paste", (event) => {
      const picture = pictureIn(event.clipboardData);
      if (!picture) return;
      event.preventDefault();
      this.attach(picture);
    });
  }

  /** Lets pictures be dropped anywhere on this area. */
  acceptDrops(area) {
    let depth = 0;
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && !this.#input.disabled;
    const leave = () => {
      depth = 0;
      area.classList.remove("dropping");
    };
    area.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      area.classList.add("dropping");
    });
    area.addEventListener("dragleave", () => {
      depth -= 1;
      if (depth <= 0) leave();
    });
    area.addEventListener("dragover", (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    area.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      leave();
      const picture = pictureIn(event.dataTransfer);
      if (picture) this.attach(picture);
      else toast("这里只能放图片。");
    });
  }

  /** @param {File} file */
  async attach(file) {
    try {
      this.#picture = await prepare(file);
    } catch (error) {
      toast(error.message);
      return;
    }
    URL.revokeObjectURL(this.#preview);
    this.#preview = URL.createObjectURL(this.#picture);
    this.#attachment.replaceChildren(
      el("img", { src: this.#preview, alt: "要发送的图片" }),
      el("span", { class: "attachment-note", text: "回车就会一起发出去" }),
      this.#dismiss("去掉图片", () => this.#dropPicture()));
    this.#attachment.hidden = false;
    this.#ready();
    this.#input.focus();
  }

  #dropPicture() {
    URL.revokeObjectURL(this.#preview);
    this.#picture = null;
    this.#preview = "";
    this.#attachment.hidden = true;
    this.#ready();
  }

  /** @param {{message_id: number, name: string, text: string}|null} target the message to answer */
  answer(target) {
    this.#reply = target;
    this.#answer.hidden = !target;
    if (!target) return;
    this.#answer.replaceChildren(
      el("span", { class: "answering-text" }, "回复 ", el("strong", { text: target.name }), `：${target.text}`),
      this.#dismiss("不回复了", () => this.answer(null)));
    this.#input.focus();
  }

  #dismiss(label, run) {
    const button = el("button", { type: "button", class: "icon-button small", "aria-label": label }, icon("close", "tiny"));
    button.addEventListener("click", () => {
      run();
      this.#input.focus();
    });
    return button;
  }

  /** Puts @name where the cursor is. */
  mention(userId, name) {
    this.#mentions.set(`@${name}`, userId);
    this.#input.setRangeText(`@${name} `, this.#input.selectionStart, this.#input.selectionEnd, "end");
    this.#resize();
    this.#input.focus();
  }

  /** Replaces the text and selects the part still to be filled in, if there is one. */
  fill(text, selected = "") {
    this.#input.value = text;
    this.#resize();
    this.#input.focus();
    const from = selected ? text.indexOf(selected) : text.length;
    this.#input.setSelectionRange(from, from + selected.length);
  }

  /** @param {string} placeholder @param {boolean} enabled */
  describe(placeholder, enabled) {
    this.#input.placeholder = placeholder;
    this.#input.disabled = !enabled;
    this.#form.classList.toggle("disabled", !enabled);
    for (const button of this.#form.querySelectorAll("button")) button.disabled = !enabled;
    this.#ready();
  }

  /** Forgets the draft's picture, quote and mentions, which belong to one chat. */
  leaveChat() {
    this.answer(null);
    this.#dropPicture();
    this.#mentions.clear();
  }

  async #go() {
    const draft = { text: this.#input.value.trim(), picture: this.#picture, replyTo: this.#reply?.message_id ?? null, mentions: new Map(this.#mentions) };
    if (this.#input.disabled || (!draft.text && !draft.picture)) return;
    const kept = { value: this.#input.value, reply: this.#reply, picture: this.#picture };
    this.#input.value = "";
    this.leaveChat();
    this.#resize();
    if (await this.#send(draft)) return;
    if (!this.#input.value) this.#input.value = kept.value;
    this.#mentions = draft.mentions;
    if (kept.reply) this.answer(kept.reply);
    if (kept.picture) await this.attach(kept.picture);
    this.#resize();
  }

  /** The style sheet lets the input grow with its text; browsers that cannot do that get help. */
  #resize() {
    const input = this.#input;
    if (!GROWS_BY_ITSELF && input.offsetParent) {
      input.style.setProperty("height", "auto");
      input.style.setProperty("height", `${input.scrollHeight}px`);
    }
    this.#ready();
  }

  #ready() {
    this.#submit.disabled = this.#input.disabled || (!this.#input.value.trim() && !this.#picture);
  }
}

/** @returns {object[]} the draft's text as segments, known @names as mentions */
export function textSegments(text, mentions) {
  let parts = text ? [{ type: "text", data: { text } }] : [];
  for (const [label, userId] of mentions) {
    parts = parts.flatMap((part) => (part.type === "text" ? splitMention(part.data.text, label, userId) : [part]));
  }
  return parts;
}

function splitMention(text, label, userId) {
  const at = text.indexOf(label);
  if (at < 0) return [{ type: "text", data: { text } }];
  const rest = text.slice(at + label.length);
  return [
    ...(at > 0 ? [{ type: "text", data: { text: text.slice(0, at) } }] : []),
    { type: "at", data: { qq: String(userId) } },
    ...(rest ? [{ type: "text", data: { text: rest } }] : []),
  ];
}
