// The line to the server: one request at a time, in order; what fails is told to who asked.

export class LineDown extends Error {}

const PATIENCE = 8000; // ms without an answer: the line counts as lost
const STAGE = "X-Respite-Stage"; // only a script can set it: what is on the stage is told to nobody else
const OURS = { credentials: "same-origin", cache: "no-store" };

const SILENT = 10_000; // ms since the last answer that counts as a sign: nothing is shown any longer

let last = Promise.resolve();
let waiting = 0;
let heard = moment();

/** Whether something was asked whose answer is not on the page yet. */
export const isBusy = () => waiting > 0;

/** Resolves when everything asked so far is answered, and the answer on the page. */
export const settled = () => last;

/** Whether so long ago nothing was answered that the server counts this page as silent; also after the machine slept. */
export function isSilent() {
  const now = moment();
  return Math.max(now.steady - heard.steady, now.wall - heard.wall) >= SILENT;
}

/** Exchange something after everything asked before: asking, and taking in what comes, so that nothing is heard in between. */
export function inTurn(exchange) {
  waiting += 1;
  const turn = last.then(exchange).finally(() => {
    waiting -= 1;
  });
  last = turn.catch(() => {});
  return turn;
}

/** Post what the server takes as a sign of this page, whatever its status: heard of when it was sent. */
export async function sign(action, fields, options = {}) {
  const sent = moment();
  const response = await request(action, fields, options);
  heard = sent;
  return response;
}

/** Post beside the queue: for drafts, which change nothing that others wait for and are no sign of the stage. */
export function aside(action, fields, options = {}) {
  return request(action, fields, options);
}

/** Read a page again. */
export function read(address) {
  return ask(address, { headers: { Accept: "text/html", [STAGE]: "desk" } });
}

/** The text of a response; a line that is lost meanwhile is lost. */
export async function words(response) {
  try {
    return await response.text();
  } catch (error) {
    throw new LineDown(error.name);
  }
}

/** Fetch a picture of what is on the stage, beside the queue; until it is told to stop. */
export function rendition(address, exposure, signal) {
  return fetch(address, { ...OURS, mode: "same-origin", headers: { [STAGE]: exposure }, signal });
}

function request(action, fields, { keepalive = false } = {}) {
  return ask(action, { method: "POST", body: new URLSearchParams(fields), headers: { [STAGE]: "desk" }, keepalive });
}

async function ask(address, options) {
  try {
    return await fetch(address, { ...options, ...OURS, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    throw new LineDown(error.name);
  }
}

function moment() {
  return { steady: performance.now(), wall: Date.now() };
}

/** The token that every post bears. */
export function token() {
  return document.querySelector("#work [name=csrfmiddlewaretoken], form [name=csrfmiddlewaretoken]")?.value ?? "";
}
