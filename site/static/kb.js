// Makes the pages quicker; everything works without it. The answer to a form takes the place of <main>. A form marked
// data-auto is sent when it changes, data-busy (what to say meanwhile; data-done: afterwards) when it is submitted,
// data-begin once by itself, data-follow every 1.5 seconds.

const FOLLOW_EVERY = 1500;
const MOST_MISSED = 5;
const page = document.documentElement;
page.classList.add("js");

// One request at a time, in order: each form that is sent must show the version that the one before it made.
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

const main = () => document.querySelector("#main");
const byId = (id) => id && document.getElementById(id);
const textOf = (id) => byId(id)?.textContent.trim() ?? "";

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (!form?.matches("form[data-auto]")) return;
  const wish = wishOf(form, target);
  wishes.set(form.id, wish);
  inTurn(() => fulfil(form.id, wish));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-auto], form[data-busy]")) return;
  event.preventDefault();
  const { submitter } = event;
  inTurn(() => send(form, submitter));
});

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy);
  const video = event.target.closest("a[data-player]");
  if (video && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    play(video);
  }
  const edition = event.target.closest("a[data-keep-place]");
  if (edition) edition.hash = location.hash || placeInView();
});

// What the reader chose last in each form, so that an answer to an earlier change does not undo it on the page.
const wishes = new Map();

function wishOf(form, input) {
  return { input: input.id, checked: input.checked };
}

async function fulfil(id, wish) {
  if (wishes.get(id) !== wish) return; // changed again since: only the last choice is sent
  const form = byId(id);
  if (!form) return;
  setChoice(wish);
  if (await send(form)) wishes.delete(id);
}

function setChoice({ input, checked }) {
  const box = byId(input);
  if (box) box.checked = checked;
}

// Sends the form; true if it was taken. A form that could not be sent keeps its state and says why.
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const rest = busy(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const other = !answer.ok && headline(next) !== headline(document);
    if (other) throw new Refused(next.querySelector("#main .lead")?.textContent);
    missed = 0;
    show(next, answer.url, form, answer.ok);
    return true;
  } catch (error) {
    rest();
    const refused = error instanceof Refused;
    if (refused || !form.matches("[data-follow]") || ++missed > MOST_MISSED) complain(form, refused && error.message);
    if (refused || missed > MOST_MISSED) form.removeAttribute("data-follow");
    return false;
  }
}

class Refused extends Error {}

// How often in a row a form that is sent again and again found no answer.
let missed = 0;

// A refusal that comes with this page again is shown; of another page only its sentence.
const headline = (page) => page.querySelector("h1")?.textContent;

// Says that the form is being sent; gives back what undoes that.
function busy(form) {
  const button = form.dataset.busy && form.querySelector("button");
  const label = button?.textContent;
  form.setAttribute("aria-busy", "true");
  form.parentNode.querySelector(":scope > .form-error")?.remove();
  if (button) {
    button.textContent = `${form.dataset.busy}…`;
    button.insertAdjacentHTML("afterbegin", '<span class="turning"></span>');
    announce(button.textContent);
  }
  return () => {
    form.removeAttribute("aria-busy");
    if (button) button.textContent = label;
  };
}

function complain(form, why) {
  const line = document.createElement("p");
  line.className = "form-error";
  line.setAttribute("role", "alert");
  line.textContent = why || said("unsaved");
  form.classList.add("failed");
  form.after(line);
}

// Puts the answer's <main> in place of ours and keeps focus, place in view, typed text and opened details.
function show(next, url, form, taken) {
  const fresh = next.querySelector("#main");
  if (!fresh) return location.assign(url);
  const status = form.closest(".step")?.querySelector(".status")?.id;
  const before = [textOf(status), textOf("progress-line")];
  if (taken) fold(form.closest("details"));
  const focused = finder(document.activeElement);
  const [seen, height] = inView();
  const open = new Set([...main().querySelectorAll("details[open]")].map(nameOf));
  const typed = typedBut(taken && form);
  main().replaceWith(document.adoptNode(fresh));
  document.title = next.title;
  main().querySelectorAll("details").forEach((details) => (details.open ||= open.has(nameOf(details))));
  typed.forEach(([id, value]) => byId(id) && (byId(id).value = value));
  wishes.forEach(setChoice);
  scrollBy({ top: (byId(seen)?.getBoundingClientRect().top ?? height) - height, behavior: "instant" });
  focused()?.focus({ preventScroll: true });
  announceChange(before, [textOf(status), textOf("progress-line")], taken && form.dataset.done);
  enhance();
}

// What a form was opened for is done: it closes, and the focus stays where it was opened.
function fold(details) {
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus({ preventScroll: true });
}

const TYPED = "textarea[id], input[id]:not([type=checkbox], [type=radio], [type=hidden])";

// What was typed and has not arrived: all but what this form held.
function typedBut(form) {
  const fields = [...main().querySelectorAll(TYPED)].filter((field) => !form || field.form !== form);
  return fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.id, field.value]);
}

// The first step that is in view, and how high it stands.
function inView() {
  const step = [...main().querySelectorAll(".step[id]")].find((item) => item.getBoundingClientRect().bottom > 0);
  return [step?.id, step?.getBoundingClientRect().top ?? 0];
}

