import { expect, test } from '@jest/globals';
import { checkRoom, type Room } from '../../../infra/services/check-room.ts';

const BROKER: Room = { what: 'broker', folder: '/data', freeBytes: 600e6, leastBytes: 500e6 };
const DATABASE: Room = { ...BROKER, what: 'database', folder: '/var/lib/daytrade/x' };

test('a start without free disk names the folder, the free space, the limit and the remedy', () => {
  expect(() => checkRoom([DATABASE, BROKER])).not.toThrow();
  expect(() => checkRoom([DATABASE, { ...BROKER, freeBytes: 212_900_000 }])).toThrow(
    'The disk of /data has 212 MB free. RabbitMQ takes no messages below 500 MB.\nMake room there',
  );
  expect(() => checkRoom([{ ...DATABASE, freeBytes: 0 }, BROKER])).toThrow(
    'The disk of /var/lib/daytrade/x has 0 MB free. PostgreSQL cannot work below 500 MB.',
  );
});
