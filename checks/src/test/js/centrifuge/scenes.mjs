// What every kit expects of its server, one scene each. The nodes know the namespaces of the preset conformance.
import { errorCode, next, pause, same, until } from './people.mjs';

export const scenes = {
  async 'connects and is told who it is'(stage) {
    const client = await stage.connected(0);
    same(typeof client.hello.client, 'string');
    same(client.hello.transport, stage.transport);
    const gone = next(client, 'disconnected');
    client.disconnect();
    same((await gone).code, 0);
  },

  async 'hears what others publish, in order'(stage) {
    const channel = stage.unique('order');
    const listener = await stage.subscribed(await stage.connected(1), channel);
    const publisher = await stage.connected(0);
    const all = Array.from({ length: 50 }, (_, n) => ({ n, text: 'naïve\n"quoted"' }));
    for (const data of all) {
      await publisher.publish(channel, stage.data(data));
    }
    await until('all are heard', () => listener.heard.length >= all.length);
    same(listener.heard, all);
  },

  async 'hears what it publishes itself'(stage) {
    const subscription = await stage.subscribed(await stage.connected(0), stage.unique('echo'));
    const heard = next(subscription, 'publication');
    await subscription.publish(stage.data({ a: 1 }));
    const publication = await heard;
    same(stage.plain(publication.data), { a: 1 });
    same(typeof publication.info.client, 'string');
  },

  async 'unsubscribes, and subscribes again'(stage) {
    const client = await stage.connected(0);
    const subscription = await stage.subscribed(client, stage.unique('again'));
    const ended = next(subscription, 'unsubscribed');
    subscription.unsubscribe();
    same((await ended).code, 0);
    const back = next(subscription, 'subscribed');
    subscription.subscribe();
    await back;
    await subscription.publish(stage.data(1));
    await until('it is heard', () => subscription.heard.length === 1);
  },

  async 'sees who is there, on all nodes'(stage) {
    const channel = stage.unique('presence');
    const one = await stage.connected(0);
    const other = await stage.connected(1);
    const subscription = await stage.subscribed(one, channel);
    await stage.subscribed(other, channel);
    await until('both are there', async () => (await subscription.presenceStats()).numClients === 2);
    const { clients } = await subscription.presence();
    same(Object.keys(clients).sort(), [one.hello.client, other.hello.client].sort());
    same((await subscription.presenceStats()).numUsers, 1);
    other.disconnect();
    await until('one has gone', async () => (await subscription.presenceStats()).numClients === 1);
  },

  async 'hears who comes and goes'(stage) {
    const channel = stage.unique('join');
    const subscription = await stage.subscribed(await stage.connected(0), channel, { joinLeave: true });
    const joined = [];
    const left = [];
    subscription.on('join', (event) => joined.push(event.info.client));
    subscription.on('leave', (event) => left.push(event.info.client));
    const other = await stage.connected(1);
    const theirs = await stage.subscribed(other, channel);
    await until('it came', () => joined.includes(other.hello.client));
    theirs.unsubscribe();
    await until('it went', () => left.includes(other.hello.client));
  },

  async 'reads the history, also in pieces and backwards'(stage) {
    const channel = stage.unique('history');
    const subscription = await stage.subscribed(await stage.connected(0), channel);
    for (let n = 1; n <= 5; n++) {
      await subscription.publish(stage.data({ n }));
    }
    const numbers = (result) => result.publications.map((publication) => stage.plain(publication.data).n);
    const all = await subscription.history({ limit: 100 });
    same(numbers(all), [1, 2, 3, 4, 5]);
    same(all.offset, 5);
    same(numbers(await subscription.history({ limit: 0 })), []);
    same(numbers(await subscription.history({ limit: -1 })), [1, 2, 3, 4, 5]);
    const since = { offset: 2, epoch: all.epoch };
    same(numbers(await subscription.history({ limit: 2, since })), [3, 4]);
    same(numbers(await subscription.history({ limit: 2, reverse: true })), [5, 4]);
    same(await errorCode(subscription.history({ limit: 1, since: { offset: 2, epoch: 'gone' } })), 112);
  },

  async 'recovers what it missed'(stage) {
    const channel = `recovery:${stage.unique('r')}`;
    const client = await stage.connected(0);
    const subscription = await stage.subscribed(client, channel);
    same(subscription.hello.recoverable, true);
    const publisher = await stage.connected(1);
    await publisher.publish(channel, stage.data(1));
    await until('the first is heard', () => subscription.heard.length === 1);
    client.disconnect();
    for (let n = 2; n <= 10; n++) {
      await publisher.publish(channel, stage.data(n));
    }
    const back = next(subscription, 'subscribed');
    client.connect();
    same((await back).recovered, true);
    await publisher.publish(channel, stage.data(11));
    await until('all are heard', () => subscription.heard.length >= 11);
    same(subscription.heard, Array.from({ length: 11 }, (_, n) => n + 1));
  },

  async 'is told that it cannot recover'(stage) {
    const channel = `smallhistory:${stage.unique('s')}`;
    const client = await stage.connected(0);
    const subscription = await stage.subscribed(client, channel, { recoverable: true });
    const publisher = await stage.connected(1);
    await publisher.publish(channel, stage.data(0));
    await until('the first is heard', () => subscription.heard.length === 1);
    client.disconnect();
    for (let n = 1; n <= 5; n++) {
      await publisher.publish(channel, stage.data(n));
    }
    const back = next(subscription, 'subscribed');
    client.connect();
    const hello = await back;
    same([hello.wasRecovering, hello.recovered], [true, false]);
  },

  async 'recovers from any position given'(stage) {
    const channel = `recovery:${stage.unique('p')}`;
    const publisher = await stage.connected(0);
    for (let n = 1; n <= 4; n++) {
      await publisher.publish(channel, stage.data(n));
    }
    const { epoch } = await publisher.history(channel, { limit: 0 });
    const since = { offset: 1, epoch };
    const subscription = await stage.subscribed(await stage.connected(1), channel, { since });
    same(subscription.hello.recovered, true);
    await until('all are heard', () => subscription.heard.length >= 3);
    same(subscription.heard, [2, 3, 4]);
  },

  async 'hears differences as wholes'(stage) {
    const channel = stage.unique('delta');
    const subscription = await stage.subscribed(await stage.connected(0), channel, { delta: 'fossil' });
    const other = await stage.subscribed(await stage.connected(1), channel);
    const long = 'something long that hardly changes, ünd more of it '.repeat(10);
    const all = Array.from({ length: 5 }, (_, n) => ({ long, n }));
    for (const data of all) {
      await other.publish(stage.data(data));
    }
    await until('all are heard', () => subscription.heard.length >= all.length && other.heard.length >= all.length);
    same(subscription.heard, all);
    same(other.heard, all);
  },

  async 'is refused what is not there'(stage) {
    const client = await stage.connected(0);
    same(await errorCode(client.rpc('method', stage.data({}))), 108);
    same(await errorCode(client.publish('nowhere:x', stage.data({}))), 102);
    same(await errorCode(client.presence('nowhere:x')), 102);
  },

  async 'renews its token in place'(stage) {
    const user = stage.unique('u');
    let asked = 0;
    const client = stage.client(0, {
      getToken: async () => {
        asked += 1;
        return stage.token({ sub: user, exp: Math.floor(Date.now() / 1000) + (asked > 1 ? 3600 : 2) });
      },
    });
    const ready = next(client, 'connected');
    let lost = 0;
    client.on('disconnected', () => (lost += 1));
    client.connect();
    await ready;
    await until('it is asked for a newer one', () => asked === 2);
    await client.publish(stage.unique('t'), stage.data(1));
    same([asked, lost, client.state], [2, 0, 'connected']);
  },

  async 'comes back with a newer token'(stage) {
    let asked = 0;
    const old = stage.token({ sub: 'u', exp: Math.floor(Date.now() / 1000) - 100 });
    const client = stage.client(0, {
      token: old,
      getToken: async () => {
        asked += 1;
        return stage.token({ sub: 'u' });
      },
    });
    const ready = next(client, 'connected');
    client.connect();
    await ready;
    same(asked, 1);
  },

  async 'is not let in with a token of another key'(stage) {
    const client = stage.client(0, { token: `${stage.token({ sub: 'u' }).slice(0, -8)}AAAAAAAA` });
    const gone = next(client, 'disconnected');
    client.connect();
    same((await gone).code, 3500);
  },

  async 'renews a token for a channel'(stage) {
    const user = stage.unique('u');
    const channel = stage.unique('$private');
    const client = await stage.connected(0, { token: stage.token({ sub: user }) });
    let asked = 0;
    const subscription = await stage.subscribed(client, channel, {
      getToken: async () => {
        asked += 1;
        const exp = Math.floor(Date.now() / 1000) + (asked > 1 ? 3600 : 2);
        return stage.token({ sub: user, channel, exp });
      },
    });
    await until('it is asked for a newer one', () => asked === 2);
    await stage.api('publish', { channel, data: { n: 1 } });
    await until('it is heard', () => subscription.heard.length === 1);
    same(subscription.state, 'subscribed');
  },

  async 'needs a token for a private channel'(stage) {
    const client = await stage.connected(0);
    const subscription = client.newSubscription(stage.unique('$private'));
    const ended = next(subscription, 'unsubscribed');
    subscription.subscribe();
    same((await ended).code, 103);
  },

  async 'hears the application, in order'(stage) {
    const channel = stage.unique('api');
    const subscription = await stage.subscribed(await stage.connected(1), channel);
    for (let n = 0; n < 50; n++) {
      await stage.api('publish', { channel, data: { n } }, 0);
    }
    await until('all are heard', () => subscription.heard.length >= 50);
    same(subscription.heard.map((data) => data.n), Array.from({ length: 50 }, (_, n) => n));
  },

  async 'listens where the application wants it to'(stage) {
    const user = stage.unique('u');
    const channel = stage.unique('server');
    const client = await stage.connected(1, { token: stage.token({ sub: user }) });
    const heard = [];
    client.on('publication', (event) => heard.push([event.channel, stage.plain(event.data)]));
    const subscribed = next(client, 'subscribed');
    await stage.api('subscribe', { user, channel });
    same((await subscribed).channel, channel);
    await stage.api('publish', { channel, data: { n: 1 } });
    await until('it is heard', () => heard.length === 1);
    same(heard, [[channel, { n: 1 }]]);
    const unsubscribed = next(client, 'unsubscribed');
    await stage.api('unsubscribe', { user, channel });
    same((await unsubscribed).channel, channel);
  },

  async 'goes when the application wants it to'(stage) {
    const user = stage.unique('u');
    const client = await stage.connected(1, { token: stage.token({ sub: user }) });
    const gone = next(client, 'disconnected');
    await stage.api('disconnect', { user });
    same((await gone).code, 3503);
  },

  async 'listens to what its token names, and recovers it'(stage) {
    const user = stage.unique('u');
    const channel = `recovery:${stage.unique('own')}`;
    const token = stage.token({ sub: user, channels: [channel] });
    const client = stage.client(0, { token });
    const heard = [];
    client.on('publication', (event) => heard.push(stage.plain(event.data).n));
    const subscribed = next(client, 'subscribed');
    client.connect();
    same((await subscribed).channel, channel);
    await stage.api('publish', { channel, data: { n: 1 } });
    await until('it is heard', () => heard.length === 1);
    client.disconnect();
    await stage.api('publish', { channel, data: { n: 2 } });
    const back = next(client, 'subscribed');
    client.connect();
    same((await back).recovered, true);
    await until('it is made up for', () => heard.length === 2);
    same(heard, [1, 2]);
  },

  async 'comes back by itself after a cut'(stage) {
    if (stage.transport !== 'websocket') {
      return;
    }
    const channel = `recovery:${stage.unique('cut')}`;
    const client = await stage.connected(0);
    const subscription = await stage.subscribed(client, channel);
    await client.publish(channel, stage.data(1));
    await until('the first is heard', () => subscription.heard.length === 1);
    const back = next(subscription, 'subscribed');
    client._transport._transport.terminate();
    await stage.api('publish', { channel, data: 2 });
    same((await back).recovered, true);
    await until('the other is heard', () => subscription.heard.length === 2);
    same(subscription.heard, [1, 2]);
  },

  async 'shares groups with clients of the chat protocol'(stage) {
    const group = stage.unique('g');
    const client = await stage.connected(0, { token: stage.token({ sub: '8' }) });
    const subscription = await stage.subscribed(client, `group:${group}`);
    const { default: WebSocket } = await import('ws');
    const chat = new WebSocket(`${stage.base(1).replace('http', 'ws')}/chat/group/${group}/7`, {
      headers: { Authorization: `Bearer ${stage.token({ sub: '7' })}` },
    });
    const texts = [];
    chat.on('message', (data) => texts.push(data.toString()));
    await new Promise((resolve, reject) => chat.on('open', resolve).on('error', reject));
    chat.send('Hello');
    await until('the kit hears the chat', () => subscription.heard.length === 1);
    same(subscription.heard, ['Hello']);
    await subscription.publish(stage.data({ a: 1 }));
    await until('the chat hears the kit', () => texts.length === 1);
    same(texts[0].endsWith('send:{"a":1}'), true, texts[0]);
    chat.close();
    await pause(0);
  },
};
