// Acts: every button of the page posts its form; here it goes by fetch, and the answer takes the page's place.

import { aside, isBusy, LineDown, post, token } from "./line.js";
import { clear, field, now, reread, say, sentence, show, work } from "./page.js";

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
    const response = await post(action, fields);
    lineIsUp();
    await show(response, asked);
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    if (deciding) unsent = { action, fields };
    lineIsDown();
  }
}

/** Cover the stage: here at once, then at the server. */
export async function cover(reason = "") {
  // What is on its way may be about to show something: that is covered too.
  const coming = isBusy();
  if (!clear() && !coming) return;
  if (reason) say(sentence(reason));
  const fields = { csrfmiddlewaretoken: token(), picture: field("picture"), beats: "1" };
  const asked = now();
  try {
    await show(await post("/desk/cover", fields), asked);
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

export function lineIsDown() {
  clear();
  isDown = true;
  say(sentence(unsent ? "unsent" : "offline"));
}

/** An answer came: what was not sent goes now, then the page reads where it is. */
export function lineIsUp() {
  if (!isDown) return;
  isDown = false;
  if (!unsent) {
    say(sentence("online"));
    reread().catch(() => lineIsDown());
    return;
  }
  const { action, fields } = unsent;
  unsent = null;
  say("");
  send(action, fields, true);
}

addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
