/** The simulator's HTTP interface. Every failure becomes an Error with one Chinese sentence. */

const UNREACHABLE = "连不上模拟器，请确认它还在运行。";
const BY_STATUS = {
  400: "模拟器没看懂这次操作。",
  403: "这个人没有权限这样做。",
  404: "没有找到这条消息或这个人。",
  413: "这张图片太大了，换一张小一点的。",
  415: "这种图片放不进去，请用 PNG 或 JPEG。",
  422: "模拟器没看懂这次操作。",
};
const CHINESE = /\p{Script=Han}/u;

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(UNREACHABLE);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(explain(response.status, body));
  return body;
}

function explain(status, body) {
  const said = body?.detail ?? body?.error ?? body?.message;
  if (typeof said === "string" && CHINESE.test(said)) return said;
  return BY_STATUS[status] ?? `模拟器出错了（${status}），请再试一次。`;
}

function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const api = {
  state: () => request("/api/state"),
  members: (groupId) => request(`/api/members?group_id=${groupId}`),
  sent: () => request("/api/sent"),

  /**
   * @param {{groupId?: number, peer?: number}} chat
   * @param {{before?: number, limit?: number}} [page]
   * @returns {Promise<object[]>} oldest first
   */
  async messages(chat, { before, limit = 100 } = {}) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (chat.groupId) query.set("group_id", String(chat.groupId));
    else query.set("peer", String(chat.peer));
    if (before !== undefined) query.set("before", String(before));
    const answer = await request(`/api/messages?${query}`);
    const messages = Array.isArray(answer) ? answer : answer.messages;
    return messages.sort((a, b) => a.index - b.index);
  },

  say: (body) => post("/api/say", body),
  recall: (as, messageId) => post("/api/recall", { as, message_id: messageId }),
  event: (body) => post("/api/event", body),
  play: (body) => post("/api/play", body),
  flood: (body) => post("/api/flood", body),
  friend: (userId, friend) => post("/api/friend", { user_id: userId, friend }),
  faults: (body) => post("/api/faults", body),

  /** @param {Blob} picture a PNG or JPEG @returns {Promise<{file: string, url: string}>} */
  upload: (picture) =>
    request("/api/upload", {
      method: "POST",
      headers: { "content-type": picture.type },
      body: picture,
    }),
};
