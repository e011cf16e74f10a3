// The words and roundings of `budget caps`. A test holds the two together.

// length writes a duration in seconds: "29 min 25 s", "60 min", "2 h 30 min".
export function length(seconds) {
  const second = 1e6, minute = 60e6, hour = 3600e6;
  let micros = Math.floor(seconds * 1e6 + 0.5);
  const parts = [];
  if (micros >= 2 * hour) {
    parts.push(`${Math.floor(micros / hour)} h`);
    micros %= hour;
  }
  if (micros >= minute) {
    parts.push(`${Math.floor(micros / minute)} min`);
    micros %= minute;
  }
  if (micros > 0 || parts.length === 0) {
    parts.push(`${micros / second} s`);
  }
  return parts.join(" ");
}

// capText writes a cap and how long it could be, or in words why there is none.
export function capText(cap) {
  switch (cap.status) {
    case "never-met":
      return { cap: `none: even ${length(cap.shortest)} fails ${cap.shortestFails}`, upper: "" };
    case "not-enough-samples":
      return { cap: "not enough paths", upper: "" };
    case "met-to-horizon":
      return { cap: `met up to the ${length(cap.cap)} looked at`, upper: "" };
    case "met-imprecise":
      return { cap: length(cap.cap), upper: `(to ${length(cap.upper)}, imprecise)` };
  }
  return { cap: length(cap.cap), upper: cap.cap === cap.upper ? "(exact)" : `(to ${length(cap.upper)})` };
}

// chance writes a probability for the legend of the chart, with the digits that help.
export function chance(p) {
  if (p === null || p === undefined) return "–";
  const decimals = p === 0 || p === 1 ? 0 : p < 1e-4 ? 4 : p < 1e-3 ? 3 : p >= 0.1 && p < 0.99 ? 1 : 2;
  return `${(100 * p).toFixed(decimals)} %`;
}
