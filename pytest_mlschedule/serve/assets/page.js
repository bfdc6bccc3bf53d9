"use strict";
// The server writes the whole page; what is live in it is taken over from a new copy.
const EVERY = 3000;
const place = (id) => document.getElementById(id);
const message = place("message");
let lost = false;

function tell(text, failed = false) {
  message.textContent = text;
  message.classList.toggle("failed", failed);
}

async function refresh() {
  let text;
  try {
    text = await (await fetch("/", { cache: "no-store" })).text();
  } catch {
    if (!lost) tell("The server does not answer.", true);
    lost = true;
    return;
  }
  if (lost) tell("");
  lost = false;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.outerHTML === part.outerHTML) continue;
    part.dataset.next = other.dataset.next ?? "";
    if (!("next" in other.dataset)) delete part.dataset.next;
    part.replaceChildren(...other.childNodes);
  }
  place("step").disabled = !place("now").dataset.next;
}

async function move(body) {
  const buttons = document.querySelectorAll("#move button");
  const focused = document.activeElement;
  for (const button of buttons) button.disabled = true;
  tell("The clock is moving.");
  try {
    const answer = await fetch("/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const found = await answer.json();
    if (answer.ok) tell(`${found.count.toLocaleString("en")} ${found.count === 1 ? "job" : "jobs"} ran. The clock stands at ${found.now}.`);
    else tell(found.error.message, true);
  } catch {
    tell("The server does not answer.", true);
  }
  for (const button of buttons) button.disabled = false;
  await refresh();
  focused?.focus();
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => move({ advance: button.dataset.advance }));
}
// What is due at an instant runs when the clock leaves it.
place("step").addEventListener("click", () => {
  const after = new Date(Date.parse(place("now").dataset.next) + 1000);
  move({ until: after.toISOString().replace(".000", "") });
});
place("move").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = place("target").value.trim();
  if (text) move(/^\d{4}-/.test(text) ? { until: text } : { advance: text });
});
place("step").disabled = !place("now").dataset.next;
setInterval(() => {
  if (place("refresh").checked && !document.hidden) refresh();
}, EVERY);
