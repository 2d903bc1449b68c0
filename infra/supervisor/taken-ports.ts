/** Checks before the start that the configured ports can be listened on. */
import type { Config } from '../../shared/runtime/config.ts';
import { SetUpError } from '../../shared/runtime/errors.ts';
import { listenFault } from '../host/ports.ts';

/** Rejects with a `SetUpError` if a port is taken or may not be used. */
export async function refuseTakenPorts(
  {
    bind,
    webPort,
    metricsBind,
    metricsPort,
  }: Pick<Config, 'bind' | 'webPort' | 'metricsBind' | 'metricsPort'>,
  hasWeb: boolean,
): Promise<void> {
  const web = { variable: 'WEB_PORT', port: webPort ?? 0, bindVariable: 'BIND', address: bind };
  if (hasWeb) await refuseTaken(web);
  await refuseTaken({
    ...{ variable: 'METRICS_PORT', port: metricsPort ?? 0 },
    ...{ bindVariable: 'METRICS_BIND', address: metricsBind },
  });
}

type Listening = {
  readonly variable: string;
  readonly port: number;
  readonly bindVariable: string;
  readonly address: string;
};

/**
 * Checks one port. Port 0 stands for any free port, which checks whether the address can be
 * listened on at all.
 */
async function refuseTaken(listening: Listening): Promise<void> {
  const fault = await listenFault(listening.port, listening.address);
  if (fault !== undefined) throw new SetUpError(describePortFault(fault, listening));
}

/** Returns lines that say what is wrong and what to do. Pure. */
function describePortFault(
  fault: string,
  { variable, port, bindVariable, address }: Listening,
): readonly string[] {
  switch (fault) {
    case 'EADDRINUSE':
      return [
        `${variable}=${port} is taken by another program.`,
        `\`ss -ltnp sport = :${port}\` says by which.`,
        'Stop that, or choose another port, or leave it out for a free one.',
      ];
    case 'EACCES':
      return [
        `${variable}=${port} may not be used by this user: ports below 1024 need root.`,
        'Choose a higher port.',
      ];
    case 'EADDRNOTAVAIL':
      return [
        `${bindVariable}=${address}: this machine has no such address.`,
        'Give one that `ip address` lists, or leave it out for 127.0.0.1.',
      ];
    default:
      return [`${variable}=${port} on ${address} cannot be listened on: ${fault}.`];
  }
}
