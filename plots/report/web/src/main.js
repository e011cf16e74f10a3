import "uplot/dist/uPlot.min.css";
import "./page.css";
import { unpack } from "./data.js";
import { Panel } from "./panel.js";

// Without a browser that unpacks gzip the page stays as it is without scripts.
const packed = document.getElementById("data");
if (packed && "DecompressionStream" in window) {
  unpack(packed).then((data) => new Panel(document.getElementById("panel"), data));
}
