// What stands in the log of a card.

const ENTRIES_MAX = 200;

/** All text goes in as text, whatever it looks like. */
export function element(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Whether the newest entry is in sight. */
export function isAtEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

/** Adds an entry; `raw` is what went over the wire, shown where the page is asked to. */
export function addEntry(log, kind, text, { from, to, way = '', own = false, raw = '' } = {}) {
  const atEnd = isAtEnd(log);
  const entry = element('div', 'entry');
  entry.dataset.kind = kind;
  entry.title = raw;
  if (own) entry.dataset.own = '';
  if (from) {
    const head = element('div', 'head');
    head.append(element('b', '', from), ' → ', element('span', 'to', to), element('span', 'way', way));
    entry.append(head);
  }
  entry.append(element('div', 'text', text));
  if (raw) entry.append(element('code', 'raw', raw));
  log.append(entry);
  while (log.childElementCount > ENTRIES_MAX) log.firstElementChild.remove();
  if (atEnd || own) log.scrollTop = log.scrollHeight;
}
