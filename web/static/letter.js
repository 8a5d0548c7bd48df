/* The letter's desk: what is typed is saved by itself; entries are dragged. All of it also works
   with the buttons alone. */
"use strict";
(() => {
  const PAUSE = 1500; // milliseconds without typing before saving
  const AGAIN = 4000; // before trying again
  const KEEPALIVE = 60000; // bytes that a browser sends for a page that is left
  const EDGE = 70; // pixels from the window's edge where dragging scrolls
  const STEP = 18;

  const form = document.getElementById("lettre");
  if (form) new class Desk {
    constructor() {
      this.key = `glaneuse-lettre-${form.dataset.letter}`;
      this.timer = 0;
      this.saving = null;
      this.changed = false;
      form.addEventListener("input", (event) => { if (this.isLetter(event.target)) this.touch(); });
      form.addEventListener("change", (event) => { if (this.isLetter(event.target)) this.touch(); });
      form.addEventListener("submit", () => { this.leaving = true; clearTimeout(this.timer); this.forget(); });
      window.addEventListener("pagehide", () => this.leave());
      document.addEventListener("visibilitychange", () => { if (document.hidden && this.changed) this.save(); });
      this.takeUp();
      drag(() => this.touch());
      // What was typed before this script was there, on a slow line.
      if ([...form.elements].some((field) => this.isLetter(field) && this.isTyped(field))) this.touch();
    }

    isTyped(field) {
      return field.matches("textarea, input[type=text]") && field.value !== field.defaultValue;
    }

    /* What one types to add something is no part of the letter yet. */
    isLetter(field) {
      return /^(objet|edito|signature|[se]-)/.test(field.name) && !field.name.endsWith("-vers");
    }

    touch() {
      this.changed = true;
      this.say("Modifications à enregistrer…");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    }

    body() {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form)) data.append(name, value);
      data.set("geste", "enregistrer");
      return data;
    }

    async save() {
      if (this.saving || this.leaving) return;
      clearTimeout(this.timer);
      this.changed = false;
      this.saving = this.send(this.body());
      const went = await this.saving;
      this.saving = null;
      if (this.leaving) return;
      if (!went) this.changed = true;
      if (this.changed && !this.closed) this.timer = setTimeout(() => this.save(), went ? PAUSE : AGAIN);
    }

    async send(data) {
      let answer;
      try {
        answer = await fetch(form.action, {
          method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual",
        });
      } catch {
        this.remember();
        this.say("Glaneuse ne répond pas : votre texte est gardé dans ce navigateur. Nouvel essai dans un instant.");
        return false;
      }
      const told = await answer.json().catch(() => null);
      if (answer.ok && told) return this.saved(told);
      if (told && told.alert) return this.refused(told.alert);
      if (answer.status === 401 || answer.type === "opaqueredirect" || answer.status === 400) return this.signedOut();
      this.remember();
      this.say("Ce n’est pas encore enregistré : votre texte est gardé dans ce navigateur. Nouvel essai dans un instant.");
      return false;
    }

    saved(told) {
      form.elements.version.value = told.version;
      this.forget();
      this.say(told.said);
      this.show("[data-size]", told.size);
      this.show("[data-alert]", told.alert);
      this.show("[data-others]", told.others && `${told.others} Rechargez la page pour voir ses changements.`);
      return true;
    }

    refused(alert) {
      this.closed = true;
      this.remember();
      this.show("[data-alert]", alert);
      this.say("");
      return false;
    }

    /* What was typed a moment ago goes with the page; it stays here too, in case it does not arrive. */
    leave() {
      if (this.leaving || !(this.changed || this.saving)) return;
      this.remember();
      const data = this.body().toString();
      if (data.length < KEEPALIVE) {
        fetch(form.action, {
          method: "POST", body: data, keepalive: true, credentials: "same-origin", redirect: "manual",
          headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        }).catch(() => {});
      }
    }

    /* Sent as a whole, the form goes through the sign-in page, which brings it back. */
    signedOut() {
      this.closed = true;
      this.remember();
      this.show("[data-alert]", "Votre session a pris fin. Appuyez sur « Enregistrer » : après votre connexion, ce que vous avez écrit reviendra ici.");
      this.say("");
      return false;
    }

    /* What could not be saved before this page was left is sent now, over the version that it was
       written on: the server brings both together. */
    async takeUp() {
      let kept = null;
      try { kept = localStorage.getItem(this.key); } catch { return; }
      if (!kept) return;
      const data = new URLSearchParams(kept);
      data.set("csrf_token", form.elements.csrf_token.value);
      const shown = form.elements.version.value;
      if (await this.send(data) && form.elements.version.value !== shown) location.reload();
    }

    remember() {
      const data = this.body();
      data.delete("csrf_token");
      try { localStorage.setItem(this.key, data.toString()); } catch { /* full, or not allowed */ }
    }

    forget() {
      try { localStorage.removeItem(this.key); } catch { /* not allowed */ }
    }

    say(text) {
      form.querySelector("[data-said]").textContent = text;
    }

    show(which, text) {
      const place = form.querySelector(which);
      place.textContent = text || "";
      place.hidden = !text;
    }
  }();

  /* By the mouse or a finger; by the keyboard there are the buttons. */
  function drag(moved) {
    let held = null;
    form.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest("[data-grip]");
      if (!grip) return;
      event.preventDefault();
      held = grip.closest("[data-entry]");
      held.classList.add("dragged");
      grip.setPointerCapture(event.pointerId);
    });
    form.addEventListener("pointermove", (event) => {
      if (!held) return;
      if (event.clientY < EDGE) window.scrollBy(0, -STEP);
      if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const other = under && under.closest("[data-entry]");
      const list = under && under.closest("[data-section]")?.querySelector(".letter-entries");
      if (other && other !== held) {
        const box = other.getBoundingClientRect();
        other[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
      } else if (list && !list.contains(under) && !list.children.length) {
        list.append(held);
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      form.addEventListener(end, () => {
        if (!held) return;
        held.classList.remove("dragged");
        held = null;
        moved();
      });
    }
  }

  /* Copy what the letter looks like, for programs where one pastes it as it is. */
  for (const button of document.querySelectorAll("[data-copy-rich]")) {
    button.addEventListener("click", async () => {
      const html = document.getElementById(button.dataset.copyRich).textContent;
      try {
        await navigator.clipboard.write([new ClipboardItem({ "text/html": new Blob([html], { type: "text/html" }) })]);
        button.textContent = "Copié";
      } catch {
        button.textContent = "La copie n’a pas pu se faire : téléchargez le fichier";
      }
    });
  }
})();
