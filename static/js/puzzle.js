// A puzzle of blocks for long breaks: pieces are turned, flipped and fitted into a board. No clock, no points, and nothing
// leaves the page. Each board is cut into pieces first, so that there always is a way to fill it.

const COLUMNS = 7;
const ROWS = 6;
const LEAST = 4; // cells of a piece; what is left over between others may be smaller
const MOST = 6;
const SOON = 5000; // ms between looks once the break's clock time is there
const SVG = "http://www.w3.org/2000/svg";

const root = document.getElementById("puzzle");
const board = document.getElementById("board");
const tray = document.getElementById("tray");
const said = document.getElementById("said");

let pieces = []; // { cells: [[column, row], …], at: [column, row] or null }
let held = 0; // which piece is in hand
let ghost = [0, 0]; // where it would be set down

// ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────

const key = ([column, row]) => `${column},${row}`;
const within = ([column, row]) => column >= 0 && column < COLUMNS && row >= 0 && row < ROWS;
const any = (list) => list[Math.floor(Math.random() * list.length)];
const around = ([column, row]) => [[column + 1, row], [column - 1, row], [column, row + 1], [column, row - 1]];

function toCorner(cells) {
  const left = Math.min(...cells.map(([column]) => column));
  const top = Math.min(...cells.map(([, row]) => row));
  return cells.map(([column, row]) => [column - left, row - top]);
}

const turned = (cells) => toCorner(cells.map(([column, row]) => [-row, column]));
const flipped = (cells) => toCorner(cells.map(([column, row]) => [-column, row]));

/** Cut the whole board into connected pieces, at random. */
function cut() {
  const free = new Set();
  for (let row = 0; row < ROWS; row += 1) for (let column = 0; column < COLUMNS; column += 1) free.add(key([column, row]));
  const found = [];
  while (free.size) found.push(grow(free));
  return found;
}

/** Take one connected piece out of the free cells, from where fewest neighbours are left: no lone cell stays behind. */
function grow(free) {
  const open = (cell) => around(cell).filter((next) => free.has(key(next)));
  const cells = [...free].map((text) => text.split(",").map(Number));
  const fewest = Math.min(...cells.map((cell) => open(cell).length));
  const piece = [any(cells.filter((cell) => open(cell).length === fewest))];
  free.delete(key(piece[0]));
  const size = LEAST + Math.floor(Math.random() * (MOST - LEAST + 1));
  while (piece.length < size) {
    const edge = piece.flatMap(open);
    if (!edge.length) break;
    const least = Math.min(...edge.map((cell) => open(cell).length));
    const next = any(edge.filter((cell) => open(cell).length === least));
    piece.push(next);
    free.delete(key(next));
  }
  return piece;
}

function scrambled(cells) {
  let shape = toCorner(cells);
  if (Math.random() < 0.5) shape = flipped(shape);
  for (let turns = Math.floor(Math.random() * 4); turns > 0; turns -= 1) shape = turned(shape);
  return shape;
}

const placed = (piece, at = piece.at) => piece.cells.map(([column, row]) => [column + at[0], row + at[1]]);

function taken() {
  return new Set(pieces.filter((piece) => piece.at).flatMap((piece) => placed(piece)).map(key));
}

function fits(piece, at) {
  const full = taken();
  return placed(piece, at).every((cell) => within(cell) && !full.has(key(cell)));
}

// ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function anew() {
  pieces = cut().map((cells) => ({ cells: scrambled(cells), at: null }));
  held = 0;
  ghost = [0, 0];
  say("");
  draw();
}

function hold(number) {
  held = number;
  pieces[held].at = null;
  stay();
  draw();
}

function next() {
  const waiting = pieces.map((_piece, number) => number).filter((number) => !pieces[number].at && number !== held);
  if (waiting.length) held = waiting.find((number) => number > held) ?? waiting[0];
  stay();
  draw();
}

function change(how) {
  const piece = pieces[held];
  if (piece.at) return;
  piece.cells = how(piece.cells);
  stay();
  draw();
}

function move(columns, rows) {
  ghost = [ghost[0] + columns, ghost[1] + rows];
  stay();
  draw();
}

/** Keep the piece in hand on the board. */
function stay() {
  const { cells } = pieces[held];
  const width = Math.max(...cells.map(([column]) => column)) + 1;
  const height = Math.max(...cells.map(([, row]) => row)) + 1;
  ghost = [Math.min(Math.max(ghost[0], 0), COLUMNS - width), Math.min(Math.max(ghost[1], 0), ROWS - height)];
}

