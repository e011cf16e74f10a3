import { Asked } from "./address.js";
import { Controls } from "./controls.js";
import { Plot } from "./curve.js";
import { element, write } from "./dom.js";
import { follow } from "./stream.js";
import { length } from "../words.js";

// Live is the page. One question is in progress; when something is moved before its first answer
// is there, the next one waits for that, so that the page keeps up with a hand that moves.
export class Live {
  constructor(root) {
    this.root = root;
    this.asked = new Asked(location.search);
    this.controls = new Controls(root.querySelector("form"), (control, value) => this.move(control, value));
    this.plot = new Plot(root.querySelector(".plot"), (plan) => this.move({ name: "plan" }, length(plan)));
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this[button.dataset.do](button);
      const type = event.target.closest("[data-type]");
      if (type) this.move({ name: "session" }, type.dataset.type);
    });
    addEventListener("popstate", () => {
      this.asked = new Asked(location.search);
      this.ask();
      this.compare();
    });
    this.ask();
    this.compare();
  }

  // move changes what is asked, and the address with it. Moves that follow each other closely
  // are one step of the way back.
  move(control, value) {
    if (control.name === "timer" && value !== "") this.asked.flags.delete("plan");
    this.asked.put(control, value);
    const now = performance.now();
    const write = now - (this.written ?? -Infinity) < 1000 ? "replaceState" : "pushState";
    this.written = now;
    history[write](null, "", this.asked.address());
    this.ask();
  }

  // ask asks what the address says.
  ask() {
    if (this.inProgress && !this.answered) {
      this.next = true;
      return;
    }
    this.inProgress?.abort();
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
    if (part.error !== undefined) this.problem(part.error);
    if (part.cost) this.say("cost", part.cost.text);
    if (part.type) this.type(part.type);
    if (!part.screen) return;
    this.screen = part.screen;
    this.problem("");
    this.paint();
    this.root.dataset.state = this.screen.settled ? "settled" : "coarse";
    this.root.dataset.query = query;
  }

  paint() {
    const s = this.screen;
    this.say("name", s.name);
    this.say("cap", s.cap);
    this.say("note", s.note);
    this.say("offer", s.offer ? `Of the menu, offer at most ${s.offer}.` : "");
    this.say("verdict", s.verdict);
    this.root.querySelector(".verdict").classList.toggle("holds", s.holds);
    this.say("ends", s.ends ? `What ends longer sessions next: ${s.ends}. ${s.means}` : "");
    this.say("at", `at ${s.at}`);
    this.say("refused", `${s.refused}.`);
    this.say("basis", s.basis);
    this.say("command", s.command);
    this.say("plot", `Share of sessions that fail, by length; shaded: its interval. Dot: the cap. Blue line: your plan${s.limit > 0 ? `; dashed: the limit, ${length(s.limit)}` : ""}.`);
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
    history.pushState(null, "", this.asked.address());
    this.compare();
  }

  unpin() {
    this.asked.pin = null;
    history.pushState(null, "", this.asked.address());
    this.compare();
  }

  reset() {
    const { pin } = this.asked;
    this.asked = new Asked("");
    this.asked.pin = pin;
    history.pushState(null, "", this.asked.address());
    this.ask();
  }

  async copy(button) {
    await navigator.clipboard.writeText(this.screen.command);
    const text = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = text; }, 1500);
  }

  // sheet opens and closes the assumptions where the page is narrow.
  sheet(button) {
    const open = this.root.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    write(button, open ? "Show the answer" : "Change assumptions");
  }
}
