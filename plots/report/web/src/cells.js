import { capAt } from "./answer.js";
import { filter, sortable } from "./tables.js";
import { capText } from "./words.js";

// Cells is the table of the caps of all cells, to sort and to filter.
export class Cells {
  constructor(part, panel) {
    this.part = part;
    this.panel = panel;
    this.table = part.querySelector("table");
    this.field = part.querySelector("input");
    const { data, form } = panel;
    const titles = [...data.columns.map((_, k) => form.querySelector(`label[for="column-${k}"]`).textContent), "Session", "Safe", "Fails", "Leaves", "Ends by"];
    this.table.tHead.rows[0].append(...titles.map((text) => element("th", text, { scope: "col" })));
    sortable(this.table);
    this.field.addEventListener("input", () => this.filter());
    part.addEventListener("toggle", () => this.answer());
    part.hidden = false;
  }

  // answer fills the table for what the panel is asked, if it is to be seen.
  answer() {
    if (!this.part.open) return;
    const { panel } = this;
    const { data } = panel;
    const tolerance = panel.number("tolerance"), confidence = panel.number("confidence"), reading = panel.number("reading");
    const texts = data.columns.map((_, k) => [...panel.field(`column-${k}`).options].map((o) => o.text));
    const rows = [];
    for (const cell of data.cells) {
      cell.sessions.forEach((curves, s) => {
        const curve = curves?.[reading];
        if (!curve) return;
        const cap = capAt(data, curve, tolerance, confidence);
        const row = document.createElement("tr");
        cell.levels.forEach((level, k) => row.append(element("td", texts[k][level])));
        row.append(element("td", data.sessions[s].name), element("td", capText(cap).cap, { class: "cap", "data-key": cap.cap || 0 }),
          element("td", cap.fails, { class: "figure" }), element("td", cap.leaves, { class: "figure" }), element("td", cap.binding));
        rows.push(row);
      });
    }
    for (const title of this.table.tHead.rows[0].cells) title.removeAttribute("aria-sort");
    this.table.tBodies[0].replaceChildren(...rows);
    this.filter();
  }

  filter() {
    const shown = filter(this.table, this.field.value);
    this.part.querySelector('[data-say="cells"]').textContent = `${shown} of ${this.table.tBodies[0].rows.length} rows`;
  }
}

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  e.textContent = text;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}
