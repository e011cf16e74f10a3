import uPlot from "uplot";
import { chance, length, percent } from "./words.js";

const height = 300;

// least is the smallest probability that the logarithmic scale shows.
export const least = 1e-5;

// decades are the marks of that scale.
export const decades = () => [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

// colours reads the colours that the style sheet gives the page at present.
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { ink: read("--ink"), muted: read("--muted"), rule: read("--rule"), accent: read("--accent"), band: read("--band"), back: read("--page") };
}

// axisStyle is the look of an axis.
export function axisStyle(c) {
  return { stroke: c.muted, grid: { stroke: c.rule, width: 1 }, ticks: { stroke: c.rule, width: 1 }, font: "12px system-ui, sans-serif" };
}

// draw draws the failure of a plan by its duration into an element, with its interval, and
// returns the chart. shown holds the curve, the cap, the tolerance and the documented
// limit; nothing of an earlier chart is kept.
export function draw(element, shown, logarithmic) {
  const c = colours();
  const { curve, cap, tolerance, limit } = shown;
  const positive = (values) => values.map((p) => (logarithmic && p < least ? null : p));
  const top = Math.min(1, Math.max(4 * tolerance, 1e-3));
  const end = Math.max(curve.durations.at(-1), curve.durations[0] * 1.1);

  // mark draws what belongs to the plane of the plot: tolerance, limit and cap.
  const mark = (u) => {
    const { ctx, bbox } = u;
    const pixel = devicePixelRatio;
    const line = (x0, y0, x1, y1, dash, colour) => {
      ctx.beginPath();
      ctx.setLineDash(dash.map((d) => d * pixel));
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1.25 * pixel;
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
      ctx.stroke();
    };
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const y = u.valToPos(tolerance, "y", true);
    line(bbox.left, y, bbox.left + bbox.width, y, [2, 3], c.ink);
    if (limit > 0) {
      const x = u.valToPos(limit, "x", true);
      line(x, bbox.top, x, bbox.top + bbox.height, [6, 4], c.muted);
    }
    if (cap > 0) {
      const x = u.valToPos(cap, "x", true);
      line(x, y, x, bbox.top + bbox.height, [], c.ink);
      ctx.beginPath();
      ctx.arc(x, y, 4.5 * pixel, 0, 2 * Math.PI);
      ctx.fillStyle = c.ink;
      ctx.fill();
    }
    ctx.restore();
  };

  const axis = axisStyle(c);
  element.replaceChildren();
  return new uPlot({
    width: element.clientWidth,
    height,
    scales: {
      x: { time: false, range: [0, end] },
      y: logarithmic ? { distr: 3, range: [least, 1] } : { range: [0, top] },
    },
    axes: [
      { ...axis, values: (u, ticks) => ticks.map(length), incrs: [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400], space: 64 },
      { ...axis, values: (u, ticks) => ticks.map((p) => (p === null ? "" : percent(p))), size: 72, ...(logarithmic && { splits: decades }) },
    ],
    series: [
      { label: "Length", value: (u, v) => (v === null ? "–" : length(v)) },
      { label: "Fails", stroke: c.accent, width: 2, points: { show: false }, value: (u, v) => chance(v) },
      { label: "at least", stroke: c.muted, width: 0, points: { show: false }, value: (u, v) => chance(v) },
      { label: "at most", stroke: c.muted, width: 0, points: { show: false }, value: (u, v) => chance(v) },
    ],
    bands: [{ series: [3, 2], fill: c.band }],
    cursor: { y: false, drag: { setScale: false } },
    legend: { markers: { show: false }, isolate: false },
    hooks: { draw: [mark] },
  }, [curve.durations, positive(curve.failure), positive(curve.lower), positive(curve.upper)], element);
}

// fit gives a chart the width of its element.
export function fit(chart, element) {
  if (chart.width !== element.clientWidth) chart.setSize({ width: element.clientWidth, height });
}

// step moves the cursor of a chart by so many durations, for readers without a pointer.
export function step(chart, by) {
  const last = chart.data[0].length - 1;
  const to = Math.min(Math.max((chart.cursor.idx ?? -1) + by, 0), last);
  chart.setCursor({ left: chart.valToPos(chart.data[0][to], "x"), top: 0 });
}
