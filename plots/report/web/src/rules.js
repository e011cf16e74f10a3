// Rules is the part of the page that answers what the cap is if an assumption is otherwise: the
// caps that budget sensitivity has found at the ends of its range.
export class Rules {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.form = root.querySelector("form");
    this.form.addEventListener("input", (event) => {
      if (event.target.name === "rule") this.form.elements.namedItem("end").value = 1;
      this.answer();
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    root.hidden = false;
    this.answer();
  }

  answer() {
    const rule = this.data[Number(this.form.elements.namedItem("rule").value)];
    const slider = this.form.elements.namedItem("end");
    const end = Number(slider.value);
    slider.setAttribute("aria-valuetext", rule.ends[end]);
    this.say("end", rule.ends[end]);
    this.say("rule-cap", rule.caps[end]);
    this.say("rule-of", end === 1 ? `safe cap of ${rule.of}` : `safe cap of ${rule.of}; as assumed ${rule.caps[1]}`);
  }

  say(name, text) {
    this.root.querySelector(`[data-say="${name}"]`).textContent = text;
  }
}
