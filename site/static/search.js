// Search while typing. A form marked data-suggest offers articles below its box (a combobox); one marked data-live, on the
// page of results, keeps the results in step with what is typed. Without JavaScript both are plain forms.

const PAUSE = 150; // milliseconds without a key before asking
const MOST = 6;

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);
for (const form of document.querySelectorAll("form[data-live]")) follow(form);

// Calls `work` after a pause, with a signal that a newer call aborts.
function paused(work) {
  let timer;
  let last = new AbortController();
  return (...given) => {
    clearTimeout(timer);
    last.abort();
    last = new AbortController();
    const { signal } = last;
    timer = setTimeout(() => work(signal, ...given).catch((error) => signal.aborted || console.warn(error)), PAUSE);
  };
}

function addressOf(form, path) {
  const fields = [...new FormData(form)].filter(([, value]) => value.trim());
  return `${path}?${new URLSearchParams(fields)}`;
}

function suggest(form) {
  const input = form.elements.q;
  const list = document.createElement("ul");
  list.id = `${input.id}-suggested`;
  list.className = "suggested";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.suggested);
  form.append(list);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);

  const chosen = () => list.querySelector('[aria-selected="true"]');
  const open = (shown) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(null);
  };
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const ask = paused(async (signal) => {
    const { hits } = input.value.trim() ? await answer(`${addressOf(form, "/api/search")}&limit=${MOST}`, signal) : { hits: [] };
    list.replaceChildren(...hits.map((hit, place) => optionOf(hit, `${list.id}-${place}`, form)));
    open(hits.length > 0 && document.activeElement === input);
    if (document.activeElement === input) announce(hits.length ? `${form.dataset.found} ${hits.length}` : form.dataset.none);
  });

  input.addEventListener("input", ask);
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (event.key === "Escape" && !list.hidden) open(false);
    else if (event.key === "Enter" && chosen()) location.assign(chosen().dataset.url);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = options.indexOf(chosen());
      open(true);
      choose(options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length]);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

async function answer(address, signal) {
  const response = await fetch(address, { signal });
  return response.json();
}

// An article whose title has none of the words leads to the section or step that has them.
function optionOf(hit, id, form) {
  const place = hit.title_pieces.some(({ marked }) => marked) ? undefined : hit.places[0];
  const option = document.createElement("li");
  option.id = id;
  option.dataset.url = (place ?? hit).url;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  for (const { text, marked } of hit.title_pieces) {
    const piece = document.createElement(marked ? "mark" : "span");
    piece.textContent = text;
    option.append(piece);
  }
  const where = document.createElement("small");
  const name = place?.kind === "step" ? `${form.dataset.step} ${place.label}` : place?.label;
  where.textContent = [hit.category.join(" / "), name].filter(Boolean).join(" › ");
  option.append(where);
  return option;
}

function follow(form) {
  const ask = paused(async (signal) => {
    const address = addressOf(form, "/search");
    const typing = `${address}${address.endsWith("?") ? "" : "&"}typing=1`;
    const next = new DOMParser().parseFromString(await (await fetch(typing, { signal })).text(), "text/html");
    const fresh = next.querySelector("#results");
    if (!fresh) return;
    document.querySelector("#results").replaceWith(document.adoptNode(fresh));
    document.title = next.title;
    history.replaceState(null, "", address);
    announce(document.querySelector("#found").textContent.trim());
  });
  form.addEventListener("input", ask);
}

function announce(text) {
  const line = document.getElementById("announce");
  if (line) line.textContent = text;
}
