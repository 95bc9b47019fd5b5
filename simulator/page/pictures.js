/** Pictures on their way in: from the clipboard, a drop or the file dialog. */

const READY = new Set(["image/png", "image/jpeg"]);
const MAX_BYTES = 12 * 1024 * 1024;
const MAX_SIDE = 4096;

/** @param {DataTransfer|null} transfer @returns {File|null} the first picture in it */
export function pictureIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/")) ?? null;
}

/**
 * Makes a PNG or JPEG out of whatever picture the browser can read.
 * @param {File} file @returns {Promise<Blob>} throws an Error with a sentence for people
 */
export async function prepare(file) {
  if (file.size > MAX_BYTES) throw new Error("这张图片太大了，请换一张 12 MB 以内的。");
  if (READY.has(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) throw new Error("浏览器读不了这张图片，请换成 PNG 或 JPEG。");
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
