// What is asked stands in the address of the page, as flags of `budget caps`: so back, reload and
// a link that is sent work.

// Asked holds the flags and the settings of keys, as text.
export class Asked {
  constructor(query) {
    this.flags = new Map();
    this.keys = new Map();
    this.also = new Set(); // keys that are offered besides those that always are
    this.pin = null;
    for (const [name, value] of new URLSearchParams(query)) {
      if (name === "set") {
        const [key, ...rest] = value.split("=");
        this.keys.set(key.trim(), rest.join("=").trim());
      } else if (name === "also") this.also.add(value);
      else if (name === "pin") this.pin = value;
      else this.flags.set(name, value);
    }
  }

  // put sets a flag or a key; "" takes it back.
  put(control, value) {
    const to = control.set ? this.keys : this.flags;
    if (value !== "") to.set(control.name, value);
    else if (!to.delete(control.name)) this.also.delete(control.name);
  }

  // query returns what the server is asked.
  query() {
    const all = new URLSearchParams();
    for (const [name, value] of this.flags) all.append(name, value);
    for (const key of this.also) all.append("also", key);
    for (const [key, value] of this.keys) all.append("set", `${key}=${value}`);
    return all.toString();
  }

  // address returns what stands in the address: the same, and what is pinned.
  address() {
    const all = new URLSearchParams(this.query());
    if (this.pin !== null) all.append("pin", this.pin);
    const text = all.toString();
    return text === "" ? location.pathname : `?${text}`;
  }
}
