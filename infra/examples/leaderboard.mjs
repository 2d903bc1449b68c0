/**
 * Keeps a leaderboard of profits from the feed: node infra/examples/leaderboard.mjs URL feed.NAME first
 * Leave out `first`, where a stream is read from, if the queue is not a stream.
 */
import { setInterval } from 'node:timers';
import amqp from 'amqplib';

const [url, queue, offset] = process.argv.slice(2);
if (queue === undefined) {
  console.error('Usage: node infra/examples/leaderboard.mjs URL feed.NAME [first]');
  process.exit(64);
}
/** By user: the id of the last message, what sales brought less what buys cost, and the shares. */
const accounts = new Map();
const prices = new Map();

function learn({ id, user, kind, side, symbol, shares = 0, price = 0 }) {
  const account = accounts.get(user) ?? { last: '', traded: 0, shares: new Map() };
  accounts.set(user, account);
  // The ids of a user grow; a message that comes again does not have a higher one.
  if (id <= account.last) return;
  account.last = id;
  const isBuy = kind === 'bought' || (kind === 'trigger-fired' && side === 'buy');
  if (!isBuy && kind !== 'sold' && kind !== 'trigger-fired') return;
  prices.set(symbol, price);
  account.traded += (isBuy ? -1 : 1) * shares * price;
  const owned = account.shares.get(symbol) ?? 0;
  account.shares.set(symbol, owned + (isBuy ? shares : -shares));
}

function leaders() {
  const worth = (shares) => [...shares].reduce((sum, [each, n]) => sum + n * prices.get(each), 0);
  return [...accounts]
    .map(([user, { traded, shares }]) => ({ user, profit: (traded + worth(shares)) / 100 }))
    .sort((one, other) => other.profit - one.profit)
    .slice(0, 10)
    .map(({ user, profit }, index) => `${index + 1}. ${user} ${profit.toFixed(2)}`);
}

const connection = await amqp.connect(url.split(',')[0]);
const channel = await connection.createChannel();
await channel.prefetch(100);
const read = (message) => {
  if (message === null) process.exit(1); // The reader was revoked.
  learn(JSON.parse(message.content.toString()));
  channel.ack(message);
};
await channel.consume(queue, read, offset && { arguments: { 'x-stream-offset': offset } });
setInterval(() => console.log(leaders().join('   ')), 2_000);