// Finds the same control, or at least its step, on the next page.
function finder(control) {
  if (!main().contains(control) || control === main()) return () => null;
  if (control.id) return () => byId(control.id);
  const [place, role] = [control.closest("[id]").id, roleOf(control)];
  return () => {
    const around = [...(byId(place)?.querySelectorAll("button, summary, a, input, textarea") ?? [])];
    const same = around.find((other) => roleOf(other) === role);
    if (!same) byId(place)?.setAttribute("tabindex", "-1");
    return same ?? byId(place);
  };
}

function roleOf(control) {
  const { form, name, value } = control;
  return form ? `${form.action} ${name} ${name && value}` : control.textContent.trim();
}

// What makes a <details> the same one on the next page.
function nameOf(details) {
  return `${details.closest("[id]").id} ${details.querySelector("summary").textContent}`;
}

function announceChange(before, after, otherwise) {
  const news = after.filter((text, i) => text && text !== before[i]);
  if (news.length || otherwise) announce(news.join(". ") || otherwise);
}

// A sentence of ours, in the language of the page.
const said = (name) => byId("announce")?.dataset[name] ?? "";

function announce(text) {
  const line = byId("announce");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50);
}

// A form that begins by itself does so once on each visit.
function begin() {
  const form = document.querySelector("form[data-begin]");
  if (form) inTurn(() => send(form));
}

// Forms that are sent again and again until the page comes without them.
let following = 0;

function follow() {
  clearTimeout(following);
  if (!document.querySelector("form[data-follow]")) return;
  following = setTimeout(() => inTurn(() => {
    const form = document.querySelector("form[data-follow]");
    return form && send(form).then(follow);
  }), FOLLOW_EVERY);
}

async function copyText(button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
    button.textContent = said("copied");
  } catch {
    getSelection().selectAllChildren(byId(button.dataset.copy));
    button.textContent = said("selected");
  }
  announce(button.textContent);
  setTimeout(() => (button.textContent = label), 2500);
}

// The player comes only when the reader asks for it: until then nobody else hears of the visit.
function play(link) {
  const player = document.createElement("iframe");
  player.src = link.dataset.player;
  player.title = link.getAttribute("aria-label");
  player.className = "video";
  player.allow = "fullscreen";
  link.replaceWith(player);
  player.focus();
}

// The step or heading that the reader looks at, as a fragment.
function placeInView() {
  const places = [...document.querySelectorAll(".step[id], .prose :is(h2, h3, h4)[id]")];
  const seen = places.filter((place) => place.getBoundingClientRect().top < innerHeight / 3);
  return scrollY > 0 && seen.length ? seen.at(-1).id : "";
}

// The contents list marks the part that is being read: the last heading above this line.
const READING_LINE = 120; // pixels from the top

function markContents() {
  const links = new Map();
  document.querySelectorAll(".contents a").forEach((link) => links.set(decodeURIComponent(link.hash.slice(1)), link));
  const headings = [...links.keys()].map(byId).filter(Boolean);
  if (!headings.length) return;
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < READING_LINE);
    const ended = scrollY > 0 && innerHeight + scrollY >= page.scrollHeight - 2;
    const now = links.get(((ended ? headings : passed).at(-1) ?? headings[0]).id);
    if (now.hasAttribute("aria-current")) return;
    links.forEach((link) => link.removeAttribute("aria-current"));
    now.setAttribute("aria-current", "true");
    const list = now.closest(".beside");
    if (list.scrollHeight > list.clientHeight) list.scrollTop = now.offsetTop - list.clientHeight / 2;
  };
  const watched = new IntersectionObserver(mark, { rootMargin: `${-READING_LINE}px 0px 0px`, threshold: [0, 1] });
  [...headings, document.querySelector(".foot")].forEach((part) => watched.observe(part));
  mark();
}

// What can be scrolled sideways can be reached by keyboard, and only that.
function reachScrollers() {
  document.querySelectorAll(".page pre, .frame").forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    if (box.matches(".frame")) box.setAttribute("role", scrolls ? "region" : "group");
  });
}

// Code in an article can be copied; the button is made from the page's own, which has its words.
function offerCopies() {
  const model = byId("copy-code");
  document.querySelectorAll(model ? ".prose pre" : "copy").forEach((code, place) => {
    code.id ||= `code-${place}`;
    const button = model.cloneNode(true);
    button.removeAttribute("id");
    button.dataset.copy = code.id;
    const frame = document.createElement("div");
    frame.className = "code-frame";
    code.replaceWith(frame);
    frame.append(code, button);
  });
}

function enhance() {
  reachScrollers();
  document.querySelectorAll("[data-copy][hidden]").forEach((button) => (button.hidden = false));
  follow();
}

// A link to a checklist carries its code behind the #, where no server and no log sees it.
function takeCode() {
  const form = document.querySelector("form[data-code]");
  if (!form || location.hash.length < 2) return;
  form.elements.code.value = location.hash.slice(1);
  form.elements.code.closest(".field").hidden = true;
  history.replaceState(null, "", location.pathname);
}

offerCopies();
enhance();
begin();
takeCode();
addEventListener("hashchange", takeCode);
markContents();
addEventListener("resize", reachScrollers);
