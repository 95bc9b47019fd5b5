/** Times, colours and initials. The group lives in China, whatever zone the visitor's computer is in. */

const ZONE = "Asia/Shanghai";
const PARTS = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, year: "numeric", month: "numeric", day: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const SEPARATOR_AFTER_S = 300;

function partsOf(seconds) {
  const parts = {};
  for (const { type, value } of PARTS.formatToParts(seconds * 1000)) parts[type] = value;
  return parts;
}

/**
 * @param {number} seconds unix time of a message
 * @param {number|null} before unix time of the message above it, null at the top of the log
 * @returns {string|null} what stands between the two, null when they belong together
 */
export function separator(seconds, before) {
  const now = partsOf(seconds);
  const clock = `${now.hour}:${now.minute}`;
  if (before === null) return `${now.year}年${now.month}月${now.day}日 ${clock}`;
  const then = partsOf(before);
  if (then.day !== now.day || then.month !== now.month || then.year !== now.year) {
    return `${now.month}月${now.day}日 ${clock}`;
  }
  return seconds - before >= SEPARATOR_AFTER_S ? clock : null;
}

/** @returns {string} date and time to the minute, for titles and screen readers */
export function fullTime(seconds) {
  const p = partsOf(seconds);
  return `${p.year}年${p.month}月${p.day}日 ${p.hour}:${p.minute}`;
}

/** @returns {string} the character that stands for a name in its avatar */
export function initial(name) {
  const letter = /[\p{L}\p{N}]/u.exec(name ?? "");
  return letter ? letter[0].toUpperCase() : "灯";
}

/** @returns {number} a hue in degrees, always the same for the same person */
export function hueOf(userId) {
  let hash = Number(userId) % 2147483647;
  hash = (hash * 48271) % 2147483647;
  return hash % 360;
}

/** @returns {string} a count that fits a badge */
export function badgeCount(count) {
  return count > 99 ? "99+" : String(count);
}
