// Clients of the real kit, and what a check needs around them.
import { createHmac } from 'node:crypto';
import { Centrifuge } from 'centrifuge';
import { Centrifuge as BinaryCentrifuge } from 'centrifuge/build/protobuf';
import EventSource from 'eventsource';
import WebSocket from 'ws';

const WAIT_MILLIS = 10_000;

export class Stage {
  constructor({ nodes, secret, key, transport, binary }) {
    Object.assign(this, { nodes, secret, key, transport, binary, open: [], serial: 0 });
  }

  unique(prefix) {
    this.serial += 1;
    return `${prefix}${process.pid}_${Date.now().toString(36)}_${this.serial}`;
  }

  base(node) {
    return this.nodes[node % this.nodes.length];
  }

  token(claims) {
    const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
    const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${body}.${createHmac('sha256', this.secret).update(body).digest('base64url')}`;
  }

  endpoint(node, transport = this.transport) {
    const base = this.base(node);
    if (transport === 'websocket') {
      return `${base.replace('http', 'ws')}/connection/websocket`;
    }
    return [{ transport, endpoint: `${base}/connection/${transport}` }];
  }

  /** A client that is not connected yet. What it says later goes to the node after its own, if there is one. */
  client(node, options = {}) {
    const Kit = this.binary ? BinaryCentrifuge : Centrifuge;
    const client = new Kit(this.endpoint(node), {
      websocket: WebSocket,
      eventsource: EventSource,
      fetch,
      readableStream: ReadableStream,
      emulationEndpoint: `${this.base(node + 1)}/emulation`,
      minReconnectDelay: 50,
      maxReconnectDelay: 200,
      ...options,
    });
    this.open.push(client);
    return client;
  }

  /** A client by WebSocket whose frames can be looked at: {@code client.frames}, as they came. */
  async tapped(node, options = {}) {
    const frames = [];
    const Tapped = class extends WebSocket {
      constructor(...where) {
        super(...where);
        this.on('message', (data) => frames.push(Buffer.from(data)));
      }
    };
    const client = await this.connected(node, { websocket: Tapped, ...options });
    client.frames = frames;
    return client;
  }

  async connected(node, options = {}) {
    const client = this.client(node, options);
    const ready = next(client, 'connected');
    client.connect();
    client.hello = await ready;
    return client;
  }

  async subscribed(client, channel, options = {}) {
    const subscription = client.newSubscription(channel, options);
    subscription.heard = [];
    subscription.on('publication', (publication) => subscription.heard.push(this.plain(publication.data)));
    const ready = next(subscription, 'subscribed');
    subscription.subscribe();
    subscription.hello = await ready;
    return subscription;
  }

  /** The kit for Protobuf takes and gives bytes. */
  data(value) {
    return this.binary ? new TextEncoder().encode(JSON.stringify(value)) : value;
  }

  plain(data) {
    if (!this.binary) {
      return data;
    }
    const text = new TextDecoder().decode(data);
    try {
      return JSON.parse(text);
    } catch {
      // A text of another protocol comes as it is.
      return text;
    }
  }

  async api(method, params, node = 0) {
    const response = await fetch(`${this.base(node)}/api/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': this.key },
      body: JSON.stringify(params),
    });
    const body = await response.json();
    if (response.status !== 200 || body.error) {
      throw new Error(`${method}: ${response.status} ${JSON.stringify(body)}`);
    }
    return body.result;
  }

  close() {
    this.open.splice(0).forEach((client) => client.disconnect());
  }
}

/** The next event of that name. */
export function next(source, name, millis = WAIT_MILLIS) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} in ${millis} ms`)), millis);
    source.once(name, (event) => {
      clearTimeout(timer);
      resolve(event);
    });
  });
}

/** Waits until something is so. */
export async function until(what, holds, millis = WAIT_MILLIS) {
  const end = Date.now() + millis;
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`not in ${millis} ms: ${what}`);
    }
    await pause(10);
  }
}

export function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

export async function errorCode(promise) {
  try {
    await promise;
  } catch (error) {
    return error.code;
  }
  return 0;
}

export function same(actual, expected, what = '') {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) {
    throw new Error(`${what} expected ${e}, was ${a}`);
  }
}
