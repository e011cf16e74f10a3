import { capAt, nearest } from "./answer.js";
import * as chart from "./chart.js";
import { capText, length } from "./words.js";

// Panel is the part of the page that answers "what if": its form says what is asked, its
// outputs what the caps are then.
export class Panel {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.form = root.querySelector("form");
    this.plot = root.querySelector(".plot");
    this.restore();
    this.form.addEventListener("input", (event) => this.answer(event.target));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.plot.addEventListener("keydown", (event) => this.walk(event));
    new ResizeObserver(() => this.uplot && chart.fit(this.uplot, this.plot)).observe(this.plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    root.hidden = false;
    this.answer();
    if (location.hash.startsWith("#what-if")) {
      root.closest("details").open = true;
      root.closest("section").scrollIntoView();
    }
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  number(name) {
    return Number(this.field(name)?.value ?? 0);
  }

  // answer reads the form and says what the caps are. The control that was moved last
  // keeps its value where not every combination of levels is a cell.
  answer(moved) {
    const { data } = this;
    const levels = data.columns.map((_, k) => this.number(`column-${k}`));
    const picked = moved?.name?.startsWith("column-") ? Number(moved.name.slice(7)) : -1;
    const cell = data.cells[nearest(data.cells, levels, picked)];
    cell.levels.forEach((level, k) => {
      this.field(`column-${k}`).value = level;
    });
    const tolerance = this.number("tolerance"), confidence = this.number("confidence"), reading = this.number("reading");
    this.say("tolerance", data.tolerances[tolerance].text);
    this.say("confidence", data.confidences[confidence].text);

    const rows = cell.sessions.map((curves, s) => ({ session: data.sessions[s], curve: curves?.[reading] }));
    const session = this.number("session");
    const { curve } = rows[session];
    const cap = capAt(data, curve, tolerance, confidence);
    const { cap: text, upper } = capText(cap);
    this.say("cap", text);
    this.say("upper", upper);
    this.say("fails", cap.fails || "–");
    this.say("binding", cap.binding || "–");
    this.say("leaves", cap.leaves || "–");
    this.say("command", `${data.command} --tolerance "${data.tolerances[tolerance].text}" --confidence "${data.confidences[confidence].text}"`);

    const body = this.root.querySelector("#cell-caps tbody");
    body.replaceChildren(...rows.filter((row) => row.curve).map((row) => {
      const found = capAt(data, row.curve, tolerance, confidence);
      const words = capText(found);
      const line = document.createElement("tr");
      line.append(element("th", row.session.name, { scope: "row" }), element("td", words.cap, { class: "cap" }), element("td", words.upper, { class: "note" }),
        element("td", found.fails, { class: "figure" }), element("td", found.leaves, { class: "figure" }), element("td", found.binding));
      return line;
    }));

    this.shown = { curve, cap: cap.cap, tolerance: data.tolerances[tolerance].value, limit: rows[session].session.limit };
    this.draw();
    this.root.querySelector(".plot-words").textContent = `${rows[session].session.name}: share of sessions that fail, by length. Shaded: its interval by itself; caps take a wider one, for all of them together. ` +
      `Dotted: the tolerance, ${data.tolerances[tolerance].text}.` + (cap.cap > 0 ? ` Dot: the cap, ${length(cap.cap)}.` : "") +
      (this.shown.limit > 0 ? ` Dashed: the limit, ${length(this.shown.limit)}.` : "");
    this.cells?.answer();
    if (moved) this.remember();
  }

  // draw draws the chart once the page is next painted, however often it is asked to.
  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.uplot = chart.draw(this.plot, this.shown, this.field("logarithmic").checked);
    });
  }

  // walk moves the cursor of the chart by the arrow keys.
  walk(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    chart.step(this.uplot, event.shiftKey ? 10 * by : by);
  }

  say(name, text) {
    this.root.querySelector(`[data-say="${name}"]`).textContent = text;
  }

  // remember keeps what is asked in the page's address, and restore takes it from there.
  remember() {
    history.replaceState(null, "", `#what-if?${new URLSearchParams(new FormData(this.form))}`);
  }

  restore() {
    const [id, asked] = location.hash.slice(1).split("?");
    if (id !== "what-if" || !asked) return;
    for (const [name, value] of new URLSearchParams(asked)) {
      const field = this.field(name);
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
  }
}

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  e.textContent = text;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}
