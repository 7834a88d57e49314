// The demo page: a card for each person, wired to the nodes that this process runs.

import { ApiCaller } from './api-caller.js';
import { Board } from './board.js';
import { CentrifugalClient } from './centrifugal-client.js';
import { ChatClient, problemOf } from './chat-client.js';
import { addEntry, element, isAtEnd } from './entries.js';

const LANGUAGES = { chat: ChatClient, Centrifugal: CentrifugalClient };
const KNOWN_MAX = 100;
const OUTAGE_MS = 1_500; // long enough to be seen
const NAMES = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hana', 'ivo', 'june', 'kai', 'lena'];
const ASKED = new URLSearchParams(location.search);
const AT_LOAD = ASKED.get('people')?.split(',') ?? NAMES.slice(0, 3);
const CENTRIFUGAL_AT_LOAD = ASKED.get('centrifugal')?.split(',') ?? (ASKED.has('people') ? [] : [NAMES[3]]);
const API = Symbol('the card of the server API');
const APPLICATION = 'application';
const PATIENCE_MS = 5_000;

const byId = (id) => document.getElementById(id);
const copyOf = (template) => byId(template).content.firstElementChild.cloneNode(true);

const people = new Map();
const strangers = new Set(); // people of other pages whom somebody here has heard
const groups = new Set(['g1']);
let nodes = [];
let board;
let api = null;

class Person {
  #part = (role) => this.card.querySelector(`[data-role="${role}"]`);
  #audienceChosen = false;
  #countdown = 0;

  constructor(id, node, language) {
    this.id = id;
    this.node = node;
    this.card = copyOf('person-template');
    this.card.dataset.person = id;
    this.card.dataset.hue = node.index;
    this.card.setAttribute('aria-label', id);
    this.#part('face').textContent = [...id][0];
    this.#part('name').textContent = id;
    this.#part('node').textContent = node.name;
    this.#part('language').textContent = language;
    this.#part('log').setAttribute('aria-label', `Messages of ${id}`);
    this.#part('remove').setAttribute('aria-label', `Remove ${id}`);
    this.#listen();
    this.chat = new LANGUAGES[language](node.url, id, {
      onState: (state) => this.#showState(state),
      onEvent: (event) => this.#showEvent(event),
      getToken: async (user) => (await keysFor(user)).token,
    });
  }

