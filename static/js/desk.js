// The desk, beside its plain forms: keys, holding, beats, drafts, and news by socket or beat.

import { isOffline, lineIsDown, lineIsUp, report } from "./acts.js";
import { start as startKeys } from "./keys.js";
import { aside, isSilent, LineDown, settled, sign, token } from "./line.js";
import { listen } from "./live.js";
import { afterSwap, claim, clear, desk, exposure, field, level, remember, reread, rev, say, sentence, tellings, work } from "./page.js";
import { holding, start as startStage } from "./stage.js";
import { note, remember as rememberShown, untold } from "./tick.js";

const BEAT = 5000; // ms
const TICK = 500; // ms between two looks at whether anybody answers
const PAUSE = 800; // ms without typing, after which a draft is saved

let beating = false;
let reading = false;
let pause = 0;
let written = ""; // the claim that a pause will save for
let ending = 0;
let telling = 0;

async function look() {
  if (reading || document.hidden) return;
  reading = true;
  try {
    await reread();
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  } finally {
    reading = false;
  }
}

async function beat() {
  if (beating || desk().dataset.kind === "off") return;
  beating = true;
  try {
    await settled(); // what an act is about to change is not beaten for
    tick();
    const fields = { csrfmiddlewaretoken: token(), claim: claim(), exposure: exposure(), holding: holding() ? "1" : "" };
    const shown = exposure();
    const before = tellings();
    const response = await sign("/desk/beat", fields);
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    if (!answer) {
      clear();
      say(sentence("signed-out"));
      return;
    }
    if (isOffline()) return lineIsUp();
    await settled();
    if (fields.claim !== claim()) return; // an act has moved on meanwhile: its own answer tells
    if (!response.ok) {
      clear();
      say(answer.detail);
      return look();
    }
    clearTimeout(ending);
    if (answer.covers_in !== null && shown) ending = setTimeout(end, answer.covers_in);
    const moved = shown === exposure() && answer.exposure !== shown;
    const overtaken = before !== tellings(); // told since by the answer of an act, which may be newer
    if (moved || (overtaken ? answer.rev > rev() : answer.rev !== rev())) await look();
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  } finally {
    beating = false;
  }
}

/** While something is shown, keep until when; where nobody has answered for 10 s, show nothing any longer. */
function tick() {
  if (level() === "covered") return;
  if (isSilent()) return lineIsDown();
  note(exposure());
}

/** Say how the page before this one ended, if it could not. */
async function takeUp() {
  rememberShown();
  if (!untold(exposure())) return;
  try {
    await report();
    await reread();
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  }
}

/** Read the page again when it has a break to say: a clock time, two minutes ahead. */
function tellInTime() {
  clearTimeout(telling);
  const wait = Number(desk().dataset.again ?? 0);
  if (wait > 0) telling = setTimeout(look, wait);
}

/** A limit or a break is reached now: nothing waits for the next beat. */
function end() {
  if (clear()) look();
}

function changed(event) {
  if (event.target.form !== work() || !claim()) return;
  written = claim();
  clearTimeout(pause);
  pause = setTimeout(save, PAUSE);
}

async function save() {
  const mine = claim();
  await settled(); // an act on its way takes along what is written, or leaves it here
  if (!mine || mine !== claim() || isOffline()) return;
  try {
    const response = await aside("/desk/draft", new FormData(work()));
    if (!response.ok || mine !== claim()) return;
    const { saved } = await response.json();
    document.getElementById("desk-saved").textContent = ` · ${saved}`;
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  }
}

afterSwap(tellInTime);
afterSwap(() => {
  if (claim() !== written) clearTimeout(pause); // what was written there went with the act
});
remember();
tellInTime();
startKeys();
startStage();
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
addEventListener("online", beat);
addEventListener("pageshow", (event) => {
  if (event.persisted) look(); // brought back as it was left: covered, and perhaps long ago
});
setInterval(beat, BEAT);
setInterval(tick, TICK);
takeUp();
listen(async (number) => {
  await settled(); // an act of this page is told by its own answer
  if (number <= rev()) return;
  await beat(); // settles what is on the stage, so that a tighter limit covers it now
  if (number > rev()) look();
});
if (desk().dataset.withheld === "yes") look();
document.documentElement.dataset.ready = "desk";
