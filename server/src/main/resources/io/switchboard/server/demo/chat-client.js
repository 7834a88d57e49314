// A client of Switchboard's chat protocol for the browser: no dependencies, free to copy.
//
//   const chat = new ChatClient('ws://localhost:8080', 'anna', {
//     onState: (state) => console.log(state.name),
//     onEvent: (event) => console.log(event.kind, event.from, event.text),
//   });
//   chat.connect();
//   chat.join('g1');
//   chat.sendTo('ben', 'Hello');
//
// States: connecting, connected, waiting (with retryAt, in ms since the epoch), replaced, closed.
// Events: one, group, all (a message: from, text, and group) · joined (we are in) · arrived (somebody else is) ·
//         unknown-group, not-member, error (we did something wrong) · other (a text this client does not know).

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CAP_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that lived this long was a good one: the next loss starts again with a short wait. */
const STABLE_AFTER_MS = 5_000;
/** The server closes with this code when a newer connection of the same id has taken over. */
const REPLACED = 4001;
const ID_BYTES_MAX = 200;

// The first that fits wins; a message of the application itself names nobody. The protocol does not escape 】, so a name that holds one ends up as `other`.
const TEXTS = [
  ['error', /^error: (?<text>.*)$/s],
  ['group', /^group 【(?<group>[^】]+)】 user 【(?<from>[^】]*)】 send:(?<text>.*)$/s],
  ['all', /^user 【(?<from>[^】]*)】 send all:(?<text>.*)$/s],
  ['joined', /^user 【(?<from>[^】]+)】 add  to group 【(?<group>[^】]+)】$/s],
  ['unknown-group', /^group【(?<group>[^】]+)】 not exists$/s],
  ['not-member', /^user 【(?<from>[^】]+)】 not in 【(?<group>[^】]+)】$/s],
  ['one', /^user (?<from>.*?) send:(?<text>.*)$/s],
];

/** Turns what the server wrote into { kind, from, group, text, raw }. */
export function parse(raw) {
  for (const [kind, pattern] of TEXTS) {
    const found = pattern.exec(raw)?.groups;
    if (!found) continue;
    const joinNotice = kind === 'group' && found.text === `user 【${found.from}】 add  to group 【${found.group}】`;
    return { kind: joinNotice ? 'arrived' : kind, raw, ...found };
  }
  return { kind: 'other', raw, text: raw };
}

/** Says what is wrong with the name of a person or a group, or returns null. */
export function problemOf(name) {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0) return 'A name needs at least one character.';
  if (bytes > ID_BYTES_MAX) return `A name has at most ${ID_BYTES_MAX} bytes of UTF-8; this one has ${bytes}.`;
  if (/\p{Cc}/u.test(name)) return 'A name has no control characters.';
  if (/\p{Cs}/u.test(name)) return 'A name has no broken surrogate pairs.';
  if (name === '.' || name === '..') return 'A browser reads “.” and “..” as a path: pick another name.';
  return null;
}

export class ChatClient {
  #url;
  #listener;
  #socket = null;
  #groups = new Set();
  #openedAt = Infinity;
  #failures = 0;
  #retryTimer = 0;
  #pageEvents = null;

  constructor(nodeUrl, id, listener) {
    this.id = id;
    this.state = { name: 'closed' };
    this.sent = ''; // what was written last
    this.#url = `${nodeUrl}/chat/channel/${encodeURIComponent(id)}`;
    this.#listener = listener;
  }

  /** Connects now, whatever the client was waiting for, and stays connected until close(). */
  connect() {
    if (this.#socket) return;
    clearTimeout(this.#retryTimer);
    this.#watchPage();
    const socket = (this.#socket = new WebSocket(this.#url));
    this.#openedAt = Infinity;
    this.#become({ name: 'connecting' });
    const overdue = setTimeout(() => this.#lose(socket), CONNECT_TIMEOUT_MS);
    // Each handler asks whether it still speaks for the current socket: a socket that we gave up may close much later.
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      clearTimeout(overdue);
      this.#openedAt = performance.now();
      for (const group of this.#groups) this.#send({ Method: 'UserGroup', Group: group });
      this.#become({ name: 'connected' });
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket && typeof data === 'string') this.#listener.onEvent(parse(data));
    };
    socket.onclose = ({ code }) => {
      clearTimeout(overdue);
      if (socket !== this.#socket) return;
      if (code === REPLACED) this.#end('replaced');
      else this.#lose(socket);
    };
  }

  /** Joins now, and again after every reconnect. */
  join(group) {
    this.#groups.add(group);
    return this.#send({ Method: 'UserGroup', Group: group });
  }

  // Each send answers whether the message left this browser; the protocol has no receipts.
  sendTo = (id, text) => this.#send({ Method: 'One', MsgBody: { Id: id, Msg: text } });
  sendToGroup = (group, text) => this.#send({ Method: 'Group', Group: group, MsgBody: text });
  sendToAll = (text) => this.#send({ Method: 'All', MsgBody: text });

  /** Cuts the connection for at least so long, as a bad network would; the client then finds its way back by itself. */
  drop(outageMs = 0) {
    if (this.#socket) this.#lose(this.#socket, outageMs);
  }

  /** Ends the connection for good, or until connect(). */
  close() {
    this.#end('closed');
  }

  #send(command) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.sent = JSON.stringify(command);
    this.#socket.send(this.sent);
    return true;
  }

  #lose(socket, outageMs = 0) {
    if (socket !== this.#socket) return;
    this.#release();
    if (performance.now() - this.#openedAt > STABLE_AFTER_MS) this.#failures = 0;
    // Full jitter: a thousand clients that lose a node together do not come back together.
    const jittered = Math.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** this.#failures++);
    const wait = Math.max(outageMs, jittered);
    this.#retryTimer = setTimeout(() => this.connect(), wait);
    this.#become({ name: 'waiting', retryAt: Date.now() + wait });
  }

  #end(name) {
    clearTimeout(this.#retryTimer);
    this.#pageEvents?.abort();
    this.#pageEvents = null;
    this.#failures = 0;
    this.#release();
    this.#become({ name });
  }

  #release() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** While waiting, the network's return or the reader's look at the page is a reason to try at once. */
  #watchPage() {
    if (this.#pageEvents) return;
    this.#pageEvents = new AbortController();
    const { signal } = this.#pageEvents;
    const retryNow = () => {
      if (this.state.name === 'waiting') this.connect();
    };
    const retryIfSeen = () => {
      if (document.visibilityState === 'visible') retryNow();
    };
    window.addEventListener('online', retryNow, { signal });
    document.addEventListener('visibilitychange', retryIfSeen, { signal });
  }

  #become(state) {
    this.state = state;
    this.#listener.onState(state);
  }
}
