/**
 * Building DOM nodes. Everything a person or the bot wrote goes through `text`
 * or a string child, so it always ends up as a text node and never as markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [options] `class`, `text`, `on` (listeners),
 *   `data` (dataset); every other key is set as an attribute (booleans toggle it).
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) applyOption(node, key, value);
  for (const child of children) if (child) node.append(child);
  return node;
}

function applyOption(node, key, value) {
  if (value === undefined || value === null) return;
  if (key === "class") node.className = value;
  else if (key === "text") node.textContent = value;
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key === "on") {
    for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
  } else if (typeof value === "boolean") node.toggleAttribute(key, value);
  else node.setAttribute(key, String(value));
}

/** @param {string} id @returns {any} the element with this id, which the page must have */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no element #${id}`);
  return node;
}

/** @param {string} name a symbol of icons.svg */
export function icon(name, extraClass = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extraClass}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Points an existing icon at another symbol. */
export function setIcon(svg, name) {
  svg.querySelector("use").setAttribute("href", `icons.svg#${name}`);
}

/** @returns {URL|null} the address if it may be opened or loaded: http or https only */
export function webAddress(value) {
  if (typeof value !== "string") return null;
  try {
    const url = new URL(value, location.href);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}
