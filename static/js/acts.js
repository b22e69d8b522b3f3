// Acts: every button of the page posts its form; here it goes by fetch, and the answer takes the page's place.

import { aside, inTurn, isBusy, LineDown, sign, token } from "./line.js";
import { clear, exposure, field, now, reread, say, sentence, show, work } from "./page.js";
import { forget, untold } from "./tick.js";

let unsent = null; // a decision that no answer came for: the same bytes, with the same id, go again
let isDown = false;
let acting = false;

export const isOffline = () => isDown;

/** Do what a submit button says. Another act on its way makes this one wait for nobody: it is left alone. */
export async function act(submitter) {
  if (acting || unsent) return;
  const action = submitter?.formAction || work().action;
  const fields = new FormData(work(), submitter);
  const deciding = new URL(action).pathname === "/desk/decide";
  acting = true;
  try {
    say("");
    await send(action, fields, deciding);
  } finally {
    acting = false;
  }
}

/** Post fields and show what comes back. */
export async function send(action, fields, deciding = false) {
  const asked = now();
  try {
    if (isDown) await report();
    await exchange(action, fields, { asked, heard: lineIsUp });
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    if (deciding) unsent = { action, fields };
    lineIsDown();
  }
}

/** Post after everything asked before, and show what comes back before anything else is asked. */
function exchange(action, fields, { asked = now(), heard = () => {} } = {}) {
  return inTurn(async () => {
    const response = await sign(action, fields);
    forget();
    heard();
    await show(response, asked);
  });
}

/** Cover the stage: here at once, then at the server. */
export async function cover(reason = "") {
  // What is on its way may be about to show something: that is covered too.
  const coming = isBusy();
  if (!clear() && !coming) return;
  if (reason) say(sentence(reason));
  const fields = { csrfmiddlewaretoken: token(), picture: field("picture"), beats: "1" };
  try {
    await exchange("/desk/cover", fields);
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  }
}

/** The page goes away: say so without waiting for an answer. */
export function coverAndLeave() {
  if (!clear()) return;
  const fields = { csrfmiddlewaretoken: token(), picture: field("picture"), beats: "1" };
  aside("/desk/cover", fields, { keepalive: true }).catch(() => {});
}

/** Say since when the stage has been covered, if the server has not heard it: before anything else that it would hear. */
export async function report() {
  const said = untold(exposure());
  if (!said) return;
  await sign("/desk/cover", { csrfmiddlewaretoken: token(), picture: field("picture"), beats: "1", ...said });
  forget();
}

export function lineIsDown() {
  clear();
  isDown = true;
  say(sentence(unsent ? "unsent" : "offline"));
}

/** An answer came: since when it was covered is said, what was not sent goes, then the page reads where it is. */
export async function lineIsUp() {
  if (!isDown) return;
  isDown = false;
  try {
    await report();
    await goOn();
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    lineIsDown();
  }
}

function goOn() {
  if (!unsent) {
    say(sentence("online"));
    return reread();
  }
  const { action, fields } = unsent;
  unsent = null;
  say("");
  return send(action, fields, true);
}

addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
