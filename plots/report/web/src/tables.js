// sortable lets a reader sort the rows of a table by a click on a title. Numbers go before words.
export function sortable(table) {
  for (const [k, title] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => {
      const down = title.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      title.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[k]) }));
      rows.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key));
      body.append(...rows.map((r) => r.row));
    });
  }
}

// keyOf returns what a cell is sorted by: its number, of a length its seconds, or its text.
function keyOf(cell) {
  if (cell.dataset.key !== undefined) return Number(cell.dataset.key);
  const text = cell.textContent.trim();
  const parts = [...text.matchAll(/(-?[0-9.]+)\s*(h|min|s)\b/g)];
  if (parts.length > 0) return parts.reduce((sum, [, n, unit]) => sum + n * { h: 3600, min: 60, s: 1 }[unit], 0);
  const number = parseFloat(text.replace("<", ""));
  return Number.isNaN(number) ? text : number;
}

function compare(a, b) {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return typeof a === "number" ? a - b : a.localeCompare(b, "en");
}

// filter shows the rows of a table that have all words of a text, and returns how many.
export function filter(table, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const own = [...row.cells].map((c) => c.textContent).join(" ").toLowerCase();
    row.hidden = !words.every((word) => own.includes(word));
    if (!row.hidden) shown++;
  }
  return shown;
}

// csv writes a table as comma-separated values; a title that spans rows stands in each.
export function csv(table) {
  const lines = [];
  const spanning = [];
  for (const row of table.rows) {
    if (row.hidden) continue;
    const line = [];
    let k = 0;
    const fill = () => {
      while (spanning[k]?.left > 0) {
        line.push(spanning[k].text);
        spanning[k++].left--;
      }
    };
    for (const cell of row.cells) {
      fill();
      const text = cell.innerText.trim().replace(/\s+/g, " ");
      for (let i = 0; i < cell.colSpan; i++) {
        if (cell.rowSpan > 1) spanning[k] = { text, left: cell.rowSpan - 1 };
        line.push(i > 0 ? "" : text);
        k++;
      }
    }
    fill();
    lines.push(line.map((text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(","));
  }
  return lines.join("\n") + "\n";
}
