import { csv } from "./tables.js";

// buttons puts a button to save beside every table and chart of a page.
export function buttons(root) {
  for (const table of root.querySelectorAll(".wide > table")) {
    const name = (table.caption?.textContent || table.parentElement.getAttribute("aria-label") || document.title).trim();
    beside(table.parentElement, button("Save as CSV", () => save(`${fileName(name)}.csv`, "text/csv", csv(table))));
  }
  for (const figure of root.querySelectorAll("figure.chart")) {
    const svg = figure.querySelector("svg");
    const name = fileName(svg.querySelector("title")?.textContent ?? "chart");
    beside(figure.querySelector(".wide"),
      button("Save as SVG", () => save(`${name}.svg`, "image/svg+xml", standalone(svg))),
      button("Save as PNG", () => saveImage(svg, `${name}.png`)));
  }
}

function button(text, act) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = text;
  b.addEventListener("click", act);
  return b;
}

function beside(element, ...all) {
  const line = document.createElement("p");
  line.className = "save";
  line.append(...all);
  element.after(line);
}

// fileName makes the name of a file of words.
export const fileName = (words) => words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "table";

// standalone writes a chart with its own colours, which are not those of the page.
export const standalone = (svg) => svg.outerHTML.replace(/var\(--x[0-9A-F]{6},(#[0-9A-F]{6})\)/g, "$1");

function save(name, type, text) {
  follow(name, URL.createObjectURL(new Blob([text], { type })));
}

function follow(name, address) {
  const a = document.createElement("a");
  a.download = name;
  a.href = address;
  a.click();
  if (address.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// saveImage draws a chart at twice the size of the page.
async function saveImage(svg, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  const { width, height } = svg.viewBox.baseVal;
  canvas.width = 2.5 * width;
  canvas.height = 2.5 * height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => follow(name, URL.createObjectURL(blob)), "image/png");
}
