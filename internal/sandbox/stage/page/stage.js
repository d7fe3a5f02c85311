// The stage: people on the left, the mailbox of one in the middle, a message
// on the right. What is chosen stands in the address bar, so a reload keeps it.

import * as api from "./api.js";
import { $, make, say, when } from "./api.js";
import { write, writing, discard } from "./compose.js";
import * as reader from "./reader.js";

const state = { cast: [], version: 0, person: null, folder: "INBOX", rows: [] };

// refill replaces the children of a list and keeps the focus on the same entry.
function refill(list, items) {
  const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...items);
  if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function showPeople() {
  for (const role of ["customer", "partner"]) {
    const items = state.cast.filter((p) => p.role === role).map(personItem);
    refill($(role), items);
  }
}

function personItem(p) {
  const count = p.unread
    ? make("span", { className: "count", textContent: p.unread, ariaLabel: say("people.unread", { n: p.unread }), role: "img" })
    : null;
  const button = make(
    "button",
    { type: "button", ariaCurrent: String(p.address === state.person?.address) },
    make("span", { className: "name", textContent: p.name }),
    count,
    make("span", { className: "about", textContent: p.about }),
  );
  button.dataset.key = p.address;
  button.addEventListener("click", () => go(p.address, "INBOX"));
  return make("li", {}, button);
}

function showBox() {
  const p = state.person;
  $("boxhead").hidden = !p;
  $("boxempty").textContent = say(p ? "list.empty" : "list.none");
  $("boxempty").hidden = Boolean(p) && state.rows.length > 0;
  if (!p) return;
  $("name").textContent = p.name;
  $("about").textContent = p.address;
  $("answersbox").hidden = !p.scripts;
  $("answers").checked = p.answers;
  for (const tab of document.querySelectorAll("[data-folder]")) {
    tab.setAttribute("aria-pressed", tab.dataset.folder === state.folder);
  }
  refill($("messages"), state.rows.map(rowItem));
}

function rowItem(m) {
  const others = state.folder === "Sent" ? m.to : m.from;
  const fresh = m.seen ? null : make("span", { className: "dot", role: "img", ariaLabel: say("list.unread") });
  const today = new Date(m.date).toDateString() === new Date().toDateString();
  const button = make(
    "button",
    { type: "button", className: m.seen ? "" : "fresh", ariaCurrent: String(m.uid === reader.current()?.message.uid) },
    make("span", { className: "who" }, fresh, others.map((a) => a.name || a.address).join(", ")),
    make("time", { dateTime: m.date, textContent: when(m.date, today ? { timeStyle: "short" } : { day: "numeric", month: "short" }) }),
    make("span", { className: "subject", textContent: m.subject || say("message.nosubject") }),
    make("span", { className: "snippet", textContent: m.snippet }),
  );
  button.dataset.key = m.uid;
  button.addEventListener("click", () => go(state.person.address, state.folder, m.uid));
  return make("li", {}, button);
}

// go changes what is chosen, by way of the address bar.
function go(address, folder, uid = "") {
  location.hash = [address, folder, uid].map(encodeURIComponent).join("/");
}

async function follow() {
  const [address, folder, uid] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const moved = address !== state.person?.address;
  state.person = state.cast.find((p) => p.address === address) ?? null;
  state.folder = folder || "INBOX";
  if (moved && writing()) discard();
  await loadBox();
  await openMessage(Number(uid));
}

async function loadBox() {
  const p = state.person;
  state.rows = p ? (await api.messages(p.address, state.folder)).messages : [];
  showBox();
}

async function openMessage(uid) {
  const row = state.rows.find((m) => m.uid === uid);
  if (!row) {
    reader.close();
    showBox();
    return;
  }
  const { person, folder } = state;
  reader.show(person.address, folder, await api.message(person.address, folder, uid));
  if (!row.seen) {
    row.seen = true;
    await api.seen(person.address, folder, uid);
  }
  showBox();
}

async function loadPeople() {
  const before = new Map(state.cast.map((p) => [p.address, p.total]));
  const { version, people } = await api.people();
  state.version = version;
  state.cast = people;
  state.person = people.find((p) => p.address === state.person?.address) ?? state.person;
  const arrived = people.filter((p) => before.has(p.address) && p.total > before.get(p.address));
  if (arrived.length) api.tell(say("status.arrived", { name: arrived.map((p) => p.name).join(", ") }));
  showPeople();
}

// watch keeps the page as the world is, until it is closed.
async function watch() {
  for (;;) {
    try {
      const { version } = await api.waitAfter(state.version);
      if (version !== state.version) {
        await loadPeople();
        await loadBox();
      }
    } catch {
      api.tell(say("error.offline"));
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

function answer(kind) {
  const open = reader.current();
  if (open && !(kind === "all" && open.message.answer_all.cc.length === 0)) write(kind, open.address, open.folder, open.message);
}

// step moves the focus between the entries of the list it is in.
function step(event, by) {
  const list = event.target.closest("ul");
  const entries = [...(list?.querySelectorAll("button[data-key]") ?? [])];
  const next = entries[entries.indexOf(event.target) + by];
  if (entries.length === 0 || !next) return;
  event.preventDefault();
  next.focus();
}

const keys = {
  ArrowDown: (e) => step(e, 1),
  ArrowUp: (e) => step(e, -1),
  r: () => answer("reply"),
  a: () => answer("all"),
  f: () => answer("forward"),
  c: () => state.person && write("new", state.person.address),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey;
  if (typing || !keys[event.key]) return;
  if (event.key.length === 1) event.preventDefault();
  keys[event.key](event);
});

for (const tab of document.querySelectorAll("[data-folder]")) {
  tab.addEventListener("click", () => go(state.person.address, tab.dataset.folder));
}
for (const button of document.querySelectorAll("[data-answer]")) {
  button.addEventListener("click", () => answer(button.dataset.answer));
}
// The other language shows the same message.
for (const link of document.querySelectorAll("header nav a")) {
  link.addEventListener("click", () => (link.hash = location.hash));
}
$("write").addEventListener("click", () => write("new", state.person.address));
$("answers").addEventListener("change", async () => {
  const { name, address } = state.person;
  const on = $("answers").checked;
  await api.answers(address, on);
  await loadPeople();
  api.tell(say(on ? "status.answers.on" : "status.answers.off", { name }));
});
window.addEventListener("hashchange", follow);

await loadPeople();
await follow();
watch();
