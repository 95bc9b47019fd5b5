/** The header: how far the scenario is, and whether the bot is connected. */

import { api } from "./api.js";
import { byId, setIcon } from "./dom.js";
import { attempt } from "./toast.js";

/** @param {import("./store.js").Store} store */
export function wireScenario(store) {
  const toggle = byId("play-toggle");
  const speed = byId("play-speed");
  toggle.addEventListener("click", () => attempt(() => api.play({ action: nextAction(store.state?.scenario) })));
  speed.addEventListener("change", () => attempt(() => api.play({ action: "speed", speed: Number(speed.value) })));
  store.addEventListener("state", () => {
    drawScenario(store.state.scenario);
    drawConnection(store.state.connected, store.botName);
  });
}

function nextAction(scenario) {
  if (scenario?.playing) return "pause";
  return scenario?.sent > 0 ? "resume" : "start";
}

function drawScenario(scenario) {
  const total = scenario?.total ?? 0;
  byId("scenario").hidden = total === 0;
  if (total === 0) return;
  const { title, sent, playing, done } = scenario;
  byId("scenario-title").textContent = title || "剧本";
  byId("scenario-count").textContent = done ? "播完了" : `${sent} / ${total}`;
  const progress = byId("scenario-progress");
  progress.max = total;
  progress.value = sent;
  const toggle = byId("play-toggle");
  const symbol = done ? "done" : playing ? "pause" : "play";
  if (toggle.dataset.symbol !== symbol) setIcon(toggle, symbol);
  toggle.dataset.symbol = symbol;
  toggle.disabled = done;
  const label = done ? "剧本播完了" : playing ? "暂停剧本" : sent > 0 ? "继续播放剧本" : "开始播放剧本";
  toggle.setAttribute("aria-label", label);
  toggle.title = label;
  showSpeed(scenario.speed);
}

function showSpeed(value) {
  const select = byId("play-speed");
  if (document.activeElement === select) return;
  const wanted = String(value);
  if (![...select.options].some((option) => option.value === wanted)) {
    const label = value > 0 ? `${value}×` : "最快";
    select.add(new Option(label, wanted));
  }
  select.value = wanted;
}

function drawConnection(connected, botName) {
  const status = byId("bot-status");
  status.dataset.connected = String(Boolean(connected));
  const text = connected ? `${botName}已连接` : `${botName}未连接`;
  const label = byId("bot-status-text");
  if (label.textContent !== text) label.textContent = text;
  status.title = connected ? "机器人正在听这个群说话" : "机器人还没有启动，或者断线了。群照样可以聊，只是没人应答。";
}
