// What a person chose on the page, their folds, ticks, words, scroll places and focus: it goes along when a part is told anew.

const MARKS = ["data-key", "data-act", "name", "value", "type", "formaction", "href"];

/** Bring over to *next* what was chosen in *here*, whose place it takes by *swap*. */
export function carry(here, next, swap) {
  const focused = here.contains(document.activeElement) ? document.activeElement : null;
  const again = focused && twin(here, next, focused);
  const places = scrolled(here).map((element) => [twin(here, next, element), element.scrollLeft, element.scrollTop]);
  pair(here, next, "details", (mine, told) => (told.open = mine.open));
  pair(here, next, "input[type=radio], input[type=checkbox]", (mine, told) => (told.checked = mine.checked));
  // The field itself, with what is selected in it and what can be undone.
  const fields = pair(here, next, "textarea", (mine, told) => told.replaceWith(mine));
  swap();
  for (const [element, left, top] of places) (fields.get(element) ?? element)?.scrollTo(left, top);
  (fields.get(again) ?? again)?.focus({ preventScroll: true });
}

/** Call *each* with every element of *here* that has a twin in *next*; returns which one of *here* a twin stands for. */
function pair(here, next, selector, each) {
  const twins = [...here.querySelectorAll(selector)].map((mine) => [twin(here, next, mine), mine]);
  const found = twins.filter(([told]) => told);
  for (const [told, mine] of found) each(mine, told);
  return new Map(found);
}

/** The element that stands in *next* for one of *here*: by its id, else by what marks it, else by its place among its like. */
function twin(here, next, element) {
  if (element === here) return next;
  if (element.id) return next.querySelector(`#${CSS.escape(element.id)}`);
  const like = alike(element);
  return [...next.querySelectorAll(like)][[...here.querySelectorAll(like)].indexOf(element)] ?? null;
}

function alike(element) {
  const marks = MARKS.filter((mark) => element.hasAttribute(mark));
  const named = marks.map((mark) => `[${mark}="${CSS.escape(element.getAttribute(mark))}"]`);
  const classes = marks.length ? [] : [...element.classList].map((name) => `.${CSS.escape(name)}`);
  return [element.localName, ...named, ...classes].join("");
}

function scrolled(here) {
  return [here, ...here.querySelectorAll("*")].filter((element) => element.scrollTop || element.scrollLeft);
}
