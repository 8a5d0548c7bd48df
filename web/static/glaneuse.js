/* Glaneuse's few comforts. Every page works without this file; what it keeps stays in this browser.
   It is read before the page is drawn, so that nothing moves afterwards. No markup is ever written
   as text: elements are made one by one, as Trusted Types want it. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  root.classList.toggle("can-share", "share" in navigator);
  root.classList.toggle("can-copy", "clipboard" in navigator);

  // -- what is kept, in this browser only -------------------------------------------------------

  const MOST = 300;
  const isText = (value) => typeof value === "string";
  const isOurs = (value) => isText(value) && value.startsWith("/") && !value.startsWith("//");
  const isWeb = (value) => isText(value) && /^https?:\/\//.test(value);

  const SHAPES = {
    pins: (one) => ["theme", "territory"].includes(one.kind) && isText(one.id) && isText(one.label) && isOurs(one.href),
    aside: (one) => isText(one.id) && isText(one.title) && isOurs(one.href),
  };

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(`glaneuse.${name}`));
    } catch {
      return null; // storage refused, or written by something else
    }
  }

  function write(name, value) {
    try {
      localStorage.setItem(`glaneuse.${name}`, JSON.stringify(value));
      return true;
    } catch {
      say("Votre navigateur ne permet pas de garder cela.");
      return false;
    }
  }

  function list(name) {
    const kept = read(name);
    return Array.isArray(kept) ? kept.filter((one) => one && SHAPES[name](one)) : [];
  }

  const same = (one, other) => one.id === other.id && one.kind === other.kind;
  const holds = (name, one) => list(name).some((other) => same(one, other));

  /** Put it first in the list, or take it out when it is there; whether it is in now. */
  function toggle(name, one) {
    const others = list(name).filter((other) => !same(one, other));
    const leaving = holds(name, one);
    const kept = write(name, leaving ? others : [one, ...others].slice(0, MOST));
    return kept ? !leaving : leaving;
  }

  root.classList.toggle("has-pins", list("pins").length > 0);

  // -- elements ---------------------------------------------------------------------------------

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const announced = element("p", { class: "hidden", "aria-live": "polite" });

  /** To who does not see what has just changed. */
  function say(words) {
    announced.textContent = words;
  }

  const frenchDay = (when) =>
    when.toLocaleDateString("fr-FR", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Paris" });

  // -- « Mettre de côté » -----------------------------------------------------------------------

  function articleOf(button) {
    const card = button.closest("article");
    const link = card.querySelector(".card-title a");
    const original = card.querySelector(".original, .way .button");
    return {
      id: button.dataset.keep,
      title: (link || card.querySelector("h1")).textContent.trim(),
      href: link ? new URL(link.href).pathname : location.pathname,
      original: original ? original.href : "",
      medium: (card.querySelector(".medium") || { textContent: "" }).textContent.trim(),
    };
  }

  function keepButtons() {
    for (const button of all("[data-keep]")) {
      button.setAttribute("aria-pressed", holds("aside", { id: button.dataset.keep }));
      button.addEventListener("click", () => {
        const kept = toggle("aside", articleOf(button));
        button.setAttribute("aria-pressed", kept);
        say(kept ? "Mis de côté, sur cet appareil." : "Retiré de ce qui est de côté.");
      });
    }
  }

  function remover(label, act) {
    const button = element("button", { type: "button", class: "quiet-button" }, "Retirer", element("span", { class: "hidden" }, ` ${label}`));
    button.addEventListener("click", act);
    return button;
  }

  const LONGEST = 1800; // characters of an address that mail programs take

  /** A letter (RFC 6068) with what is put aside: as many as its address can hold, the newest first. */
  function letterOf(kept) {
    const lines = kept.map((one) => `${one.title}${one.medium ? ` (${one.medium})` : ""}\r\n${isWeb(one.original) ? one.original : new URL(one.href, location.href).href}`);
    const address = (some) => `mailto:?subject=${encodeURIComponent("Des articles à lire")}&body=${encodeURIComponent(`Bonjour,\r\n\r\n${some.join("\r\n\r\n")}\r\n`)}`;
    while (lines.length > 1 && address(lines).length > LONGEST) lines.pop();
    return address(lines);
  }

  function shelfPage() {
    const page = document.querySelector("[data-shelf]");
    if (!page) return;
    const draw = () => {
      fill("aside", (one) => [
        element("span", {},
          element("a", { href: one.href }, one.title),
          element("span", { class: "quiet host" }, isText(one.medium) && one.medium ? ` ${one.medium}` : "")),
        ...(isWeb(one.original) ? [element("a", { href: one.original, rel: "noopener", class: "original" }, "Lire", element("span", { class: "hidden" }, ` : ${one.title}`))] : []),
      ], (one) => one.title);
      page.querySelector("[data-send]").href = letterOf(list("aside"));
      fill("pins", (one) => [element("a", { href: one.href }, one.label)], (one) => one.label);
    };
    const fill = (name, shown, label) => {
      const place = page.querySelector(`[data-list="${name}"]`);
      const kept = list(name);
      place.replaceChildren(...kept.map((one) => element("li", {}, ...shown(one), remover(label(one), () => {
        toggle(name, one);
        draw();
        say(`${label(one)} : retiré.`);
        page.querySelector(`[data-heading="${name}"]`).focus();
      }))));
      place.hidden = !kept.length;
      for (const one of all(`[data-some="${name}"]`, page)) one.hidden = !kept.length;
      page.querySelector(`[data-none="${name}"]`).hidden = kept.length > 0;
    };
    page.querySelector("[data-forget]").addEventListener("click", () => {
      for (const name of ["aside", "pins", "free", "visits"]) localStorage.removeItem(`glaneuse.${name}`);
      page.querySelector("[data-free]").checked = false;
      draw();
      say("Tout est effacé de cet appareil.");
    });
    draw();
  }

  // -- pins: what the home page follows ---------------------------------------------------------

  function pinButtons() {
    for (const button of all("[data-pin]")) {
      const one = { kind: button.dataset.pin, id: button.dataset.id, label: button.dataset.label, href: button.dataset.href };
      button.setAttribute("aria-pressed", holds("pins", one));
      button.addEventListener("click", () => {
        const pinned = toggle("pins", one);
        button.setAttribute("aria-pressed", pinned);
        say(pinned ? "Épinglé : l’accueil le suivra, sur cet appareil." : "N’est plus épinglé.");
      });
    }
  }

  const asked = (kind, name) => list("pins").filter((one) => one.kind === kind).map((one) => [name, one.id]);

  async function latest(address, wanted) {
    if (!wanted.length) return [];
    const answer = await fetch(`${address}?${new URLSearchParams([...wanted, ["sort", "date"], ["limit", "8"]])}`);
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).hits;
  }

  async function followed() {
    const place = document.querySelector("[data-mine]");
    if (!place || !list("pins").length) return;
    try {
      const found = await Promise.all([latest(place.dataset.mine, asked("theme", "theme")), latest(place.dataset.mine, asked("territory", "territory"))]);
      const each = new Map(found.flat().map((hit) => [hit.id, hit]));
      const newest = [...each.values()].sort((a, b) => (b.published || "").localeCompare(a.published || ""));
      const shown = freeFirst() ? [...newest.filter(isFree), ...newest.filter((hit) => !isFree(hit))] : newest;
      place.replaceChildren(...(shown.length ? shown.slice(0, 6).map(brief) : [element("p", { class: "quiet" }, "Rien pour l’instant dans ce que vous suivez.")]));
    } catch {
      place.replaceChildren(element("p", { class: "quiet" }, "Ce que vous suivez n’a pas pu être lu. Réessayez dans un moment."));
    }
  }

  const isFree = (hit) => hit.access === "libre";

  /** Apostrophes and spaces as French wants them; the API gives what sources wrote. */
  const typeset = (text) =>
    text.replace(/(\p{L})'/gu, "$1’").replace(/ +([;!?])/g, "\u202f$1").replace(/ +([:»])/g, "\u00a0$1").replace(/« +/g, "«\u00a0");

  function brief(hit) {
    const parts = [element("span", {}, typeset(hit.source_name))];
    if (hit.published) parts.push(element("span", {}, element("time", { datetime: hit.published.slice(0, 10) }, frenchDay(new Date(hit.published)))));
    if (hit.access === "abonnés") parts.push(element("span", { class: "access access-closed" }, "Réservé aux abonnés"));
    return element("article", { class: "card card-brief" },
      element("h3", { class: "card-title" }, element("a", { href: new URL(hit.page).pathname }, typeset(hit.title))),
      element("p", { class: "byline" }, ...parts));
  }

  // -- « Accès libre d’abord » ------------------------------------------------------------------

  const freeFirst = () => read("free") === true;

  function orderByAccess() {
    const box = document.querySelector("[data-free]");
    if (box) {
      box.checked = freeFirst();
      box.addEventListener("change", () => write("free", box.checked) && say(box.checked ? "Les articles en accès libre passeront d’abord." : "Les articles reviennent dans l’ordre des dates."));
    }
    if (!freeFirst()) return;
    for (const place of all("[data-by-access]")) {
      const cards = [...place.children];
      const free = cards.filter((card) => card.dataset.access === "libre");
      place.append(...free, ...cards.filter((card) => card.dataset.access !== "libre"));
    }
  }

  // -- since my last visit ----------------------------------------------------------------------

  const PAUSE = 30 * 60 * 1000; // pages within half an hour of each other are one visit

  function sinceLastVisit() {
    const place = document.querySelector("[data-since]");
    if (!place) return;
    const now = Date.now();
    let { last = 0, before = 0 } = read("visits") || {};
    if (now - last > PAUSE) before = last;
    write("visits", { last: now, before });
    if (!before) return;
    const since = new Date(before);
    const hour = since.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" });
    const link = place.querySelector("a");
    link.href = `${link.getAttribute("href")}?depuis=${since.toISOString().slice(0, 16)}Z`;
    link.textContent = `Depuis votre dernière visite, ${frenchDay(since)} à ${hour.replace(":", " h ")}`;
  }

  // -- sharing and copying ----------------------------------------------------------------------

  function sharing() {
    for (const button of all("[data-share]")) {
      button.addEventListener("click", async () => {
        try {
          await navigator.share({ title: document.querySelector("h1").textContent.trim(), url: button.dataset.share });
        } catch {
          // given up by the reader
        }
      });
    }
    for (const button of all("[data-copy]")) {
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
          say("Copié.");
          button.dataset.done = "";
        } catch {
          say("La copie n’a pas pu se faire : sélectionnez le texte.");
        }
      });
    }
  }

  // -- suggestions, as the ARIA Authoring Practices describe a combobox with a list -------------

  const DELAY = 120;
  const SHORTEST = 2;

  class Suggestions {
    constructor(input) {
      this.input = input;
      this.address = input.dataset.suggest;
      this.list = element("ul", { role: "listbox", id: `${input.id}-suggestions`, class: "suggestions", "aria-label": "Suggestions" });
      this.list.hidden = true;
      input.closest(".search-line").append(this.list);
      this.at = -1;
      for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) input.setAttribute(name, value);
      input.addEventListener("input", () => this.wait());
      input.addEventListener("keydown", (event) => this.press(event));
      input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
      this.list.addEventListener("click", (event) => this.follow(event.target.closest("[role=option]")));
    }

    get options() {
      return [...this.list.children];
    }

    wait() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), DELAY);
    }

    async ask() {
      const words = this.input.value.trim();
      this.asking?.abort();
      if (words.length < SHORTEST) return this.close();
      this.asking = new AbortController();
      try {
        const answer = await fetch(`${this.address}?${new URLSearchParams({ q: words })}`, { signal: this.asking.signal });
        if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).suggestions);
      } catch {
        // a newer question was asked, or the network is gone: the form still works
      }
    }

    show(found) {
      const safe = found.filter((one) => isOurs(one.address));
      this.list.replaceChildren(...safe.map((one, at) =>
        element("li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false", "data-address": one.address },
          element("span", {}, one.label), " ", element("span", { class: "kind" }, one.kind))));
      this.at = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.hidden = !safe.length;
      this.input.setAttribute("aria-expanded", String(safe.length > 0));
      if (safe.length) say(safe.length === 1 ? "1 suggestion" : `${safe.length} suggestions, flèches pour les parcourir`);
    }

    close() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.show([]);
    }

    press(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !this.list.hidden) {
        event.preventDefault();
        this.move(step);
      } else if (step === 1) {
        event.preventDefault();
        this.ask();
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault(); // the first Escape closes, the next one empties, as browsers do
        this.close();
      } else if (event.key === "Enter" && this.at >= 0) {
        event.preventDefault();
        this.follow(this.options[this.at]);
      }
    }

    /** To the next option; past the ends, back to the box itself. */
    move(step) {
      const places = this.options.length + 1;
      this.at = ((this.at + 1 + step + places) % places) - 1;
      this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
      if (this.at < 0) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", this.options[this.at].id);
      this.options[this.at].scrollIntoView({ block: "nearest" });
    }

    follow(option) {
      if (option) location.assign(option.dataset.address);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector(".footer .wrap").append(announced);
    orderByAccess();
    keepButtons();
    pinButtons();
    shelfPage();
    sinceLastVisit();
    sharing();
    followed();
    for (const input of all("input[data-suggest]")) new Suggestions(input);
  });
})();
