/* Urban Academy: ways to go on while somebody types, as the combobox of WAI-ARIA's practices. */
const PAUSE = 200;

export const suggest = (box, address) => {
  const known = new Map();
  const list = document.createElement('ul');
  let timer, asking, at = -1;

  list.id = `${box.id}-suggestions`;
  list.className = 'suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', box.labels[0].textContent);
  box.after(list);
  // A box of type search may have no list of its own.
  box.type = 'text';
  box.enterKeyHint = 'search';
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': false }))
    box.setAttribute(name, value);

  const mark = place => {
    list.children[at]?.setAttribute('aria-selected', false);
    at = place;
    const option = list.children[at];
    option?.setAttribute('aria-selected', true);
    option?.scrollIntoView({ block: 'nearest' });
    if (option) box.setAttribute('aria-activedescendant', option.id);
    else box.removeAttribute('aria-activedescendant');
  };
  const open = opens => {
    mark(-1);
    list.hidden = !opens;
    box.setAttribute('aria-expanded', opens);
  };
  const option = ({ text, kind, language }, place) => {
    const [row, said, what] = ['li', 'span', 'span'].map(name => document.createElement(name));
    row.id = `${list.id}-${place}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', false);
    said.textContent = text;
    said.dir = 'auto';
    if (language) said.lang = language;
    what.textContent = kind;
    what.className = 'muted';
    row.append(said, ' ', what);
    return row;
  };
  const show = ({ suggestions, announced }) => {
    list.replaceChildren(...suggestions.map(option));
    open(suggestions.length > 0);
    if (suggestions.length) document.getElementById('say').textContent = announced;
  };
  const take = row => {
    box.value = row.firstChild.textContent;
    open(false);
    box.form.requestSubmit();
  };

  const ask = async () => {
    const typed = box.value.trim();
    asking?.abort();
    if (!typed) return open(false);
    if (known.has(typed)) return show(known.get(typed));
    asking = new AbortController();
    try {
      const answer = await fetch(`${address}?${new URLSearchParams({ q: typed })}`, { signal: asking.signal });
      const told = await answer.json();
      if (told.suggestions.length) known.set(typed, told);
      if (typed === box.value.trim() && document.activeElement === box) show(told);
    } catch {
      // Without an answer one searches as without this script.
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  const keys = {
    ArrowDown: () => list.hidden ? soon() : mark(at + 1 < list.children.length ? at + 1 : -1),
    ArrowUp: () => list.hidden || mark(at < 0 ? list.children.length - 1 : at - 1),
    Escape: () => open(false),
    Enter: () => take(list.children[at]),
  };
  box.addEventListener('input', soon);
  box.addEventListener('keydown', event => {
    const idle = event.key === 'Enter' ? at < 0 : event.key === 'Escape' && list.hidden;
    if (event.isComposing || idle || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  box.addEventListener('blur', () => { clearTimeout(timer); open(false); });
  box.form.addEventListener('submit', () => { clearTimeout(timer); asking?.abort(); open(false); });
  // The focus stays in the box.
  list.addEventListener('pointerdown', event => event.preventDefault());
  list.addEventListener('click', event => { const row = event.target.closest('li'); if (row) take(row); });
  if (box.value !== box.defaultValue) soon();
};
