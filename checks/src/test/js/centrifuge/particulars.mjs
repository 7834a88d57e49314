// What not every client asks for: filters, differences, the newest alone, pages, states of its own.
import { randomBytes } from 'node:crypto';
import { errorCode, next, same, until } from './people.mjs';

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Publications whose tags tell even from odd. */
async function numbered(stage, channel, from, to) {
  for (const n of range(from, to)) {
    const tags = { kind: n % 2 ? 'odd' : 'even', n: String(n) };
    await stage.api('publish', { channel, data: { n }, tags }, n);
  }
}

async function away(client, doing) {
  const gone = next(client, 'disconnected');
  client.disconnect();
  await gone;
  await doing();
}

export const particulars = {
  async 'hears what its filter wants, and recovers by it'(stage) {
    const channel = stage.unique('tags');
    const client = await stage.connected(0);
    const offsets = [];
    const odd = await stage.subscribed(client, channel, { tagsFilter: { key: 'kind', cmp: 'eq', val: 'odd' } });
    odd.on('publication', (publication) => offsets.push(publication.offset));
    const some = await stage.subscribed(await stage.connected(1), channel, {
      tagsFilter: {
        op: 'and',
        nodes: [
          { key: 'n', cmp: 'gte', val: '3' },
          { op: 'not', nodes: [{ key: 'n', cmp: 'in', vals: ['4', '5'] }] },
          { op: 'or', nodes: [{ key: 'kind', cmp: 'sw', val: 'ev' }, { key: 'other', cmp: 'nex' }] },
        ],
      },
    });
    const all = await stage.subscribed(await stage.connected(2), channel);
    await numbered(stage, channel, 1, 8);
    await until('who wants all has all', () => all.heard.length === 8);
    await until('the last is heard', () => odd.heard.length >= 4 && some.heard.length >= 4);
    same(odd.heard.map(({ n }) => n), [1, 3, 5, 7]);
    same(some.heard.map(({ n }) => n), [3, 6, 7, 8]);
    await away(client, () => numbered(stage, channel, 9, 12));
    const back = next(odd, 'subscribed');
    client.connect();
    const hello = await back;
    same([hello.wasRecovering, hello.recovered], [true, true]);
    await numbered(stage, channel, 13, 14);
    await until('it has caught up', () => odd.heard.length >= 7);
    same(odd.heard.map(({ n }) => n), [1, 3, 5, 7, 9, 11, 13]);
    same(offsets, [1, 3, 5, 7, 9, 11, 13], 'a publication keeps its place');
  },

  async 'is refused a filter where there are none, or that makes no sense'(stage) {
    const client = await stage.connected(0);
    for (const [channel, tagsFilter] of [
      [stage.unique('recovery:'), { key: 'a', cmp: 'eq', val: 'b' }],
      [stage.unique('tags'), { key: 'a', cmp: 'like', val: 'b' }],
      [stage.unique('tags'), { op: 'not', nodes: [] }],
    ]) {
      const subscription = client.newSubscription(channel, { tagsFilter });
      const ended = next(subscription, 'unsubscribed');
      subscription.subscribe();
      same((await ended).code, 107);
    }
  },

  async 'is sent differences, also of what it missed'(stage) {
    if (stage.transport !== 'websocket') {
      return;
    }
    const length = 6_000;
    const text = randomBytes(length / 2).toString('hex');
    const versions = range(1, 8).map((n) => ({ n, text, mark: 'ü'.repeat(n) }));
    const channel = `delta:${stage.unique('d')}`;
    const client = await stage.tapped(0);
    const subscription = await stage.subscribed(client, channel, { delta: 'fossil' });
    const publish = (from, to) => versions.slice(from, to).reduce(
      (before, data) => before.then(() => stage.api('publish', { channel, data }, 1)), Promise.resolve());
    const bytes = () => client.frames.reduce((sum, frame) => sum + frame.length, 0);
    const marked = () => client.frames.join('').split('"delta":true').length - 1;
    let bytesBefore = bytes();
    let markedBefore = marked();
    await publish(0, 5);
    await until('five are heard', () => subscription.heard.length >= 5);
    same(subscription.heard, versions.slice(0, 5));
    const live = bytes() - bytesBefore;
    same(live > length && live < 1.5 * length, true, `${live} bytes for five of ${length}`);
    if (!stage.binary) {
      same(marked() - markedBefore, 4, 'all but the first');
    }
    bytesBefore = bytes();
    markedBefore = marked();
    await away(client, () => publish(5, 8));
    const back = next(subscription, 'subscribed');
    client.connect();
    same((await back).recovered, true);
    await until('three more are heard', () => subscription.heard.length >= 8);
    same(subscription.heard, versions);
    const missed = bytes() - bytesBefore;
    same(missed > length && missed < 1.5 * length, true, `${missed} bytes for three of ${length}`);
    if (!stage.binary) {
      // The reply to subscribe says it once for the channel.
      same(marked() - markedBefore, 3, 'all but the first, and the channel');
    }
    const plain = await stage.tapped(0);
    const whole = await stage.subscribed(plain, channel, { since: { offset: 0, epoch: '' } });
    await until('all are heard', () => whole.heard.length >= 8);
    same(whole.heard, versions);
    same(plain.frames.join('').includes('"delta":true'), false, 'who did not ask has wholes');
  },

  async 'has the newest alone of a cache'(stage) {
    const channel = `cache:${stage.unique('c')}`;
    const publish = async (from, to) => {
      for (const n of range(from, to)) {
        await stage.api('publish', { channel, data: { n } }, n);
      }
    };
    await publish(1, 3);
    const client = await stage.connected(0);
    const subscription = await stage.subscribed(client, channel, { since: { offset: 0, epoch: '' } });
    same([subscription.hello.wasRecovering, subscription.hello.recovered], [true, true]);
    await until('the newest is heard', () => subscription.heard.length >= 1);
    await publish(4, 4);
    await until('what is new is heard', () => subscription.heard.length >= 2);
    for (const [from, to] of [[5, 7], [1, 0]]) {
      await away(client, () => publish(from, to));
      const back = next(subscription, 'subscribed');
      client.connect();
      same((await back).recovered, true);
    }
    await publish(8, 8);
    await until('the last is heard', () => subscription.heard.length >= 4);
    same(subscription.heard.map(({ n }) => n), [3, 4, 7, 8]);
  },

  async 'turns the pages of a history in both directions'(stage) {
    const channel = stage.unique('pages');
    await numbered(stage, channel, 1, 10);
    const client = await stage.connected(1);
    for (const reverse of [false, true]) {
      const seen = [];
      let page = await client.history(channel, { limit: 3, reverse });
      while (page.publications.length > 0) {
        seen.push(...page.publications.map(({ offset, data }) => [offset, stage.plain(data).n]));
        same([page.offset, page.publications.length <= 3], [10, true]);
        const since = { offset: page.publications.at(-1).offset, epoch: page.epoch };
        page = since.offset === 1 && reverse
          ? { publications: [] }
          : await client.history(channel, { limit: 3, reverse, since });
      }
      const expected = range(1, 10).map((n) => [n, n]);
      same(seen, reverse ? expected.reverse() : expected);
    }
    same(await errorCode(client.history(channel, { reverse: true, since: { offset: 0, epoch: '' } })), 107);
    same(await errorCode(client.history(`group:${channel}`, { limit: 1 })), 108);
  },

  async 'hears a channel of its own without asking, and recovers it'(stage) {
    const user = stage.unique('u');
    const client = stage.client(0, { token: stage.token({ sub: user }) });
    const heard = [];
    client.on('publication', ({ channel, data }) => heard.push([channel, stage.plain(data)]));
    const subscribed = next(client, 'subscribed');
    client.connect();
    same((await subscribed).channel, `#${user}`);
    await stage.api('publish', { channel: `#${user}`, data: 1 }, 1);
    await until('the first is heard', () => heard.length === 1);
    await away(client, () => stage.api('publish', { channel: `#${user}`, data: 2 }, 2));
    const back = next(client, 'subscribed');
    client.connect();
    same((await back).recovered, true);
    await until('the other is heard', () => heard.length === 2);
    same(heard, [[`#${user}`, 1], [`#${user}`, 2]]);
  },

  async 'asks for its state again when it cannot go on from there'(stage) {
    const channel = `recovery:${stage.unique('state')}`;
    await numbered(stage, channel, 1, 3);
    const client = await stage.connected(0);
    const { epoch } = await client.history(channel, { limit: 0 });
    let asked = 0;
    const subscription = await stage.subscribed(client, channel, {
      minResubscribeDelay: 10,
      getState: async () => {
        asked += 1;
        return asked === 1 ? { offset: 1, epoch: 'gone' } : { offset: 2, epoch };
      },
    });
    await until('the rest is heard', () => subscription.heard.length === 1);
    same([asked, subscription.heard.map(({ n }) => n)], [2, [3]]);
  },

  async 'is refused what this server has not'(stage) {
    const client = await stage.connected(0);
    same(await errorCode(client.presence(`delta:${stage.unique('p')}`)), 108);
    same(await errorCode(client.presenceStats(`delta:${stage.unique('p')}`)), 108);
    const map = client.newMapSubscription(stage.unique('map'));
    const ended = next(map, 'unsubscribed');
    map.subscribe();
    same((await ended).code, 108);
    const gone = next(client, 'disconnected');
    client.send(stage.data({ nobody: 'hears it' }));
    same((await gone).code, 3508);
  },
};
