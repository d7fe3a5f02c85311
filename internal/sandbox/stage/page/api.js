// The calls to the stage, the words of the page, and small things for the DOM.

const lang = document.documentElement.lang;
const words = await fetch(`/stage/words?lang=${lang}`).then((r) => r.json());

// say gives a text of the page, with {names} filled in.
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// $ finds an element by its id.
export const $ = (id) => document.getElementById(id);

// make builds an element. Text is always set as text, never as markup.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((c) => c !== null));
  return element;
}

// Refusal is an answer of the stage that says why it did not do as asked.
export class Refusal extends Error {}

async function call(path, options) {
  const response = await fetch(`/stage/${path}`, options);
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(problem.detail ?? response.statusText);
}

const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const at = (address) => `people/${encodeURIComponent(address)}`;

// messagePath is where a message lives below /stage/.
export const messagePath = (address, folder, uid, more = "") =>
  `${at(address)}/messages/${uid}${more}?folder=${encodeURIComponent(folder)}`;

export const people = () => call(`people?lang=${lang}`);
export const waitAfter = (version) => call(`wait?after=${version}`);
export const messages = (address, folder) => call(`${at(address)}/messages?folder=${encodeURIComponent(folder)}`);
export const message = (address, folder, uid) => call(messagePath(address, folder, uid));
export const seen = (address, folder, uid) => post(messagePath(address, folder, uid, "/seen"));
export const send = (address, mail) => post(`${at(address)}/send`, mail);
export const reply = (address, folder, uid, mail) => post(messagePath(address, folder, uid, "/reply"), mail);
export const forward = (address, folder, uid, mail) => post(messagePath(address, folder, uid, "/forward"), mail);
export const answers = (address, on) => post(`${at(address)}/answers`, { on });

// tell speaks to the person in the status line, for a while.
let silence;
export function tell(text) {
  $("status").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => ($("status").textContent = ""), 6000);
}

// legible writes addresses for people.
export const legible = (list) =>
  list.map((a) => (a.name && a.address ? `${a.name} <${a.address}>` : a.name || a.address)).join(", ");

export const when = (date, style) => new Intl.DateTimeFormat(lang, style).format(new Date(date));

export function size(bytes) {
  const [n, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
}
