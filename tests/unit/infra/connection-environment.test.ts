import { expect, test } from '@jest/globals';
import { connectionEnvironment } from '../../../infra/operations/backup.ts';

test('libpq finds the same database as the driver', () => {
  const url = 'postgresql://an%40n:p%2Fw@[::1]:5433/trade?sslmode=verify-full&sslrootcert=/ca.pem';
  expect(connectionEnvironment(url)).toEqual({
    PGHOST: '::1',
    PGPORT: '5433',
    PGUSER: 'an@n',
    PGPASSWORD: 'p/w',
    PGDATABASE: 'trade',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/ca.pem',
  });
});

test('a part that the URL lacks is left out', () => {
  expect(connectionEnvironment('postgresql://ann@db/trade')).toEqual({
    PGHOST: 'db',
    PGUSER: 'ann',
    PGDATABASE: 'trade',
  });
});
