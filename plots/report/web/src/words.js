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
      return { cap: "too few sessions simulated", upper: "" };
    case "met-to-horizon":
      return { cap: `at least ${length(cap.cap)}`, upper: "" };
    case "met-imprecise":
      return { cap: length(cap.cap), upper: `(to ${length(cap.upper)}, imprecise)` };
  }
  return { cap: length(cap.cap), upper: cap.cap === cap.upper ? "(to the step)" : `(to ${length(cap.upper)})` };
}

// percent writes a tolerance or a tick of an axis: "0.5 %".
export function percent(p) {
  return `${+(100 * p).toPrecision(6)} %`;
}

// chance writes an estimated probability with the digits that help: "12.3 %", "0.012 %".
export function chance(p) {
  if (p === null || p === undefined) return "–";
  if (p === 0 || p === 1) return `${100 * p} %`;
  if (p < 1e-5) return "< 0.001 %";
  if (p >= 0.9999) return "> 99.99 %";
  const decimals = p < 1e-4 ? 4 : p < 1e-3 ? 3 : p >= 0.1 && p < 0.99 ? 1 : 2;
  return `${fixed(100 * p, decimals)} %`;
}

// fixed is toFixed as Go rounds: halfway goes to the even digit, not up. A double below 100
// has at most 59 decimals that matter here, so the longer text shows whether x is halfway.
function fixed(x, decimals) {
  const long = x.toFixed(decimals + 59);
  const cut = long.slice(0, long.length - 59).replace(/\.$/, "");
  const halfway = /^50*$/.test(long.slice(long.length - 59));
  return halfway && Number(cut.at(-1)) % 2 === 0 ? cut : x.toFixed(decimals);
}
