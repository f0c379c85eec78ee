"use strict";
// The pages work without this script but for the search. It never makes HTML out of text.

// Document page: what is pointed at or focused, and its card.
(function () {
  const cards = new Map();
  for (const card of document.querySelectorAll(".card[data-q]")) cards.set(card.dataset.q, card);
  if (!cards.size) return;
  const pieces = new Map();
  for (const piece of document.querySelectorAll(".raw [data-q]")) {
    for (const number of piece.dataset.q.split(" ")) {
      if (!pieces.has(number)) pieces.set(number, []);
      pieces.get(number).push(piece);
    }
  }
  const scroll = document.querySelector(".cards .scroll");
  // Beside the text the cards scroll; below it, on a phone, the chosen one is pinned to the foot of the screen.
  const beside = window.matchMedia("(min-width: 62rem)");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "Close";
  let pinned = null;
  function pin(card) {
    if (card === pinned) return;
    if (pinned) pinned.classList.remove("pinned");
    close.remove();
    pinned = card;
    if (!card) return;
    card.prepend(close);
    card.classList.add("pinned");
    card.scrollTop = 0;
  }
  function labelOf(card) {
    return document.getElementById("q-" + card.id.slice(2));
  }
  function unpin() {
    const card = pinned;
    const inside = card && card.contains(document.activeElement);
    // The label, focused again, is not to pin the card again.
    if (inside) labelOf(card).focus({ preventScroll: true });
    pin(null);
  }
  let shown = null;
  function show(number, bring) {
    if (number === shown) return;
    for (const [one, on] of [[shown, false], [number, true]]) {
      for (const piece of pieces.get(one) || []) piece.classList.toggle("on", on);
      if (cards.has(one)) cards.get(one).classList.toggle("on", on);
    }
    shown = number;
    const card = cards.get(number);
    if (card && bring && scroll.scrollHeight > scroll.clientHeight) {
      scroll.scrollTop = card.offsetTop - scroll.offsetTop - 40;
    }
  }
  function numberOf(target) {
    const piece = target.closest("[data-q]");
    if (piece) return piece.dataset.q.split(" ").pop();
    const label = target.closest(".label");
    const card = label && document.getElementById(label.hash.slice(1));
    return card ? card.dataset.q : null;
  }
  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, function (event) {
      // A finger does not point: what it passes while it scrolls is not chosen.
      if (kind === "mouseover" && !beside.matches) return;
      const number = numberOf(event.target);
      const card = event.target.closest(".card");
      if (number !== null) show(number, !card);
      if (beside.matches) return;
      if (!card && number !== null) {
        pin(cards.get(number));
        event.target.scrollIntoView({ block: "nearest" });
      } else if (card !== pinned) {
        pin(null);
      }
    });
  }
  document.addEventListener("click", function (event) {
    if (beside.matches) return;
    if (event.target === close) {
      unpin();
      return;
    }
    if (event.target.closest(".card") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const number = numberOf(event.target);
    if (number === null) return;
    // The label leads to its card, which is here now.
    event.preventDefault();
    show(number, false);
    const card = cards.get(number);
    pin(card);
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && pinned) unpin();
  });
  beside.addEventListener("change", function () { pin(null); });
  function ofAddress() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const number = target && numberOf(target);
    if (!number) return;
    show(number, true);
    if (!beside.matches && target.closest(".raw")) pin(cards.get(number));
  }
  window.addEventListener("hashchange", ofAddress);
  ofAddress();
})();

