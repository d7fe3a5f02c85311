// One message, as an ordinary mail client shows it.

import { $, legible, make, messagePath, say, size, when } from "./api.js";

let open = null; // { address, folder, message, view }

export const current = () => open;

export function close() {
  open = null;
  $("message").hidden = true;
  $("readerempty").hidden = false;
}

export function show(address, folder, message) {
  open = { address, folder, message, view: message.html ? "html" : "text" };
  $("readerempty").hidden = true;
  $("message").hidden = false;
  $("subject").textContent = message.subject || say("message.nosubject");
  $("fields").replaceChildren(
    ...field("from", legible(message.from)),
    ...field("to", legible(message.to)),
    ...field("cc", legible(message.cc)),
    ...field("replyto", legible(message.reply_to)),
    ...field("date", when(message.date, { dateStyle: "full", timeStyle: "short" })),
  );
  document.querySelector('[data-answer="all"]').hidden = message.answer_all.cc.length === 0;
  document.querySelector('[data-view="html"]').hidden = !message.html;
  showFiles();
  showBody();
}

function field(key, text) {
  if (!text) return [];
  return [make("dt", { textContent: say(`message.${key}`) }), make("dd", { textContent: text })];
}

function showFiles() {
  const { address, folder, message } = open;
  const links = message.attachments.map((file) => {
    const name = file.name || file.type;
    const href = `/stage/${messagePath(address, folder, message.uid, `/files/${file.n}`)}`;
    return make("li", {}, make("a", { href, download: name, textContent: name }), ` ${size(file.size)}`);
  });
  $("files").replaceChildren(...links);
  $("files").hidden = links.length === 0;
}

function showBody() {
  const { address, folder, message, view } = open;
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", button.dataset.view === view);
  }
  if (view !== "html") {
    const textContent = view === "raw" ? message.raw : message.text;
    $("body").replaceChildren(make("pre", { className: view, textContent, tabIndex: 0 }));
    return;
  }
  const frame = make("iframe", { title: message.subject || say("message.nosubject") });
  frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  frame.src = `/stage/${messagePath(address, folder, message.uid, "/page")}`;
  $("body").replaceChildren(frame);
}

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    open.view = button.dataset.view;
    showBody();
  });
}
