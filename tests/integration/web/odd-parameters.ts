/** Sends odd values in each parameter of every documented route; none is answered by an internal error. */
import { describe, expect, test } from '@jest/globals';
import { newId } from '../../../shared/runtime/new-id.ts';
import { bodiesOf, parametersOf } from './api-routes.ts';
import { ODD, ODD_ENCODED, ODD_HEADERS, everyNth, oddBodies, pathOf } from './odd-values.ts';
import type { RouteWalker } from './route-walker.ts';

const TEST_MS = 240_000;

/** Adds the tests; each parameter is sent every nth value, and all together are sent all. */
export function sendOddValues(walker: () => RouteWalker, nth: number): void {
  const choose = everyNth(nth);
  describe('each parameter', () => {
    test(
      'of a query or path takes odd values without an internal error',
      async () => {
        const sent = walker().routes.flatMap((route) => {
          const parameters = parametersOf(route);
          const places = parameters.filter((each) => each.in === 'query' || each.in === 'path');
          const odd = [...ODD.map(encodeURIComponent), ...ODD_ENCODED];
          return places.flatMap((place) =>
            choose(odd).map((value) => ({
              method: route.method,
              path: pathOf(route.path, parameters, [place, value]),
            })),
          );
        });
        expect(sent.length).toBeGreaterThan(500 / nth);
        expect(await walker().internalErrors(sent)).toEqual([]);
      },
      TEST_MS,
    );

    test(
      'of a body takes odd values without an internal error',
      async () => {
        const sent = walker().routes.flatMap((route) =>
          oddBodies(route.operation, choose).map((body) => ({
            method: route.method,
            path: pathOf(route.path, parametersOf(route)),
            headers: { 'idempotency-key': newId() },
            body,
          })),
        );
        expect(sent.length).toBeGreaterThan(200 / nth);
        expect(await walker().internalErrors(sent)).toEqual([]);
      },
      TEST_MS,
    );

    test(
      'of a header takes odd values without an internal error',
      async () => {
        const sent = walker().routes.flatMap((route) => {
          const names = parametersOf(route).filter((each) => each.in === 'header');
          const path = pathOf(route.path, parametersOf(route));
          const [body] = bodiesOf(route.operation);
          return [...names.map(({ name }) => name)].flatMap((name) =>
            choose(ODD_HEADERS).map((value) => ({
              method: route.method,
              path,
              headers: { [name]: value },
              body: body && '{"command":"ADD","amount":"1.00"}',
            })),
          );
        });
        expect(sent.length).toBeGreaterThan(20 / nth);
        expect(await walker().internalErrors(sent)).toEqual([]);
      },
      TEST_MS,
    );
  });

  describe('headers that every route reads', () => {
    test(
      'take odd values without an internal error',
      async () => {
        const path = '/api/v1/session';
        const names = [
          'authorization',
          'cookie',
          'user-agent',
          'sec-fetch-site',
          'traceparent',
          'accept',
        ];
        const values = [
          ...ODD_HEADERS,
          'Basic',
          'Basic Og==',
          'Bearer',
          `Bearer ${'x'.repeat(4_000)}`,
        ];
        const sent = names.flatMap((name) =>
          choose(values).map((value) => ({ method: 'GET', path, headers: { [name]: value } })),
        );
        expect(await walker().internalErrors(sent)).toEqual([]);
      },
      TEST_MS,
    );
  });
}
