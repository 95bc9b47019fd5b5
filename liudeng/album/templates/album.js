"use strict";

// Everything the search needs stands in the page itself: it works from a folder, without a server.

const DROPPED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\uFE00-\uFE0F]/gu;
const AROUND = 14;

/** The form in which two texts that a reader takes for the same are equal. */
function fold(text) {
  return text.normalize("NFKC").toLowerCase().normalize("NFKC").replace(DROPPED, "");
}

function pairs(folded) {
  const found = new Set();
  for (let at = 0; at + 1 < folded.length; at += 1) found.add(folded.slice(at, at + 2));
  return found;
}

class Shelf {
  constructor(entries) {
    this.entries = entries.map((entry) => {
      const folded = fold(`${entry.names}\n${entry.words}`);
      return { ...entry, folded, pairs: pairs(folded) };
    });
  }

  /** Entries that hold every word; failing that, those that hold most of what was typed. */
  find(typed) {
    const words = typed.split(/\s+/).map(fold).filter(Boolean);
    if (!words.length) return null;
    const exact = this.entries.filter((entry) => words.every((word) => entry.folded.includes(word)));
    if (exact.length) return { entries: exact, exact: true, words };
    const wanted = [...pairs(words.join(""))];
    const near = this.entries.filter((entry) => {
      const held = wanted.filter((pair) => entry.pairs.has(pair)).length;
      return wanted.length > 1 && held / wanted.length >= 0.6;
    });
    return { entries: near, exact: false, words };
  }
}

/** Where a folded word stands in a text as it was written: [start, end], or nothing. */
function place(text, word) {
  let folded = "";
  const origins = [];
  let at = 0;
  for (const character of text) {
    const piece = fold(character);
    for (let step = 0; step < piece.length; step += 1) origins.push([at, at + character.length]);
    folded += piece;
    at += character.length;
  }
  const start = folded.indexOf(word);
  return start < 0 ? null : [origins[start][0], origins[start + word.length - 1][1]];
}

function showExcerpt(target, text, words) {
  target.replaceChildren();
  const spot = words.map((word) => place(text, word)).find(Boolean);
  target.hidden = !spot;
  if (!spot) return;
  const [start, end] = spot;
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, end);
  target.append(
    (from ? "…" : "") + text.slice(from, start).replaceAll("\n", " "),
    mark,
    text.slice(end, to).replaceAll("\n", " ") + (to < text.length ? "…" : ""),
  );
}

function startSearch(form) {
  const field = form.querySelector("input");
  const result = form.querySelector(".result");
  const months = document.querySelector(".months");
  const cards = new Map([...document.querySelectorAll(".card")].map((card) => [card.dataset.id, card]));
  const shelf = new Shelf(JSON.parse(document.getElementById("texts").textContent));

  function show(found) {
    const kept = found && new Map(found.entries.map((entry) => [String(entry.id), entry]));
    for (const [id, card] of cards) {
      const entry = kept ? kept.get(id) : null;
      card.hidden = Boolean(kept) && !entry;
      const excerpt = card.querySelector(".found");
      if (entry) showExcerpt(excerpt, entry.words, found.words);
      else excerpt.hidden = true;
    }
    for (const group of document.querySelectorAll(".day, .month")) {
      group.hidden = !group.querySelector(".card:not([hidden])");
    }
    if (months) months.hidden = Boolean(found);
    result.textContent = describe(found);
  }

  function describe(found) {
    if (!found) return "";
    if (!found.entries.length) return "没有找到，换一个词试试";
    return found.exact ? `找到 ${found.entries.length} 封` : `没有一样的，这 ${found.entries.length} 封相近`;
  }

  function typed() {
    show(shelf.find(field.value));
    const hash = field.value.trim() ? `#q=${encodeURIComponent(field.value.trim())}` : "#entries";
    try {
      history.replaceState(null, "", hash);
    } catch {
      // Some browsers do not let a page in a folder change its address.
    }
  }

  function fromAddress() {
    if (!location.hash.startsWith("#q=")) return;
    field.value = decodeURIComponent(location.hash.slice(3));
    show(shelf.find(field.value));
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.querySelector(".card:not([hidden]) a")?.focus();
  });
  field.addEventListener("input", typed);
  addEventListener("hashchange", fromAddress);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && document.activeElement === field) {
      field.value = "";
      typed();
    }
  });
  fromAddress();
}

function startTurning() {
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && document.querySelector(`.turn a[rel="${rel}"]`);
    if (link) location.assign(link.href);
  });
}

const form = document.querySelector(".search");
if (form) startSearch(form);
if (document.querySelector(".turn")) startTurning();
document.documentElement.dataset.ready = "";