  #listen() {
    this.#part('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      const field = this.#part('text');
      if (field.value !== '' && this.send(this.#part('audience').value, field.value)) field.value = '';
      field.focus();
    });
    this.#part('membership').addEventListener('submit', (event) => {
      event.preventDefault();
      const field = this.#part('group');
      if (accept(field, problemOf(field.value))) this.join(field.value);
    });
    this.#part('audience').addEventListener('change', () => (this.#audienceChosen = true));
    this.#part('drop').addEventListener('click', () => {
      if (this.chat.state.name === 'connected') this.chat.drop(OUTAGE_MS);
      else this.chat.connect();
    });
    this.#part('remove').addEventListener('click', () => removePerson(this));
  }

  /** An audience is `one:ben`, `group:g1` or `all`. */
  send(audience, text) {
    const [, kind, name] = /^(one|group|all):?(.*)$/s.exec(audience);
    const left = {
      one: () => this.chat.sendTo(name, text),
      group: () => this.chat.sendToGroup(name, text),
      all: () => this.chat.sendToAll(text),
    }[kind]();
    if (left) {
      this.#log(kind, text, { from: 'you', to: name || 'everyone', own: true, raw: this.chat.sent });
      board.light(this.id, null);
    } else {
      this.#log('error', 'Not connected just now: the message was not sent.');
    }
    return left;
  }

  join(group) {
    if (!this.chat.join(group)) this.#log('notice', `Not connected just now: joins ${group} later.`);
    remember(groups, group);
    this.#part('audience').value = `group:${group}`;
    this.#audienceChosen = true;
  }

  isIn(group) {
    return [...this.#part('groups').children].some((badge) => badge.textContent === group);
  }

  /** Offers everybody and every group known to this page, and keeps what was chosen. */
  refreshAudience() {
    const select = this.#part('audience');
    const section = (label, options) => {
      const group = document.createElement('optgroup');
      group.label = label;
      group.append(...options.map(([value, text]) => new Option(text, value)));
      return group;
    };
    const others = [...people.keys(), ...strangers].filter((id) => id !== this.id);
    const far = farFrom(this);
    const wanted = this.#audienceChosen ? select.value : far ? `one:${far.id}` : 'all';
    select.replaceChildren(
      section('One person', [...others.map((id) => [`one:${id}`, id]), [`one:${this.id}`, `${this.id} (self)`]]),
      section('A group', [...groups].map((group) => [`group:${group}`, group])),
      section('Everyone', [['all', 'everyone']]),
    );
    select.value = wanted;
    if (select.selectedIndex < 0) select.value = 'all';
  }

  #showEvent({ kind, from, group, text, raw }) {
    const sender = people.get(from);
    const to = { one: 'you', group, all: 'everyone' }[kind];
    if (to || kind === 'arrived') board.light(from || API, this.id);
    if (from && !sender) remember(strangers, from);
    if (kind === 'joined') this.#showMember(group);
    const said = {
      joined: `You are in ${group}.`,
      arrived: `${from} joined ${group}.`,
      'unknown-group': `Nobody on ${this.node.name} has joined ${group} yet: the message went nowhere.`,
      'not-member': `You are not in ${group}: join it to write to it.`,
    }[kind];
    if (to) this.#log(kind, text, { from: from || APPLICATION, to, way: sender && wayBetween(sender.node, this.node), raw });
    else if (kind === 'ping') this.#log('ping', text, { raw });
    else this.#log(['joined', 'arrived', 'other'].includes(kind) ? 'notice' : 'error', said ?? text, { raw });
  }

  #showMember(group) {
    if (!this.isIn(group)) this.#part('groups').append(element('span', 'member', group));
  }

  #showState({ name, retryAt, raw }) {
    clearTimeout(this.#countdown);
    const waiting = name === 'waiting';
    const away = name === 'closed' || (waiting && !navigator.onLine);
    const state = away ? 'offline' : waiting ? 'reconnecting' : name;
    const wasConnected = this.card.dataset.state === 'connected';
    const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
    this.card.dataset.state = state;
    this.#part('state').textContent = waiting ? `${state}${away ? ', next try' : ''} in ${seconds} s` : state;
    this.#part('drop').textContent =
      name === 'connected' ? 'Drop connection' : name === 'replaced' ? 'Connect here again' : 'Connect now';
    if (waiting) this.#countdown = setTimeout(() => this.#showState({ name, retryAt }), 250);
    if (name === 'connected') this.#log('notice', `Connected to ${this.node.name}.`, { raw });
    if (wasConnected) this.#part('groups').replaceChildren();
    if (wasConnected && waiting) this.#log('notice', 'Connection lost.');
    if (name === 'replaced') this.#log('error', `${this.id} connected again elsewhere: the newest connection wins.`);
    board.setLive(this.id, name === 'connected');
    showCounts();
  }

  #log(kind, text, more) {
    addEntry(this.#part('log'), kind, text, more);
  }
}

/** Shows a problem at its field, in the browser's own way; answers whether there was none. */
function accept(field, problem) {
  field.setCustomValidity(problem ?? '');
  field.addEventListener('input', () => field.setCustomValidity(''), { once: true });
  return field.reportValidity();
}

function farFrom(person) {
  return [...people.values()].find((other) => other.node !== person.node);
}

function wayBetween(from, to) {
  return from === to ? `within ${to.name}` : `${from.name} → ${to.name}`;
}

function remember(known, name) {
  if (known.has(name) || known.size >= KNOWN_MAX) return;
  known.add(name);
  peopleChanged();
}

function addPerson(id, node, language) {
  const person = new Person(id, node, language);
  people.set(id, person);
  strangers.delete(id);
  byId('people').insertBefore(person.card, api?.card ?? null);
  board.plugIn(id, person.card, node.index);
  peopleChanged();
  person.chat.connect();
  return person;
}

function removePerson(person) {
  people.delete(person.id);
  person.card.remove();
  person.chat.close();
  board.unplug(person.id);
  peopleChanged();
  byId('add-id').focus();
}

function peopleChanged() {
  for (const person of people.values()) person.refreshAudience();
  byId('add-id').value = NAMES.find((name) => !people.has(name)) ?? `guest${people.size + 1}`;
  byId('add-node').value = people.size % nodes.length;
}

function showCounts() {
  for (const node of nodes) {
    const here = [...people.values()].filter((p) => p.node === node && p.chat.state.name === 'connected');
    node.element.classList.toggle('live', here.length > 0);
    node.element.querySelector('[data-role="count"]').textContent = `${here.length} connected`;
  }
}

