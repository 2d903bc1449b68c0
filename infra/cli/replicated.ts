/** `--replicated`, an option of the commands that may start a system. */
import { Option } from 'commander';
import type { Config } from '../../shared/runtime/config.ts';

export const replicatedOption = (): Option =>
  new Option(
    '--replicated',
    'run three brokers and a database with standbys, as on three machines',
  );

/** Applies the option, which has the same effect as REPLICATED=1. */
export const withReplicated = (config: Config, replicated: true | undefined): Config =>
  replicated === true ? { ...config, replicated } : config;
