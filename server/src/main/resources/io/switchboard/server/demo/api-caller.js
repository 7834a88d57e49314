// An application that has no connection: it publishes through the server API, and reads there what others said.

import { addEntry } from './entries.js';

const READ_MAX = 20;
/** How chat clients tell a group that they joined. */
const ARRIVED = /^user 【(?<who>[^】]+)】 add {2}to group 【[^】]+】$/;

export class ApiCaller {
  #key;
  #onPost;
  #seen = { epoch: '', offset: 0 };
  #part = (role) => this.card.querySelector(`[data-role="${role}"]`);

  constructor(card, node, key, onPost) {
    this.card = card;
    this.#key = key;
    this.#onPost = onPost;
    card.dataset.hue = node.index;
    this.#part('node').textContent = node.name;
    this.#part('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      const field = this.#part('text');
      if (field.value !== '') this.post(this.#part('group').value, field.value);
      field.value = '';
      field.focus();
    });
    this.#part('read').addEventListener('click', () => this.read(this.#part('group').value));
  }

  /** Publishes to a group: whoever listens hears it, in the words of its protocol. */
  async post(group, text) {
    const body = { channel: `group:${group}`, data: text };
    this.#log('group', text, { from: 'you', to: group, own: true, raw: asked('publish', body) });
    this.#onPost();
    const { result, raw } = await this.#call('publish', body);
    if (!result) return;
    this.#log('notice', `Taken as number ${result.offset} of ${group}; for other nodes: ${result.remote}.`, { raw });
  }

  /** Shows what has been said in a group since it was read last. */
  async read(group) {
    const { result } = await this.#call('history', { channel: `group:${group}`, limit: READ_MAX, reverse: true });
    if (!result) return;
    const known = result.epoch === this.#seen.epoch && group === this.#seen.group ? this.#seen.offset : 0;
    this.#seen = { epoch: result.epoch, group, offset: result.offset };
    const fresh = result.publications.filter(({ offset }) => offset > known).reverse();
    if (fresh.length === 0) this.#log('notice', `Nothing new in ${group}.`);
    for (const publication of fresh) {
      const { data, info } = publication;
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      const raw = JSON.stringify(publication);
      const arrived = ARRIVED.exec(text);
      if (arrived) this.#log('notice', `${arrived.groups.who} joined ${group}.`, { raw });
      else this.#log('group', text, { from: info?.user || 'application', to: group, raw });
    }
  }

  async #call(method, body) {
    try {
      const answer = await fetch(`/api/${method}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': this.#key },
        body: JSON.stringify(body),
      });
      const raw = await answer.text();
      const { result, error } = JSON.parse(raw);
      if (error) this.#log('error', `${error.message} (${error.code})`, { raw });
      return { result, raw };
    } catch (error) {
      this.#log('error', `The server did not answer: ${error.message}`);
      return {};
    }
  }

  #log(kind, text, more) {
    addEntry(this.#part('log'), kind, text, more);
  }
}

function asked(method, body) {
  return `POST /api/${method} ${JSON.stringify(body)}`;
}
