// The stage: colour is held, or kept by a second press; a hidden tab, two minutes without input, or a lost line cover.

import { cover, coverAndLeave, lineIsDown, send } from "./acts.js";
import { afterSwap, claim, clear, exposure, level, reread, work } from "./page.js";
import { paint } from "./picture.js";

const COLOUR = 10_000; // ms until colour falls back to grey, unless held
const HELD = 400; // ms from which a press was a hold and not a tap
const AWAY = 120_000; // ms without input: covered. Timed here, told to nobody.

let pressedAt = 0;
let pressed = false; // the key or the finger is down now
let kept = false; // pressed twice: stays until another step
let letGo = false; // a hold ended before its colour came: it is not kept on the stage
let timer = 0;
let missed = ""; // the exposure whose picture did not come
let inputAt = performance.now();

export const holding = () => level() === "colour" && (pressed || kept);

/** Press the colour step: show it, or keep it if it is shown already. */
export function press() {
  if (pressed) return;
  pressed = true;
  letGo = false;
  pressedAt = performance.now();
  if (level() === "colour") {
    if (kept) step("grey");
    else kept = true;
    return;
  }
  step("colour");
}

/** Let go: after a hold it turns grey, after a tap it stays for its 10 s. */
export function release() {
  if (!pressed) return;
  pressed = false;
  const wasHold = !kept && performance.now() - pressedAt >= HELD;
  if (wasHold && level() === "colour") step("grey");
  else letGo = wasHold;
  wait();
}

function step(wanted) {
  const button = document.querySelector(`.ladder [data-level="${wanted}"]`);
  if (!button || button.disabled) return;
  const fields = new FormData(work());
  fields.set("level", wanted);
  return send(button.formAction, fields);
}

function wait() {
  clearTimeout(timer);
  if (level() !== "colour") return;
  timer = setTimeout(() => {
    if (level() === "colour" && !holding()) step("grey");
  }, COLOUR);
}

/** Paint what is on the stage. What does not come is asked for once more; then the case is covered, and counts nothing. */
async function draw() {
  const shown = exposure();
  if (await paint(shown)) return;
  if (missed === shown) return cover("no-picture");
  missed = shown;
  clear();
  reread().catch(lineIsDown);
}

/** What was put on the stage before this script ran is put there anew: from now on it beats for it. */
function takeOver() {
  if (exposure()) step(level());
}

export function start() {
  let looked = `${claim()} ${level()}`;
  afterSwap(draw);
  afterSwap(() => {
    const looks = `${claim()} ${level()}`;
    if (looks === looked) return;
    looked = looks;
    if (level() !== "colour") kept = false;
    else if (letGo) {
      letGo = false;
      step("grey");
    }
    wait();
  });
  wait();
  takeOver();

  document.addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("[data-hold]");
    if (!button || button.disabled || event.button) return;
    button.setPointerCapture?.(event.pointerId);
    press();
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, release);
  for (const name of ["contextmenu", "dragstart"]) {
    document.addEventListener(name, (event) => {
      if (event.target.closest?.("[data-hold], #stage")) event.preventDefault();
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) cover();
  });
  addEventListener("pagehide", coverAndLeave);
  addEventListener("offline", lineIsDown);
  addEventListener("blur", release);

  const seen = () => {
    inputAt = performance.now();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"]) {
    addEventListener(name, seen, { passive: true, capture: true });
  }
  setInterval(() => {
    if (performance.now() - inputAt >= AWAY) cover("away");
  }, 1000);
}
