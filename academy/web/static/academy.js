/* Urban Academy: small enhancements. Every page works without this file. */
(() => {
  const page = document.documentElement;
  page.classList.add('js');
  const all = (selector, scope = document) => scope.querySelectorAll(selector);
  const byId = id => document.getElementById(id);
  const wide = matchMedia('(min-width: 62em)');

  // 1. Times: the server writes UTC; show the reader's own time, name its zone, keep UTC as title.
  const locale = (page.lang || 'en') + '-u-ca-gregory-nu-latn';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const words = (date, options) => new Intl.DateTimeFormat(locale, options).format(date);
  const hour = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' };
  const day = { day: 'numeric', month: 'long' };
  const styles = { full: { weekday: 'long', ...day, ...hour }, time: hour };

  const showOwnTime = el => {
    const date = new Date(el.getAttribute('datetime'));
    const utc = el.textContent.trim();
    // A text without an hour is a day, and a day is the same everywhere.
    if (el.title || isNaN(date) || !/\d:\d\d/.test(utc)) return;
    const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
    el.textContent = words(date, el.dataset.local === 'full' ? { ...styles.full, ...year } : styles.time);
    el.title = utc;
    const around = el.closest('.date, .when');
    if (!around) return;
    for (const part of all('[data-part]', around))
      part.textContent = words(date, { [part.dataset.part]: part.dataset.part === 'day' ? 'numeric' : 'long' });
    const note = around.querySelector('[data-zone]');
    // Each part keeps its own direction, whatever stands beside it.
    if (note) note.textContent = `\u2068${zone.split('/').pop().replace(/_/g, ' ')}\u2069 · \u2068${utc}\u2069`;
  };

  const enhance = () => {
    for (const el of all('time[data-local]')) showOwnTime(el);
    // Browsers without ::details-content: open the menu and the filters on wide screens.
    if (!CSS.supports('selector(details::details-content)') && wide.matches)
      for (const el of all('.nav, .facets')) el.open = true;
  };
  enhance();

  // 2. A form that came back with problems: begin at their summary.
  byId('problem')?.focus();

  // 3. Close an open list of the header with Escape or a click elsewhere.
  addEventListener('keydown', event => {
    const open = event.key === 'Escape' && document.querySelector('.drop[open]');
    if (open) { open.open = false; open.firstElementChild.focus(); }
  });
  addEventListener('click', event => {
    for (const el of all('.drop[open]')) if (!el.contains(event.target)) el.open = false;
  });

  // 4. Addresses of a search carry no empty fields.
  addEventListener('formdata', event => {
    if (event.target.method !== 'get') return;
    for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name);
  });

  // 5. Live filter: keep the focus, say the new count, let the language list keep the filters.
  let focused = '', asked = false;
  addEventListener('submit', event => { asked = !wide.matches && !!event.submitter?.closest('#filters'); });
  document.addEventListener('htmx:before:swap', () => { focused = document.activeElement?.id; });
  document.addEventListener('htmx:after:swap', () => {
    enhance();
    if (focused && document.activeElement === document.body) byId(focused)?.focus({ preventScroll: true });
    for (const link of all('a[hreflang]')) link.search = location.search;
    const heading = byId('h-res'), say = byId('say');
    if (!heading) return;
    say.textContent = byId('results').dataset.announced || heading.textContent;
    if (asked) { asked = false; byId('filters').open = false; heading.focus(); }
  });

  // 6. A search box learns to suggest once somebody goes there; not on lines that save data.
  addEventListener('focusin', ({ target }) => {
    const { suggestions, script } = target.dataset;
    if (!suggestions || navigator.connection?.saveData) return;
    delete target.dataset.suggestions;
    import(script).then(({ suggest }) => suggest(target, suggestions));
  });
})();
