// The page as the server last told it: where we are, and how a newer telling takes its place.

import { read } from "./line.js";
import { wipe } from "./picture.js";

const served = new Map(); // part id → its HTML as served, to leave alone what did not change
let since = performance.now(); // when this case came onto the page
let epoch = 0; // grows with every cover: what was asked before it is not shown any more
const listeners = [];

export const desk = () => document.getElementById("desk");
export const stage = () => document.getElementById("part-stage");
export const work = () => document.getElementById("work");
export const field = (name) => work()?.elements.namedItem(name)?.value ?? "";
export const claim = () => desk()?.dataset.claim ?? "";
export const exposure = () => stage()?.dataset.exposure ?? "";
export const level = () => stage()?.dataset.level ?? "covered";
export const rev = () => Number(desk()?.dataset.rev ?? 0);
export const age = () => performance.now() - since;
export const now = () => epoch;

/** Call *listener* after each time the page was told anew. */
export function afterSwap(listener) {
  listeners.push(listener);
}

/** Say a sentence politely; an empty one clears. */
export function say(sentence) {
  const region = document.getElementById("notices");
  region.replaceChildren();
  if (!sentence) return;
  const line = document.createElement("p");
  line.className = "notice";
  line.textContent = sentence;
  region.append(line);
}

/** Say that a break comes: once, when its line appears. */
function announce() {
  const announcer = document.getElementById("announcer");
  const line = document.querySelector("[data-soon]")?.textContent ?? "";
  if (announcer.textContent !== line) announcer.textContent = line;
}

/** Return one of the sentences that the page brought along. */
export function sentence(name) {
  return document.getElementById(`sentence-${name}`)?.content.textContent.trim() ?? "";
}

/** Clear the stage at once, before anybody is asked. Returns whether something was on it. */
export function clear() {
  epoch += 1;
  const part = stage();
  if (!part || level() === "covered") return false;
  const section = part.querySelector("#stage");
  wipe(section);
  section.replaceChildren(document.getElementById("covered-stage").content.cloneNode(true));
  section.className = "stage stage-covered-now";
  section.dataset.level = "covered";
  part.dataset.level = "covered";
  part.dataset.exposure = desk().dataset.exposure = "";
  for (const words of document.querySelectorAll("#part-words .words")) words.remove();
  for (const step of document.querySelectorAll(".ladder [data-level]")) {
    step.setAttribute("aria-pressed", String(step.dataset.level === "covered"));
  }
  for (const id of ["part-stage", "part-ladder", "part-words"]) served.delete(id);
  return true;
}

/** Show what a response tells. `asked` is the epoch in which it was asked. */
export async function show(response, asked = epoch) {
  const text = await response.text();
  const told = new DOMParser().parseFromString(text, "text/html");
  if (!told.getElementById("desk")) return leave(told, response);
  if (asked !== epoch) return; // covered since: what comes after the cover will tell
  settle(told);
  announce();
  for (const listener of listeners) listener();
}

/** Ask for the page again, with the picture that is on it, and show it. */
export async function reread() {
  const asked = epoch;
  const picture = field("picture");
  await show(await read(picture > 1 ? `${location.pathname}?picture=${picture}` : location.pathname), asked);
}

function leave(told, response) {
  clear();
  if (told.getElementById("rest")) return location.assign("/break/");
  if (new URL(response.url).pathname.startsWith("/accounts/")) return location.assign(response.url);
  say(told.querySelector("h1")?.textContent ?? "");
}

function settle(told) {
  document.title = told.title;
  const here = desk();
  const next = told.getElementById("desk");
  const same = here.dataset.claim === next.dataset.claim && here.dataset.kind === next.dataset.kind;
  const sentences = told.getElementById("notices");
  if (sentences.childElementCount) document.getElementById("notices").replaceChildren(...sentences.childNodes);
  if (same && next.dataset.claim) {
    const kept = written();
    Object.assign(here.dataset, next.dataset);
    work().elements.namedItem("picture").value = next.querySelector("#work [name=picture]").value;
    for (const part of next.querySelectorAll("[data-part]")) renew(part);
    rewrite(kept);
  } else {
    since = performance.now();
    wipe(here);
    here.replaceWith(next);
    served.clear();
    remember();
    if (!next.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  renew(told.getElementById("desk-head"));
  document.getElementById("desk-saved")?.replaceChildren(...(told.getElementById("desk-saved")?.childNodes ?? []));
}

/** Put a part in its place if it was told differently from last time. */
function renew(part) {
  if (!part) return;
  const told = plain(part);
  if (served.get(part.id) === told) return;
  served.set(part.id, told);
  const here = document.getElementById(part.id);
  const focused = here.contains(document.activeElement) ? document.activeElement : null;
  const again = focused && findAgain(part, focused);
  const folded = here.querySelector("details.meter:not([open])");
  wipe(here);
  here.replaceWith(part);
  if (folded) part.querySelector("details.meter")?.removeAttribute("open");
  again?.focus({ preventScroll: true });
}

function findAgain(part, element) {
  if (element.id) return part.querySelector(`#${CSS.escape(element.id)}`);
  const key = element.dataset.key;
  if (key) return part.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const { name, value } = element;
  return name ? part.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`) : null;
}

/** HTML of a part without what a person may have changed in it meanwhile. */
function plain(part) {
  const copy = part.cloneNode(true);
  for (const input of copy.querySelectorAll("[checked]")) input.removeAttribute("checked");
  for (const area of copy.querySelectorAll("textarea")) area.textContent = "";
  for (const fold of copy.querySelectorAll("details")) fold.removeAttribute("open");
  return copy.outerHTML;
}

function written() {
  const form = work();
  return form ? { category: picked("category"), action: picked("action"), rationale: field("rationale") } : null;
}

function picked(name) {
  return document.querySelector(`input[name="${name}"]:checked`)?.value ?? "";
}

function rewrite(kept) {
  if (!kept) return;
  for (const name of ["category", "action"]) {
    const input = kept[name] && document.querySelector(`input[name="${name}"][value="${CSS.escape(kept[name])}"]`);
    if (input) input.checked = true;
  }
  const area = document.getElementById("rationale");
  if (area && area.value !== kept.rationale) area.value = kept.rationale;
}

/** Note every part as it was served. Called once at the start, and for each new case. */
export function remember() {
  for (const part of document.querySelectorAll("[data-part]")) served.set(part.id, plain(part));
  const form = work();
  if (!form) return;
  form.noValidate = true; // the page has a sentence of its own for what is missing
  form.elements.namedItem("beats").value = "1";
}
