"use strict";
// The server writes the whole page; what is live in it is taken over from a new copy.
const EVERY = 3000;
const place = (id) => document.getElementById(id);
const message = place("message");
const buttons = document.querySelectorAll("#move button");
let lost = false;
let moving = false;
let asked = 0;
let shown = 0;

function tell(text, failed = false) {
  message.textContent = text;
  message.classList.toggle("failed", failed);
}

function enable(on) {
  for (const button of buttons) button.disabled = !on;
  if (!place("now").dataset.next) place("step").disabled = true;
}

async function refresh() {
  const mine = ++asked;
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
  // Answers may overtake one another: what is older than the page is passed over.
  if (mine < shown) return;
  shown = mine;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.outerHTML === part.outerHTML) continue;
    part.dataset.next = other.dataset.next ?? "";
    if (!("next" in other.dataset)) delete part.dataset.next;
    part.replaceChildren(...other.childNodes);
  }
  if (!moving) enable(true);
}

async function post(body) {
  try {
    const answer = await fetch("/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const found = await answer.json();
    if (!answer.ok) return [found.error.message, true];
    return [`${found.count.toLocaleString("en")} ${found.count === 1 ? "job" : "jobs"} ran. The clock stands at ${found.now}.`];
  } catch {
    return ["The server does not answer.", true];
  }
}

// Nothing can be pressed before the page shows what the move did: the next step starts from there.
async function move(body) {
  const focused = document.activeElement;
  moving = true;
  enable(false);
  tell("The clock is moving.");
  const said = await post(body);
  await refresh();
  moving = false;
  if (!lost) tell(...said);
  enable(true);
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
enable(true);
setInterval(() => {
  if (place("refresh").checked && !document.hidden) refresh();
}, EVERY);