function setDown() {
  const piece = pieces[held];
  if (piece.at) return;
  if (!fits(piece, ghost)) return say("not-here");
  piece.at = ghost;
  pieces.push(...pieces.splice(held, 1)); // the last set down is the first to be taken back
  held = Math.max(pieces.findIndex((one) => !one.at), 0);
  say(pieces.every((one) => one.at) ? "fits" : "");
  stay();
  draw();
}

function takeBack() {
  const last = pieces.findLastIndex((piece) => piece.at);
  if (last < 0) return;
  say("");
  hold(last);
}

function say(name) {
  said.textContent = name ? document.getElementById(`sentence-${name}`).content.textContent : "";
}

// ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────

function square([column, row], name) {
  const rect = document.createElementNS(SVG, "rect");
  const place = { x: column + 0.04, y: row + 0.04, width: 0.92, height: 0.92, rx: 0.12 };
  for (const [attribute, value] of Object.entries(place)) rect.setAttribute(attribute, value);
  rect.setAttribute("class", name);
  return rect;
}

function draw() {
  const shapes = [];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) shapes.push(square([column, row], "cell"));
  }
  for (const [number, piece] of pieces.entries()) {
    if (piece.at) shapes.push(...placed(piece).map((cell) => marked(square(cell, "cell-set"), number)));
  }
  const piece = pieces[held];
  if (!piece.at) {
    const name = fits(piece, ghost) ? "cell-ghost" : "cell-ghost cell-blocked";
    shapes.push(...placed(piece, ghost).map((cell) => square(cell, name)));
  }
  board.replaceChildren(...shapes);
  drawTray();
}

function marked(rect, number) {
  rect.dataset.piece = number;
  return rect;
}

function drawTray() {
  const focused = tray.contains(document.activeElement);
  tray.replaceChildren(...pieces.map(inTray).filter(Boolean));
  if (focused) (tray.querySelector("[aria-pressed=true]") ?? board).focus();
}

function inTray(piece, number) {
  if (piece.at) return null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tray-piece";
  button.setAttribute("aria-pressed", String(number === held));
  button.setAttribute("aria-label", `${tray.dataset.name} ${number + 1}`);
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", frame(piece.cells).join(" "));
  picture.append(...piece.cells.map((cell) => square(cell, "cell-set")));
  button.append(picture);
  button.addEventListener("click", () => hold(number));
  return button;
}

/** The part of the plane that shows a piece in the middle; four cells wide at least, so that all are of one scale. */
function frame(cells) {
  const width = Math.max(...cells.map(([column]) => column)) + 1;
  const height = Math.max(...cells.map(([, row]) => row)) + 1;
  const edge = Math.max(width, height, 4);
  return [(width - edge) / 2, (height - edge) / 2, edge, edge];
}

// ── hands ────────────────────────────────────────────────────────────────────────────────────────────────────────

const ACTS = { turn: () => change(turned), flip: () => change(flipped), next, back: takeBack, anew };
const KEYS = {
  ArrowLeft: () => move(-1, 0),
  ArrowRight: () => move(1, 0),
  ArrowUp: () => move(0, -1),
  ArrowDown: () => move(0, 1),
  Enter: setDown,
  " ": setDown,
  Backspace: takeBack,
  r: ACTS.turn,
  f: ACTS.flip,
  n: next,
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  const elsewhere = event.target !== board && (event.key.length > 1 || event.key === " ");
  if (!act || elsewhere) return; // a button keeps its own keys
  event.preventDefault();
  act();
}

/** The cell under a pointer. */
function cellAt(event) {
  const box = board.getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * COLUMNS);
  return [column, Math.floor(((event.clientY - box.top) / box.height) * ROWS)];
}

function pointed(event) {
  ghost = cellAt(event);
  stay();
  draw();
}

function clicked(event) {
  const here = cellAt(event);
  const under = pieces.findIndex((piece) => piece.at && placed(piece).some((cell) => key(cell) === key(here)));
  if (under >= 0) return hold(under);
  pointed(event);
  setDown();
}

// ── the break ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Ask the break page whether it is over, and say so in one quiet line. The puzzle stays as it is. */
async function look() {
  try {
    const response = await fetch("/break/", { cache: "no-store" });
    const rest = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("rest");
    if (!rest || rest.dataset.opens === "0") {
      document.getElementById("over").hidden = false;
      return;
    }
  } catch {
    // the line is down: it is asked again
  }
  setTimeout(look, SOON);
}

board.setAttribute("viewBox", `0 0 ${COLUMNS} ${ROWS}`);
anew();
root.hidden = false;
document.addEventListener("keydown", pressed);
board.addEventListener("pointermove", pointed);
board.addEventListener("click", clicked);
root.addEventListener("click", (event) => ACTS[event.target.closest("[data-do]")?.dataset.do]?.());
setTimeout(look, Number(root.dataset.opens) * 1000);
document.documentElement.dataset.ready = "puzzle";
