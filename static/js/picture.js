// The picture on the stage: the page fetches it by itself, paints it, and wipes it. It is at no address that a tab can open.

import { rendition } from "./line.js";

let painted = null; // the canvas whose picture came, or is coming
let coming = new AbortController();

/** Paint what the stage asks for, once. Resolves with whether nothing is missing on it. */
export async function paint(exposure) {
  const canvas = document.querySelector("#stage canvas[data-picture]");
  if (!canvas || canvas === painted) return true;
  painted = canvas;
  coming = new AbortController();
  try {
    await fill(canvas, await rendition(canvas.dataset.picture, exposure, coming.signal));
    return true;
  } catch {
    return canvas !== painted; // wiped meanwhile: nobody waits for it
  }
}

async function fill(canvas, response) {
  if (!response.ok) throw new Error(`${response.status}`);
  // Not blob(): what is read so escapes who watches the line, and our tests look at every byte that came.
  const bitmap = await createImageBitmap(new Blob([await response.arrayBuffer()]));
  if (canvas === painted) {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
  }
  bitmap.close();
}

/** Wipe what is painted inside an element, and let what is still on its way go. */
export function wipe(element) {
  if (!painted || !element.contains(painted)) return;
  coming.abort();
  painted.width = 0; // a canvas without width keeps no pixel
  painted.height = 0;
  delete painted.dataset.picture;
  painted = null;
}
