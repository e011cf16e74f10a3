import { element, write } from "./dom.js";

// steps is the number of steps of a track.
const steps = 200;

// Controls are the fields of the form: for each control a choice, or a track and a field for the
// number, with the unit, the evidence and a button that takes it back.
export class Controls {
  constructor(form, moved) {
    this.form = form;
    this.moved = moved; // is told of a control and its new value
    this.shown = new Map();
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // paint shows controls as they are. What has the focus keeps its text.
  paint(controls) {
    const names = new Set(controls.map((c) => c.name));
    for (const [name, one] of this.shown) {
      if (!names.has(name)) {
        one.box.remove();
        this.shown.delete(name);
      }
    }
    let before = null;
    for (const control of controls) {
      let one = this.shown.get(control.name);
      if (!one || one.kind !== kindOf(control)) {
        one?.box.remove();
        one = new One(control, this.moved);
        this.shown.set(control.name, one);
      }
      const place = before ? before.nextElementSibling : this.form.firstElementChild;
      if (place !== one.box) this.form.insertBefore(one.box, place);
      one.paint(control);
      before = one.box;
    }
  }
}

// kindOf tells controls apart that need other fields.
function kindOf(c) {
  return [c.options ? "choice" : c.number ? "number" : "text", c.also ? kindOf(c.also) : ""].join(" ");
}

// One is a control.
class One {
  constructor(control, moved) {
    this.kind = kindOf(control);
    this.box = element("fieldset", { class: "control", "data-name": control.name });
    this.legend = element("legend");
    this.box.append(this.legend);
    this.field = new Field(control, moved);
    this.box.append(this.field.row);
    if (control.also) {
      this.also = new Field(control.also, moved);
      this.alsoLabel = element("p", { class: "note" });
      this.box.append(this.alsoLabel, this.also.row);
    }
    this.evidence = element("p", { class: "note evidence" });
    this.box.append(this.evidence);
  }

  paint(control) {
    write(this.legend, control.label);
    this.field.paint(control);
    if (control.also) {
      write(this.alsoLabel, control.also.label);
      this.also.paint(control.also);
    }
    this.evidence.title = control.cited;
    write(this.evidence, [control.evidence, control.source].filter(Boolean).join(": "));
    this.box.classList.toggle("moved", control.moved || Boolean(control.also?.moved));
  }
}

// Field are the inputs for one value.
class Field {
  constructor(control, moved) {
    this.row = element("div", { class: "row" });
    this.put = (value) => {
      this.reset.hidden = value === ""; // also of what turns out to be wrong
      moved(this.control, value);
    };
    if (control.options) {
      this.select = element("select", { "aria-label": control.label });
      this.select.addEventListener("input", () => this.put(this.select.value === this.control.usual ? "" : this.select.value));
      this.row.append(this.select);
    } else if (control.number) {
      this.track = element("input", { type: "range", min: 0, max: steps, step: 1, "aria-label": control.label });
      this.track.addEventListener("input", () => this.number(this.fromTrack()));
      this.text = element("input", { type: "number", step: "any", inputmode: "decimal", "aria-label": `${control.label}, number` });
      this.text.addEventListener("change", () => this.number(this.text.value === "" ? null : Number(this.text.value)));
      this.unit = element("span", { class: "unit" });
      this.row.append(this.track, this.text, this.unit);
    } else {
      this.text = element("input", { type: "text", spellcheck: "false", "aria-label": control.label });
      this.text.addEventListener("change", () => this.put(this.text.value.trim()));
      this.row.append(this.text);
    }
    this.reset = element("button", { type: "button", class: "reset", "aria-label": `Reset ${control.label}`, title: "Reset" }, "↺");
    this.reset.addEventListener("click", () => this.put(""));
    this.row.append(this.reset);
  }

  // number puts a number with its unit, or takes it back.
  number(x) {
    if (x === null || Number.isNaN(x)) return this.put("");
    const { unit } = this.control;
    this.put(unit === "" ? String(x) : `${x} ${unit}`);
  }

  // fromTrack returns the number at the place of the track, with the digits that a place has.
  fromTrack() {
    const { low, high, log, step } = this.control;
    const share = Number(this.track.value) / steps;
    const x = log ? low * (high / low) ** share : low + (high - low) * share;
    if (step > 0) return Number((Math.round(x / step) * step).toPrecision(9));
    return log ? Number(x.toPrecision(2)) : Number(x.toPrecision(3));
  }

  place(x) {
    const { low, high, log } = this.control;
    if (x === null) return steps;
    const share = log ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
    return Math.round(steps * Math.min(Math.max(share, 0), 1));
  }

  paint(control) {
    this.control = control;
    if (this.select) {
      const texts = control.options.map((o) => `${o.value}\n${o.text}`).join("\n");
      if (this.texts !== texts) {
        this.texts = texts;
        this.select.replaceChildren(...control.options.map((o) => element("option", { value: o.value }, o.text)));
      }
      if (this.select.value !== control.value) this.select.value = control.value;
    } else if (this.track) {
      write(this.unit, control.unit.replace("degC", "°C"));
      const at = String(this.place(control.at));
      if (document.activeElement !== this.track && this.track.value !== at) this.track.value = at;
      this.track.setAttribute("aria-valuetext", control.shown);
      if (document.activeElement !== this.text) {
        this.text.value = control.at === null ? "" : control.at;
        this.text.placeholder = control.at === null ? "–" : "";
      }
      this.track.classList.toggle("unset", control.at === null);
      this.track.title = control.shown;
    } else {
      if (document.activeElement !== this.text) this.text.value = control.value;
      this.text.placeholder = control.set ? control.shown : "";
    }
    this.reset.hidden = !control.moved && !control.extra;
  }
}