function showNode(node, index) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  node.index = index;
  node.url = `${scheme}://${node.port ? `${location.hostname}:${node.port}` : location.host}`;
  node.element = copyOf('node-template');
  node.element.dataset.node = node.name;
  node.element.dataset.hue = index;
  node.element.querySelector('[data-role="name"]').textContent = node.name;
  node.element.querySelector('[data-role="port"]').textContent = node.port ? `:${node.port}` : '';
  byId('nodes').append(node.element);
  byId('add-node').append(new Option(node.name, index));
}

const tries = {
  hello(first) {
    const far = farFrom(first) ?? first;
    first.send(`one:${far.id}`, `Hello ${far.id}, this is ${first.id} on ${first.node.name}.`);
  },
  join: () => people.forEach((person) => person.join('g1')),
  call: (first) => first.send('all', 'Good morning, everyone!'),
  cut: (first) => (farFrom(first) ?? first).chat.drop(OUTAGE_MS),
  bridge,
  raw: () => showRaw(byId('raw').ariaPressed !== 'true'),
};

/** Whoever is here says something in g1, each in the words of its protocol, and so does the application. */
async function bridge(first) {
  showRaw(true);
  tries.join();
  const deadline = Date.now() + PATIENCE_MS;
  while (![...people.values()].every((person) => person.isIn('g1')) && Date.now() < deadline) await pause(50);
  first.send('group:g1', `${first.id} speaks chat.`);
  await pause(400);
  const other = [...people.values()].find((person) => person.chat instanceof CentrifugalClient);
  other?.send('group:g1', `${other.id} speaks Centrifugal.`);
  await pause(400);
  await api.post('g1', 'The application posts over HTTP.');
  await api.read('g1');
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function showRaw(shown) {
  byId('raw').ariaPressed = shown;
  // Entries change their height: who was reading the newest stays there.
  const atEnd = [...document.querySelectorAll('.log')].filter(isAtEnd);
  byId('stage').classList.toggle('raw', shown);
  for (const log of atEnd) log.scrollTop = log.scrollHeight;
}

/** A token for somebody, and the key of the API; the demo gives them to this page alone. */
async function keysFor(user) {
  const answer = await fetch(`/demo/keys?user=${encodeURIComponent(user)}`);
  if (!answer.ok) throw new Error(`/demo/keys answered ${answer.status}`);
  return answer.json();
}

/** Where the nodes hand out no keys, as elsewhere than in the demo, everybody speaks chat. */
function bridgeTo(node, { key }) {
  api = new ApiCaller(copyOf('api-template'), node, key, () => board.light(API, null));
  byId('people').append(api.card);
  board.plugIn(API, api.card, node.index);
  for (const part of document.querySelectorAll('[data-bridge]')) part.hidden = false;
}

function listen() {
  byId('add-person').addEventListener('submit', (event) => {
    event.preventDefault();
    const field = byId('add-id');
    const problem = problemOf(field.value) ?? (people.has(field.value) ? `${field.value} is here already.` : null);
    if (!accept(field, problem)) return;
    addPerson(field.value, nodes[byId('add-node').value], byId('add-language').value).card.scrollIntoView({ block: 'nearest' });
  });
  for (const button of document.querySelectorAll('[data-try]')) {
    button.addEventListener('click', () => {
      const [first] = people.values();
      if (first) tries[button.dataset.try](first);
    });
  }
}

async function start() {
  const answer = await fetch('/demo/nodes');
  if (!answer.ok) throw new Error(`/demo/nodes answered ${answer.status}`);
  nodes = await answer.json();
  nodes.forEach(showNode);
  board = new Board(byId('stage'), byId('wires'), nodes.map((node) => node.element));
  listen();
  if (nodes.some(({ keys }) => keys)) {
    bridgeTo(nodes.find(({ port }) => String(port) === location.port) ?? nodes[0], await keysFor(AT_LOAD[0]));
  }
  const addAll = (ids, language) => {
    for (const id of ids) {
      if (!problemOf(id) && !people.has(id)) addPerson(id, nodes[people.size % nodes.length], language);
    }
  };
  addAll(AT_LOAD, 'chat');
  if (api) addAll(CENTRIFUGAL_AT_LOAD, 'Centrifugal');
}

start().catch((error) => {
  byId('trouble').textContent = `Could not learn which nodes there are (${error.message}). Reload once they run.`;
  byId('trouble').hidden = false;
});
