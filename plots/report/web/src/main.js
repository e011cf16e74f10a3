import "uplot/dist/uPlot.min.css";
import "./page.css";
import { Cells } from "./cells.js";
import { unpack } from "./data.js";
import { Panel } from "./panel.js";
import { Rules } from "./rules.js";
import { buttons } from "./save.js";
import { sortable } from "./tables.js";

// Rows that stand for themselves can be sorted.
for (const table of document.querySelectorAll(".wide > table:not(:has([rowspan]))")) {
  if (table.tHead && table.tBodies[0]?.rows.length > 2) sortable(table);
}
buttons(document.querySelector("main"));

// Without a browser that unpacks gzip the page stays as it is without scripts.
const packed = document.getElementById("data");
if (packed && "DecompressionStream" in window) {
  unpack(packed).then((data) => {
    const panel = new Panel(document.getElementById("panel"), data);
    if (data.cells.length > 1) panel.cells = new Cells(document.getElementById("cells-part"), panel);
    const rules = document.getElementById("rules");
    if (rules) new Rules(rules, data.rules);
  });
}
