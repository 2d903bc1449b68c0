import { describe, expect, test } from '@jest/globals';
import { parseQuoteServerFlags, quoteServerHelp } from '../../../infra/quote-server/flags.ts';
import { UsageError } from '../../../shared/runtime/errors.ts';

const read = (line: string): unknown => parseQuoteServerFlags(line.split(' ').filter(Boolean));

describe('the command line of the stand-in', () => {
  test('may be empty', () => {
    expect(read('')).toEqual({});
  });

  test.each([
    ['--port 4444 --delay-ms 0 --seed 7', { port: 4_444, delayMs: 0, seed: 7 }],
    ['--fixed-prices', { prices: 'fixed' }],
    ['--fixed-prices --prices fixed', { prices: 'fixed' }],
    ['--prices=walk --fault hang', { prices: 'walk', fault: 'hang' }],
    ['--prices walk --speed 60', { prices: 'walk', speed: 60 }],
    ['--help', 'help'],
  ])('%s is read', (line, options) => {
    expect(read(line)).toEqual(options);
  });

  test.each([
    ['--port x', /--port must be a whole number from 0 to 65535, not "x"/],
    ['--port 65536', /--port/],
    ['--port=-1', /--port/],
    ['--delay-ms 1.5', /--delay-ms/],
    ['--seed 99999999999999999', /--seed/],
    ['--prices random', /--prices must be one of hits, fixed, walk/],
    ['--fixed-prices --prices walk', /exclude each other/],
    ['--prices walk --speed 0', /at least 1/],
    ['--speed 60', /--prices walk alone/],
    ['--fault fire', /--fault must be one of refuse/],
    ['--prot 1', /--prot/],
    ['ABC', /ABC/],
  ])('%s is refused with a hint', (line, message) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(message);
  });

  test('has an explanation of every flag', () => {
    for (const flag of [
      'port',
      'delay-ms',
      'seed',
      'prices',
      'speed',
      'fixed-prices',
      'fault',
      'help',
    ]) {
      expect(quoteServerHelp()).toContain(`--${flag}`);
    }
  });
});
