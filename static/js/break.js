// The break page reads itself again when something changed, or when its time has come. It counts nothing down.

import { report } from "./acts.js";
import { listen } from "./live.js";
import { remember, untold } from "./tick.js";

const SOON = 5000; // ms between looks once the clock time is there and the server counts its last seconds

async function look() {
  let told;
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    told = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("rest");
    if (!told) return location.assign(response.url);
  } catch {
    return later(SOON);
  }
  document.getElementById("rest").replaceWith(told);
  mark();
}

function later(delay) {
  setTimeout(look, delay);
}

function mark() {
  const rest = document.getElementById("rest");
  rest.querySelector("[name=beats]").value = "1";
  const opens = Number(rest.dataset.opens);
  if (opens) later(Math.max(SOON, opens * 1000));
}

mark();
remember();
if (untold("")) report().then(look, () => {}); // a break is no rest while what was shown counts
listen((number) => {
  if (number > Number(document.getElementById("rest").dataset.rev)) look();
});
document.documentElement.dataset.ready = "break";
