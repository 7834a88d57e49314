// A client of the Centrifugal protocol (JSON) by hand, as small as it can be. For an application take one of the
// maintained SDKs, such as centrifuge on npm: they recover what was missed, and refresh their tokens in place.
//
//   const client = new CentrifugalClient('ws://localhost:8080', 'dora', { onState, onEvent, getToken });
//   client.connect();
//   client.join('g1');                    hears the channel group:g1
//   client.sendToGroup('g1', 'Hello');
//
// States and events are those of chat-client.js, and one event more: ping (asked whether we are there, and answered).

const BACKOFF_FIRST_MS = 500;
const BACKOFF_CAP_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Clients must not come back by themselves after these. */
const isFinal = (code) => (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
/** How chat clients tell a group that they joined. */
const ARRIVED = /^user 【(?<from>[^】]+)】 add {2}to group 【[^】]+】$/;

export class CentrifugalClient {
  #url;
  #listener;
  #socket = null;
  #channels;
  #answers = new Map();
  #lastId = 0;
  #client = '';
  #failures = 0;
  #timer = 0;

  constructor(nodeUrl, id, listener) {
    this.id = id;
    this.state = { name: 'closed' };
    this.sent = '';
    this.#url = `${nodeUrl}/connection/websocket`;
    this.#listener = listener;
    this.#channels = new Set([`user:${id}`, 'all']);
  }

  /** Connects now, whatever the client was waiting for, and stays connected until close(). */
  connect() {
    if (this.#socket) return;
    clearTimeout(this.#timer);
    const socket = (this.#socket = new WebSocket(this.#url));
    this.#become({ name: 'connecting' });
    this.#timer = setTimeout(() => this.#lose(socket), CONNECT_TIMEOUT_MS);
    socket.onopen = async () => {
      try {
        const token = await this.#listener.getToken(this.id);
        if (socket === this.#socket) this.#begin(token);
      } catch {
        this.#lose(socket);
      }
    };
    socket.onmessage = ({ data }) => {
      // One frame may hold several messages, one in each line.
      for (const line of data.split('\n')) if (socket === this.#socket && line !== '') this.#hear(line);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket !== this.#socket) return;
      if (isFinal(code)) {
        this.#tell({ kind: 'error', text: `${code} ${reason}` });
        this.close();
      } else {
        this.#lose(socket);
      }
    };
  }

  /** Listens now, and again after every reconnect. */
  join(group) {
    const channel = `group:${group}`;
    this.#channels.add(channel);
    return this.state.name === 'connected' && this.#subscribe(channel);
  }

  // Each send answers whether the message left this browser; what became of it comes later.
  sendTo = (id, text) => this.#publish(`user:${id}`, text);
  sendToGroup = (group, text) => this.#publish(`group:${group}`, text);
  sendToAll = (text) => this.#publish('all', text);

  /** Cuts the connection for at least so long, as a bad network would. */
  drop(outageMs = 0) {
    if (this.#socket) this.#lose(this.#socket, outageMs);
  }

  /** Ends the connection for good, or until connect(). */
  close() {
    clearTimeout(this.#timer);
    this.#release();
    this.#become({ name: 'closed' });
  }

  #begin(token) {
    this.#ask({ connect: { token, name: 'demo' } }, ({ connect, error }, raw) => {
      if (error) {
        this.#failed(error, raw);
        this.#lose(this.#socket);
        return;
      }
      clearTimeout(this.#timer);
      this.#failures = 0;
      this.#client = connect.client;
      this.#become({ name: 'connected', raw });
    });
    // No need to wait for the answer: commands of a connection are carried out one after another.
    for (const channel of this.#channels) this.#subscribe(channel);
  }

  #subscribe(channel) {
    return this.#ask({ subscribe: { channel } }, ({ error }, raw) => {
      const [, group] = /^group:(.*)$/s.exec(channel) ?? [];
      if (error) this.#failed(error, raw);
      else if (group) this.#tell({ kind: 'joined', from: this.id, group, raw });
    });
  }

  #publish(channel, data) {
    if (this.state.name !== 'connected') return false;
    return this.#ask({ publish: { channel, data } }, ({ error }, raw) => error && this.#failed(error, raw));
  }

  #ask(command, onAnswer) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const id = ++this.#lastId;
    this.#answers.set(id, onAnswer);
    this.sent = JSON.stringify({ id, ...command });
    this.#socket.send(this.sent);
    return true;
  }

  #hear(raw) {
    const { id, push, ...reply } = JSON.parse(raw);
    if (id) {
      this.#answers.get(id)?.(reply, raw);
      this.#answers.delete(id);
    } else if (push?.pub) {
      this.#published(push.channel, push.pub, raw);
    } else if (push?.unsubscribe) {
      if (push.unsubscribe.code >= 2500) this.#subscribe(push.channel);
    } else if (raw === '{}') {
      this.#socket.send('{}');
      this.#tell({ kind: 'ping', text: 'Asked whether we are there: answered.', raw });
    }
  }

  #published(channel, { data, info }, raw) {
    // Everybody hears what it publishes itself; the page has shown that already.
    if (info?.client === this.#client) return;
    const [, namespace, name] = /^(user|group|all):?(.*)$/s.exec(channel);
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const from = info?.user ?? '';
    const arrived = namespace === 'group' && ARRIVED.exec(text);
    if (arrived) this.#tell({ kind: 'arrived', from: arrived.groups.from, group: name, raw });
    else this.#tell({ kind: namespace === 'user' ? 'one' : namespace, from, group: name, text, raw });
  }

  #failed({ code, message }, raw) {
    this.#tell({ kind: 'error', text: `${message} (${code})`, raw });
  }

  #lose(socket, outageMs = 0) {
    if (socket !== this.#socket) return;
    clearTimeout(this.#timer);
    this.#release();
    const jittered = Math.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** this.#failures++);
    const wait = Math.max(outageMs, jittered);
    this.#timer = setTimeout(() => this.connect(), wait);
    this.#become({ name: 'waiting', retryAt: Date.now() + wait });
  }

  #release() {
    const socket = this.#socket;
    this.#socket = null;
    this.#answers.clear();
    socket?.close();
  }

  #tell(event) {
    this.#listener.onEvent(event);
  }

  #become(state) {
    this.state = state;
    this.#listener.onState(state);
  }
}
