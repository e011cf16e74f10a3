import { Asked } from "./address.js";
import { Controls } from "./controls.js";
import { Plot } from "./curve.js";
import { element, write } from "./dom.js";
import { follow } from "./stream.js";
import { length } from "../words.js";

// pause is the time between two moves that are steps of their own [ms].
const pause = 600;

// Live is the page. One question is in progress; when something is moved before its first answer
// is there, the next one waits for that, so that the page keeps up with a hand that moves.
export class Live {
  constructor(root) {
    this.root = root;
    this.asked = new Asked(location.search);
    this.controls = new Controls(root.querySelector("#controls"), (control, value) => this.move(control, value));
    this.plot = new Plot(root.querySelector(".plot"), (plan) => this.move({ name: "plan" }, length(plan)));
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this[button.dataset.do](button);
      const type = event.target.closest("[data-type]");
      if (type) this.move({ name: "session" }, type.dataset.type);
    });
    const search = root.querySelector("#search");
    search.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add(search.elements.key.value.trim());
      search.reset();
    });
    this.planField = root.querySelector("#plan");
    this.planField.addEventListener("change", () => {
      const minutes = this.planField.value;
      this.move({ name: "plan" }, minutes === "" ? "" : `${minutes} min`);
    });
    addEventListener("popstate", () => {
      clearTimeout(this.writing);
      this.asked = new Asked(location.search);
      this.ask();
      this.compare();
    });
    this.ask();
    this.compare();
  }

  // move changes what is asked.
  move(control, value) {
    if (control.name === "timer" && value !== "") this.asked.flags.delete("plan");
    this.asked.put(control, value);
    this.remember();
    this.ask();
  }

  // remember puts what is asked into the address. Moves that follow each other closely are one
  // step of the way back, and written once: browsers take only a few writes a second.
  remember() {
    clearTimeout(this.writing);
    const now = performance.now();
    if (now - (this.moved ?? -Infinity) > pause) history.pushState(null, "", this.asked.address());
    else this.writing = setTimeout(() => history.replaceState(null, "", this.asked.address()), pause / 2);
    this.moved = now;
  }

  // step puts what is asked into the address, as a step of the way back.
  step() {
    clearTimeout(this.writing);
    this.moved = undefined;
    history.pushState(null, "", this.asked.address());
  }

  // add offers another key to move.
  add(key) {
    if (key === "") return;
    this.asked.also.add(key);
    this.step();
    this.ask();
  }

  // ask asks what the address says.
  ask() {
    this.root.dataset.asked = this.asked.query();
    if (this.inProgress && !this.answered) {
      this.next = true;
      return;
    }
    this.inProgress?.abort();
    this.finding?.abort();
    const now = new AbortController();
    this.inProgress = now;
    this.answered = this.next = false;
    const query = this.asked.query();
    const first = () => {
      if (this.answered) return;
      this.answered = true;
      if (this.next) this.ask();
    };
    follow(`answer?${query}`, now.signal, (part) => {
      if (now !== this.inProgress) return;
      this.show(part, query);
      first();
    }).then(() => {
      if (now === this.inProgress) this.root.dataset.whole = query;
    }, (error) => {
      if (now !== this.inProgress || error.name === "AbortError") return;
      this.problem(error.message);
      first();
    });
  }

  // show paints a part of an answer.
  show(part, query) {
    if (part.error !== undefined) {
      this.problem(part.error);
      this.asked.also = new Set([...this.asked.also].filter((key) => !part.error.includes(`"${key}"`)));
    }
    for (const name of ["cost", "range", "full", "phases"]) {
      if (part[name]) this.say(name, part[name].text);
    }
    if (part.type) this.type(part.type);
    if (!part.screen) return;
    if (this.root.dataset.query !== query) this.clear();
    this.screen = part.screen;
    this.problem("");
    this.paint();
    this.root.dataset.state = this.screen.settled ? "settled" : "coarse";
    this.root.dataset.query = query;
  }

  // clear takes away what belongs to another question and is not there yet for this one.
  clear() {
    for (const name of ["cost", "range", "full", "phases"]) this.say(name, name === "full" ? "" : "…");
    for (const line of this.root.querySelectorAll("#types tbody tr")) line.classList.add("old");
  }

  paint() {
    const s = this.screen;
    this.root.querySelector(".phases").hidden = !s.stints;
    this.root.querySelector(".plan").hidden = Boolean(s.stints);
    if (document.activeElement !== this.planField) this.planField.value = s.plan / 60;
    this.say("name", s.name);
    this.say("cap", s.cap);
    this.say("note", s.note);
    this.say("offer", s.offer);
    this.say("verdict", s.verdict);
    this.root.querySelector(".verdict").classList.toggle("holds", s.holds);
    this.say("ends", s.ends ? `What ends longer sessions next: ${s.ends}. ${s.means}` : "");
    this.say("at", `at ${s.at}`);
    this.say("refused", `${s.refused}.`);
    this.say("basis", s.basis);
    this.say("command", s.command);
    this.say("plot", `Share of sessions that fail, by length; shaded: its interval. Dot: the cap. Blue upright: your plan${s.limit > 0 ? `; dashed upright: the limit, ${length(s.limit)}` : ""}.${this.pinned ? " Dashed curve: as pinned." : ""}`);
    document.title = s.title;
    this.rows("causes", s.causes.map((c) => element("tr", { title: c.means }, element("th", { scope: "row" }, c.name), element("td", { class: "figure" }, c.text))));
    const stints = this.root.querySelector("#stints");
    stints.hidden = !s.stints;
    this.rows("stints", (s.stints ?? []).map((c) => element("tr", {}, element("th", { scope: "row" }, c.ends), element("td", { class: "figure" }, c.fails), element("td", {}, c.holds ? "yes" : "no"))));
    this.controls.paint(s.controls);
    this.plot.paint(s, this.pinned);
    this.change();
  }

  // change says by how much the cap differs from the pinned one.
  change() {
    const { screen: s, pinned: p } = this;
    let text = "";
    if (s && p && !s.settled) text = `pinned: ${p.cap}; refining`;
    else if (s && p) {
      const by = s.seconds - p.seconds;
      const same = by === 0 ? "the same as pinned" : `${length(Math.abs(by))} ${by > 0 ? "longer" : "shorter"} than pinned`;
      text = `${s.atEdge || p.atEdge ? "at the longest length looked at" : same} (${p.cap})`;
    }
    this.say("change", text);
  }

  // type shows the line of a session type.
  type(t) {
    const body = this.root.querySelector("#types tbody");
    const id = `type-${t.id}`;
    let line = body.querySelector(`#${CSS.escape(id)}`);
    if (!line) {
      line = element("tr", { id });
      body.append(line);
    }
    line.classList.remove("old");
    const choose = element("button", { type: "button", class: "link", "data-type": t.id }, t.name);
    line.replaceChildren(element("th", { scope: "row" }, choose), element("td", { class: "cap" }, t.cap), element("td", { class: "note" }, t.note), element("td", {}, t.ends));
  }

  rows(id, rows) {
    this.root.querySelector(`#${id} tbody`).replaceChildren(...rows);
  }

  problem(text) {
    this.say("problem", text);
    if (text) this.root.dataset.state = "problem";
  }

  say(name, text) {
    write(this.root.querySelector(`[data-say="${name}"]`), text);
  }

  // compare asks for what is pinned.
  compare() {
    const { pin } = this.asked;
    this.root.querySelector('[data-do="unpin"]').hidden = pin === null;
    this.comparing?.abort();
    this.pinned = null;
    if (pin === null) {
      if (this.screen) this.paint();
      return;
    }
    const now = new AbortController();
    this.comparing = now;
    follow(`answer?${pin}`, now.signal, (part) => {
      if (!part.screen?.settled) return;
      this.pinned = part.screen;
      if (this.screen) this.paint();
    }, "brief").catch((error) => {
      if (error.name !== "AbortError") this.problem(error.message);
    });
  }

  pin() {
    this.asked.pin = this.asked.query();
    this.step();
    this.compare();
  }

  unpin() {
    this.asked.pin = null;
    this.step();
    this.compare();
  }

  reset() {
    const { pin } = this.asked;
    this.asked = new Asked("");
    this.asked.pin = pin;
    this.step();
    this.ask();
  }

  async copy(button) {
    await navigator.clipboard.writeText(this.screen.command);
    this.tell(button, "Copied");
  }

  // tell says on a button, for a moment, what has become of it.
  tell(button, text) {
    const usual = (button.usual ??= button.textContent);
    button.textContent = text;
    setTimeout(() => { button.textContent = usual; }, 1500);
  }

  // save saves a file of the answer.
  async save(button) {
    const { file } = button.dataset;
    button.disabled = true;
    try {
      const response = await fetch(`${file}?${this.asked.query()}`, { headers: { "X-Budget": "file" } });
      if (!response.ok) throw new Error(await response.text());
      const url = URL.createObjectURL(await response.blob());
      element("a", { href: url, download: file }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
      this.tell(button, "Saved");
    } catch (error) {
      this.problem(error.message);
    } finally {
      button.disabled = false;
    }
  }

  // find looks for the range over all that is unknown.
  find() {
    this.finding?.abort();
    const now = new AbortController();
    this.finding = now;
    this.say("full", "Some seconds …");
    follow(`range?${this.asked.query()}`, now.signal, (part) => {
      if (part.full) this.say("full", part.full.text);
      if (part.error !== undefined) this.problem(part.error);
    }).catch((error) => {
      if (error.name === "AbortError") return;
      this.say("full", "");
      this.problem(error.message);
    });
  }

  // sheet opens and closes the assumptions where the page is narrow.
  sheet(button) {
    const open = this.root.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    write(button, open ? "Show the answer" : "Change assumptions");
    scrollTo(0, 0); // the cap stays in sight above the sheet
  }
}
