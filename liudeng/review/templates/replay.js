"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = "liudeng-replay:" + data.group + ":" + Object.keys(data.items).join(",").length +
    ":" + (Object.keys(data.items)[0] || "");
  let marks = {};
  try {
    marks = JSON.parse(localStorage.getItem(place)) || {};
  } catch {
    // Private windows and some phones keep nothing: marks then last as long as the page.
  }

  const keep = () => {
    try {
      localStorage.setItem(place, JSON.stringify(marks));
    } catch {
      // See above.
    }
  };

  const wilson = (hits, of) => {
    const z = 1.96, p = hits / of, spread = z * z / of;
    const middle = (p + spread / 2) / (1 + spread);
    const half = z * Math.sqrt(p * (1 - p) / of + spread / (4 * of)) / (1 + spread);
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  };

  const percent = (share) => Math.round(100 * share) + " %";

  const tell = () => {
    const known = Object.entries(marks).filter(([id]) => id in data.items);
    const right = known.filter(([, verdict]) => verdict === "true").length;
    const wrong = known.filter(([, verdict]) => verdict === "false").length;
    const all = Object.keys(data.items).length;
    const tally = document.getElementById("tally");
    if (!tally) return;
    if (right + wrong === 0) {
      tally.textContent = known.length ? `标了 ${known.length}/${all}，还没有能算的。` : "还没有标记。";
      return;
    }
    const [low, high] = wilson(right, right + wrong);
    tally.textContent = `标了 ${known.length}/${all}。准头 ${percent(right / (right + wrong))}` +
      `（95 % 区间 ${percent(low)}–${percent(high)}）：属实 ${right}，误报 ${wrong}。`;
  };

  const show = (item) => {
    const verdict = marks[item.dataset.id];
    for (const button of item.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
    }
  };

  for (const item of document.querySelectorAll(".item")) {
    show(item);
    item.addEventListener("click", (event) => {
      const verdict = event.target.dataset && event.target.dataset.verdict;
      if (!verdict) return;
      const id = item.dataset.id;
      if (marks[id] === verdict) delete marks[id];
      else marks[id] = verdict;
      keep();
      show(item);
      tell();
    });
  }
  tell();

  const button = document.getElementById("export");
  if (button) {
    button.addEventListener("click", () => {
      const file = {
        kind: "liudeng-replay-marks",
        version: 1,
        group: data.group,
        alerts: data.alerts,
        marks: Object.entries(data.items)
          .filter(([id]) => marks[id])
          .map(([id, item]) => ({ id, verdict: marks[id], rules: item.rules, score: item.score })),
      };
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
      link.download = `liudeng-marks-${data.group}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
