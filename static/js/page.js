// The page as the server last told it: where we are, and how a newer telling takes its place.

import { carry } from "./chosen.js";
import { inTurn, read, words } from "./line.js";
import { wipe } from "./picture.js";

const GO = "X-Respite-Go"; // an answer that leads to another page, which is not fetched here

const served = new Map(); // part id → its HTML as served, to leave alone what did not change
let since = performance.now(); // when this case came onto the page
let epoch = 0; // grows with every cover: what was asked before it is not shown any more
let told = 0; // how often the page was told anew
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

/** Ask for the page again, with the picture that is on it by then, and show it. */
export function reread() {
  const asked = epoch;
  return inTurn(async () => {
    const picture = field("picture");
    await show(await read(picture > 1 ? `${location.pathname}?picture=${picture}` : location.pathname), asked);
  });
}

/** How often the page was told anew. */
export const tellings = () => told;

/** Show what a response tells. `asked` is the epoch in which it was asked. Belongs into the turn of who asked. */
export async function show(response, asked) {
  const elsewhere = response.headers.get(GO);
  if (elsewhere) return leave(elsewhere);
  const parsed = new DOMParser().parseFromString(await words(response), "text/html");
  if (!parsed.getElementById("desk")) return misplaced(parsed, response);
  if (asked !== epoch) return; // covered since: what comes after the cover will tell
  settle(parsed);
  told += 1;
  announce();
  for (const listener of listeners) listener();
}

function leave(address) {
  clear();
  location.assign(address);
}

/** What came is no desk: the way to sign in, or an error's page. */
function misplaced(parsed, response) {
  if (new URL(response.url).pathname.startsWith("/accounts/")) return leave(response.url);
  clear();
  say(parsed.querySelector("h1")?.textContent ?? "");
}

function settle(parsed) {
  document.title = parsed.title;
  const here = desk();
  const next = parsed.getElementById("desk");
  const head = parsed.getElementById("desk-head");
  const saved = parsed.getElementById("desk-saved");
  const sentences = parsed.getElementById("notices");
  if (sentences.childElementCount) document.getElementById("notices").replaceChildren(...sentences.childNodes);
  const place = [scrollX, scrollY];
  if (here.dataset.claim === next.dataset.claim && next.dataset.claim) {
    Object.assign(here.dataset, next.dataset);
    work().elements.namedItem("picture").value = next.querySelector("#work [name=picture]").value;
    for (const part of next.querySelectorAll("[data-part]")) renew(part);
    scrollTo(...place);
  } else if (here.dataset.kind === next.dataset.kind && !here.dataset.claim && !next.dataset.claim) {
    renew(next);
    prepare();
    scrollTo(...place);
  } else {
    begin(here, next);
  }
  renew(head);
  document.getElementById("desk-saved")?.replaceChildren(...(saved?.childNodes ?? []));
}

/** Another case, or none any more: nothing of the one before stays. */
function begin(here, next) {
  since = performance.now();
  wipe(here);
  here.replaceWith(next);
  served.clear();
  remember();
  for (const menu of document.querySelectorAll("#desk-head details:not(.meter)[open]")) menu.open = false;
  if (!next.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Put a part in its place if it was told differently from last time. */
function renew(part) {
  if (!part) return;
  const html = plain(part);
  if (served.get(part.id) === html) return;
  served.set(part.id, html);
  const here = document.getElementById(part.id);
  wipe(here);
  carry(here, part, () => here.replaceWith(part));
}

/** HTML of a part without what a person may have changed in it meanwhile. */
function plain(part) {
  const copy = part.cloneNode(true);
  for (const input of copy.querySelectorAll("[checked]")) input.removeAttribute("checked");
  for (const area of copy.querySelectorAll("textarea")) area.textContent = "";
  for (const fold of copy.querySelectorAll("details")) fold.removeAttribute("open");
  return copy.outerHTML;
}

/** Note every part as it was served. Called once at the start, and for each new case. */
export function remember() {
  for (const part of document.querySelectorAll("[data-part]")) served.set(part.id, plain(part));
  prepare();
}

function prepare() {
  const form = work();
  if (!form) return;
  form.noValidate = true; // the page has a sentence of its own for what is missing
  form.elements.namedItem("beats").value = "1";
}
