import uPlot from "uplot";
import { axisStyle, colours, decades, least } from "../chart.js";
import { chance, length, percent } from "../words.js";

const height = 320;

// Plot draws the failure by session length on a logarithmic scale, with its interval, the
// tolerance, the cap, the pinned curve and the plan, which can be dragged.
export class Plot {
  constructor(element, planned) {
    this.element = element;
    this.planned = planned; // is told of a new plan [s]
    element.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.uplot?.setSize({ width: element.clientWidth, height })).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.make());
  }

  // paint draws what a screen shows, beside what is pinned, if anything is.
  paint(screen, pinned) {
    this.screen = screen;
    this.pinned = pinned;
    if (!this.dragging) this.plan = screen.plan;
    const e = this.element;
    e.setAttribute("aria-valuemin", 60);
    e.setAttribute("aria-valuemax", screen.horizon);
    e.setAttribute("aria-valuenow", screen.plan);
    e.setAttribute("aria-valuetext", screen.verdict);
    e.classList.toggle("pinned", Boolean(pinned));
    if (!this.uplot) return this.make();
    this.uplot.setData(this.data());
  }

  end() {
    const { durations } = this.screen.curve;
    return Math.max(durations.at(-1), durations[0] * 1.1);
  }

  data() {
    const positive = (values) => values.map((p) => (p === null || p < least ? null : p));
    const { curve } = this.screen;
    const own = [positive(curve.failure), positive(curve.lower), positive(curve.upper)];
    if (!this.pinned) return [curve.durations, ...own, curve.durations.map(() => null)];
    const other = this.pinned.curve;
    return uPlot.join([[curve.durations, ...own], [other.durations, positive(other.failure)]], [[0, 0, 0, 0], [0, 2]]);
  }

  make() {
    if (!this.screen) return;
    this.uplot?.destroy();
    const c = colours();
    const axis = axisStyle(c);
    this.uplot = new uPlot({
      width: this.element.clientWidth,
      height,
      scales: { x: { time: false, range: () => [0, this.end()] }, y: { distr: 3, range: [least, 1] } },
      axes: [
        { ...axis, values: (u, ticks) => ticks.map(length), incrs: [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400], space: 64 },
        { ...axis, values: (u, ticks) => ticks.map((p) => (p === null ? "" : percent(p))), size: 66, splits: decades },
      ],
      series: [
        { label: "Length", value: (u, v) => (v === null ? "–" : length(v)) },
        { label: "Fails", stroke: c.accent, width: 2, spanGaps: true, points: { show: false }, value: (u, v) => chance(v) },
        { label: "at least", stroke: c.muted, width: 0, spanGaps: true, points: { show: false }, value: (u, v) => chance(v) },
        { label: "at most", stroke: c.muted, width: 0, spanGaps: true, points: { show: false }, value: (u, v) => chance(v) },
        { label: "pinned", stroke: c.muted, width: 1.5, dash: [5, 4], spanGaps: true, points: { show: false }, value: (u, v) => chance(v) },
      ],
      bands: [{ series: [3, 2], fill: c.band }],
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, bind: { dblclick: () => null } },
      legend: { markers: { show: false }, isolate: false },
      hooks: { draw: [(u) => this.mark(u, c)], ready: [(u) => this.bind(u)] },
    }, this.data(), this.element);
  }

  // mark draws the tolerance, the limit, the cap and the plan.
  mark(u, c) {
    const { ctx, bbox } = u;
    const pixel = devicePixelRatio;
    const line = (x0, y0, x1, y1, dash, colour, width = 1.25) => {
      ctx.beginPath();
      ctx.setLineDash(dash.map((d) => d * pixel));
      ctx.strokeStyle = colour;
      ctx.lineWidth = width * pixel;
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
      ctx.stroke();
    };
    const word = (text, x, y, align) => {
      ctx.font = `${12 * pixel}px system-ui, sans-serif`;
      ctx.textAlign = align;
      ctx.setLineDash([]); // the word stands out from what it crosses
      ctx.lineJoin = "round";
      ctx.lineWidth = 4 * pixel;
      ctx.strokeStyle = c.back;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = c.ink;
      ctx.fillText(text, x, y);
    };
    const { tolerance, limit, seconds } = this.screen;
    const bottom = bbox.top + bbox.height, right = bbox.left + bbox.width;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const y = u.valToPos(tolerance, "y", true);
    line(bbox.left, y, right, y, [2, 3], c.ink);
    const high = y < bbox.top + 18 * pixel; // no room above the line
    word(`${percent(tolerance)} may fail`, right - 6 * pixel, y + (high ? 14 : -5) * pixel, "right");
    if (limit > 0) {
      const x = u.valToPos(limit, "x", true);
      line(x, bbox.top, x, bottom, [6, 4], c.muted);
    }
    if (seconds > 0) {
      const x = u.valToPos(seconds, "x", true);
      line(x, y, x, bottom, [], c.ink);
      ctx.beginPath();
      ctx.arc(x, y, 4.5 * pixel, 0, 2 * Math.PI);
      ctx.fillStyle = c.ink;
      ctx.fill();
    }
    const x = u.valToPos(this.plan, "x", true);
    line(x, bbox.top, x, bottom, [], c.accent, 1.5);
    const left = x > bbox.left + bbox.width / 2;
    word("plan", x + (left ? -6 : 6) * pixel, bbox.top + 14 * pixel, left ? "right" : "left");
    ctx.restore();
  }

  // bind lets the plan be dragged: from wherever the pointer goes down.
  bind(u) {
    const at = (event) => {
      const x = event.clientX - u.over.getBoundingClientRect().left;
      this.move(u.posToVal(x, "x"));
    };
    u.over.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      u.over.setPointerCapture(event.pointerId);
      this.dragging = true;
      at(event);
    });
    u.over.addEventListener("pointermove", (event) => this.dragging && at(event));
    for (const end of ["pointerup", "pointercancel"]) {
      u.over.addEventListener(end, () => { this.dragging = false; });
    }
  }

  // move moves the plan to the nearest whole minute.
  move(seconds) {
    const most = Math.floor(this.screen.horizon / 60) * 60;
    const plan = Math.min(Math.max(Math.round(seconds / 60) * 60, 60), Math.max(most, 60));
    if (plan === this.plan) return;
    this.plan = plan;
    this.uplot.redraw(false);
    this.planned(plan);
  }

  key(event) {
    const by = { ArrowLeft: -60, ArrowDown: -60, ArrowRight: 60, ArrowUp: 60, PageDown: -600, PageUp: 600 }[event.key];
    if (!by || !this.screen) return;
    event.preventDefault();
    this.move(this.plan + by);
  }
}
