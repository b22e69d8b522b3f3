// Keys: each act has its own. Off while typing; Esc covers, always; a key that repeats does nothing.

import { act, cover } from "./acts.js";
import { age, desk, say, sentence, work } from "./page.js";
import { press, release } from "./stage.js";

const FIRST = 400; // ms of a case in which Enter does nothing

const typing = (element) => element.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
const pressable = (element) => element.matches?.("button, a[href], summary");

const keyed = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((e) => e.offsetParent);
const named = (key) => keyed(key).find((e) => !e.disabled);

/** A step that a limit or a break keeps closed says why, each time it is asked for. */
function refuse(key) {
  const why = document.querySelector(".ladder")?.dataset.refusal;
  if (why && keyed(key).length) say(why);
}

function enter(event) {
  const tooEarly = age() < FIRST;
  if (pressable(event.target) && !event.target.closest("[data-hold]")) {
    if (tooEarly) event.preventDefault();
    return; // the browser presses what is focused
  }
  event.preventDefault();
  if (!tooEarly) named("Enter")?.click();
}

function letter(event, key) {
  const element = named(key);
  if (!element) return refuse(key);
  event.preventDefault();
  if (element.matches("[data-hold]")) return press();
  if (element.matches("summary")) return unfold(element);
  if (element.matches("input")) document.activeElement?.blur();
  element.click();
}

function unfold(summary) {
  const fold = summary.parentElement;
  fold.open = !fold.open;
  (fold.open ? fold.querySelector("input, button") : summary)?.focus();
}

function down(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    cover();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.repeat) {
    const walks = /^(Arrow|Page|Home|End|Tab)/.test(event.key);
    if (!walks) event.preventDefault();
    return;
  }
  if (event.key === "Enter") return enter(event);
  if (event.key.length !== 1 || event.key === " ") return;
  letter(event, event.shiftKey && event.key === "B" ? "Shift+B" : event.key.toLowerCase());
}

function submit(event) {
  if (event.target.id !== "work") return;
  event.preventDefault();
  const submitter = event.submitter;
  if (submitter?.matches("[data-hold]")) return;
  if (submitter?.id === "decide" && !event.target.checkValidity()) {
    say(sentence("choose"));
    const missing = [...event.target.elements].find((e) => e.willValidate && !e.validity.valid);
    missing?.focus();
    return;
  }
  act(submitter);
}

export function start() {
  document.addEventListener("keydown", down);
  document.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "c") release();
  });
  document.addEventListener("submit", submit);
  document.addEventListener("change", () => {
    // What was missing is chosen: the sentence has done its work.
    const said = document.getElementById("notices").textContent.trim();
    if (said === sentence("choose") && work()?.checkValidity()) say("");
  });
  document.addEventListener("click", (event) => {
    // By keyboard a hold button is a tap; by pointer, pressing and letting go have said it already.
    if (!event.target.closest?.("[data-hold]")) return;
    event.preventDefault();
    if (event.detail === 0 && desk()) {
      press();
      release();
    }
  });
}
