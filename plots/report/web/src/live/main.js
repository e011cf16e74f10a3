import "uplot/dist/uPlot.min.css";
import "../page.css";
import "./live.css";
import { Live } from "./live.js";

new Live(document.body);
