// Until when the stage was seen: kept in this browser while something is on it, so that a page that comes back, also after
// a crash, can say since when it was covered. An exposure's id and a time, no content.

const KEY = "respite-shown";
const ALIVE = 3000; // ms: a tick that is younger may be another window's, which still shows
const DOUBT = 1000; // ms between two ticks, and what a page therefore does not claim

let last = null;

/** Note that *exposure* is on the stage now. */
export function note(exposure) {
  last = { exposure, at: Date.now() };
  store((kept) => kept.setItem(KEY, JSON.stringify(last)));
}

/** The server has heard how the stage is: there is nothing left to say. */
export function forget() {
  last = null;
  store((kept) => kept.removeItem(KEY));
}

/** Take up what a page left behind that ended without a word. */
export function remember() {
  const kept = store((all) => JSON.parse(all.getItem(KEY)));
  if (kept?.exposure && Date.now() - kept.at > ALIVE) last = kept;
}

/** What is to be said, if something other than what is *shown* was on the stage: which, and how long ago in ms. */
export function untold(shown) {
  if (!last || last.exposure === shown) return null;
  return { exposure: last.exposure, silence: String(Math.max(0, Date.now() - last.at - DOUBT)) };
}

/** A browser that keeps nothing has nothing to say later: then all of the silence counts. */
function store(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
