// element makes an element with its attributes and what is in it: texts or elements.
export function element(name, attributes = {}, ...inside) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    e.setAttribute(key, value === true ? "" : value);
  }
  e.append(...inside);
  return e;
}

// write sets a text, if it is another, so that nothing is read aloud twice.
export function write(e, text) {
  if (e.textContent !== text) e.textContent = text;
}