// First page: the search. Its index comes in scripts that call onTheRecord.
(function () {
  const form = document.querySelector("form[data-buckets]");
  if (!form) return;
  const STOP_WORDS = new Set((
    "a an and are as at be been but by for from had has have he her his i in is it its no not of on or our she " +
    "that the their them they this to was we were will with would you"
  ).split(" "));
  const LONGEST = 24, AT_ONCE = 50;
  const buckets = form.dataset.buckets.split(" ").filter(Boolean).map(Number);
  const groups = Number(form.dataset.groups);
  const input = document.getElementById("words");
  const found = document.getElementById("found");
  const results = document.getElementById("results");
  const arrived = new Map(), waiting = new Map();

  window.onTheRecord = function (name, bucket, number, content) {
    arrived.set(name + bucket + "-" + number, content);
  };
  function load(name, bucket, number) {
    const key = name + bucket + "-" + number;
    if (!waiting.has(key)) {
      const file = { words: "w" + bucket + "-" + number, entries: "e" + bucket + "-" + number,
        bucket: "b" + bucket, speakers: "speakers" }[name];
      waiting.set(key, new Promise(function (done) {
        const script = document.createElement("script");
        script.src = "search/" + file + ".js";
        script.onload = function () { done(arrived.get(key)); };
        script.onerror = function () { done(null); };
        document.head.append(script);
      }));
    }
    return waiting.get(key);
  }
  function folded(text) {
    return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  }
  function wordsOf(text) {
    return (folded(text).match(/[\p{L}\p{N}]+/gu) || []).map((word) => [...word].slice(0, LONGEST).join(""));
  }
  function groupOf(word) {
    const letters = [...word];
    return (letters[0].codePointAt(0) * 31 + (letters.length > 1 ? letters[1].codePointAt(0) : 0)) % groups;
  }
  async function entriesOf(word, bucket, asStart) {
    const index = (await load("words", bucket, groupOf(word))) || {};
    const numbers = new Set();
    const of = asStart && [...word].length > 2
      ? Object.keys(index).filter((one) => one.startsWith(word))
      : Object.prototype.hasOwnProperty.call(index, word) ? [word] : [];
    for (const one of of) {
      let number = 0;
      for (const step of index[one].split(" ")) {
        number += parseInt(step, 36);
        numbers.add(number);
      }
    }
    return numbers;
  }
  async function inBucket(words, bucket) {
    let both = null;
    for (const [at, word] of words.entries()) {
      const numbers = await entriesOf(word, bucket, at === words.length - 1);
      both = both === null ? numbers : new Set([...both].filter((number) => numbers.has(number)));
      if (!both.size) break;
    }
    // The highest numbers are the newest.
    return [...(both || [])].sort((a, b) => b - a);
  }
  async function entry(bucket, number) {
    const firsts = (await load("bucket", bucket, 0)) || [];
    let script = 0;
    while (script + 1 < firsts.length && firsts[script + 1] <= number) script += 1;
    const content = await load("entries", bucket, script);
    if (!content) return null;
    const [rows, articles] = content;
    const row = rows[number - rows[0] + 1];
    const [articleId, title, day, outlet] = articles[row[0]];
    return { articleId, title, day, outlet, anchor: row[1] || "", who: row[2] || "", text: row[3] || "" };
  }
  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function row(address, text, about) {
    const item = element("li"), link = element("a");
    link.href = address;
    link.append(element("bdi", text));
    item.append(link);
    if (about) {
      const quiet = element("span", "", "quiet");
      quiet.append(" ", element("bdi", about));
      item.append(quiet);
    }
    return item;
  }
  let latest = 0;
  async function search() {
    const mine = ++latest;
    const typed = wordsOf(input.value);
    const words = typed.filter((word) => !STOP_WORDS.has(word));
    if (!words.length) {
      results.replaceChildren();
      found.textContent = typed.length ? "These words are too common to be searched for." : "";
      return;
    }
    found.textContent = "Searching …";
    const speakers = (await load("speakers", 0, 0)) || [];
    const rows = [];
    for (const [name, page, n] of speakers) {
      const parts = wordsOf(name);
      if (words.every((word) => parts.some((part) => part.startsWith(word)))) {
        rows.push(row("speakers/" + page + ".html", name, "speaker, " + n + (n === 1 ? " quote" : " quotes")));
      }
      if (rows.length === 8) break;
    }
    const lists = await Promise.all(buckets.map((bucket) => inBucket(words, bucket)));
    if (mine !== latest) return;
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const wanted = [];
    for (let at = 0; wanted.length < AT_ONCE && lists.some((list) => at < list.length); at += 1) {
      lists.forEach((list, place) => {
        if (at < list.length && wanted.length < AT_ONCE) wanted.push([buckets[place], list[at]]);
      });
    }
    const entries = (await Promise.all(wanted.map(([bucket, number]) => entry(bucket, number)))).filter(Boolean);
    if (mine !== latest) return;
    entries.sort((a, b) => (b.anchor === "") - (a.anchor === "") || (b.day < a.day ? -1 : b.day > a.day ? 1 : 0));
    for (const one of entries) {
      const place = "documents/" + one.articleId + ".html";
      const about = [one.day, one.outlet].filter(Boolean).join(" · ");
      rows.push(one.anchor
        ? row(place + "#q-" + one.anchor, (one.who ? one.who + ": " : "") + one.text, [about, one.title].filter(Boolean).join(" · "))
        : row(place, one.title, ["document", about].filter(Boolean).join(" · ")));
    }
    results.replaceChildren(...rows);
    found.textContent = total > entries.length
      ? "Showing " + entries.length + " of " + total + " places. Add a word to see fewer."
      : total + (total === 1 ? " place found." : " places found.");
  }
  let timer = 0;
  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  if (input.value) search();
})();
