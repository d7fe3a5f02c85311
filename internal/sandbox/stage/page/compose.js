// Writing: a new mail, a reply, a reply to all, or a forward.

import { $, forward, legible, make, Refusal, reply, say, send, size, tell } from "./api.js";

let letter = null; // { kind, address, folder, message, files }

export const writing = () => letter !== null;

// write opens the form. kind is new, reply, all or forward; the last three are
// about a message.
export function write(kind, address, folder, message) {
  letter = { kind, address, folder, message, files: [] };
  const answering = kind === "reply" || kind === "all";
  $("composetitle").textContent = say({ new: "compose.new", reply: "compose.reply", all: "compose.reply.all", forward: "compose.forward" }[kind]);
  $("rcpts").hidden = !answering;
  $("tobox").hidden = answering;
  $("ccbox").hidden = $("subjectbox").hidden = kind !== "new";
  $("hint").hidden = kind === "new";
  $("to").value = kind === "new" ? document.documentElement.dataset.support : "";
  $("cc").value = $("newsubject").value = $("text").value = $("problem").textContent = "";
  if (answering) showRecipients(kind === "all" ? message.answer_all : message.answer);
  showAttached();
  $("compose").hidden = false;
  document.body.classList.add("writing");
  (answering ? $("text") : kind === "forward" ? $("to") : $("newsubject")).focus();
}

function showRecipients({ to, cc }) {
  $("rcpts").textContent = `${say("compose.to")}: ${legible(to)}` + (cc.length ? ` · ${say("compose.cc")}: ${legible(cc)}` : "");
}

export function discard() {
  letter = null;
  $("compose").hidden = true;
  document.body.classList.remove("writing");
}

function showAttached() {
  const rows = letter.files.map((file, i) => {
    const remove = make("button", { type: "button", textContent: "×", ariaLabel: say("compose.remove", { name: file.name }) });
    remove.addEventListener("click", () => {
      letter.files.splice(i, 1);
      showAttached();
      $("attach").focus();
    });
    return make("li", {}, make("span", { textContent: file.name }), ` ${size(file.size)} `, remove);
  });
  $("attached").replaceChildren(...rows);
  $("attached").hidden = rows.length === 0;
}

// split cuts a list of addresses at its commas, but not inside a quoted name.
const split = (text) => text.match(/(?:"[^"]*"|[^,;"])+/g)?.map((a) => a.trim()).filter(Boolean) ?? [];

const encode = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: file.name, type: file.type, base64: reader.result.split(",")[1] ?? "" });
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });

async function submit({ kind, address, folder, message, files }) {
  const text = $("text").value;
  const attachments = await Promise.all(files.map(encode));
  const to = split($("to").value);
  if (kind === "new") {
    return send(address, { to, cc: split($("cc").value), subject: $("newsubject").value, text, attachments });
  }
  if (kind === "forward") return forward(address, folder, message.uid, { to, text, attachments });
  return reply(address, folder, message.uid, { text, all: kind === "all", attachments });
}

$("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  if ($("send").disabled) return;
  $("send").disabled = true;
  $("send").textContent = say("compose.sending");
  $("problem").textContent = "";
  try {
    await submit(letter);
    discard();
    tell(say("status.sent"));
  } catch (error) {
    $("problem").textContent = error instanceof Refusal ? error.message : say("error.offline");
  } finally {
    $("send").disabled = false;
    $("send").textContent = say("compose.send");
  }
});

$("discard").addEventListener("click", discard);

$("attach").addEventListener("change", () => {
  letter.files.push(...$("attach").files);
  $("attach").value = "";
  showAttached();
});

$("compose").addEventListener("keydown", (event) => {
  if (event.key === "Escape") discard();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("compose").requestSubmit();
});
