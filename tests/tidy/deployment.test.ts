/** Checks the deployment files without an engine that runs them, as `npm run drill -- containers` does. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../shared/runtime/config.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const COMPOSE = 'infra/compose/compose.yml';
const REPLICATED = 'infra/compose/replicated.yml';
const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

type Service = {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
};
type ComposeFile = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const readCompose = (path: string): ComposeFile => {
  return parse(read(path), { merge: true }) as ComposeFile;
};

/** Returns the source of the program that a file starts. */
const sourceOf = (text: string): string =>
  / (infra\/\S+\.mjs)/.exec(text)?.[1] ?? 'nothing is started';

test('the Compose files run everything', () => {
  const ofThree = ['etcd', 'postgres', 'rabbitmq'].flatMap((name) =>
    ['a', 'b', 'c'].map((member) => `${name}-${member}`),
  );
  expect(Object.keys(readCompose(COMPOSE).services).sort()).toEqual(
    ['daytrade', 'grafana', 'postgres', 'prometheus', 'rabbitmq'].sort(),
  );
  expect(Object.keys(readCompose(REPLICATED).services).sort()).toEqual(
    ['daytrade', 'haproxy', ...ofThree].sort(),
  );
});

describe.each([COMPOSE, REPLICATED])('%s', (path) => {
  const { services, volumes } = readCompose(path);
  const all = Object.entries(services).map(([name, service]) => ({ name, ...service }));

  test.each(all)('$name is of a named version, or built from here', ({ image, build }) => {
    expect(image).toMatch(/:v?\d+/);
    if (build === undefined) return;
    const context = join(packageRoot, dirname(path), build.context);
    expect(existsSync(join(context, build.dockerfile))).toBe(true);
  });

  test.each(all)('$name is published on loopback alone', ({ ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(all)('$name mounts what is there, and volumes that are declared', (service) => {
    for (const mount of service.volumes ?? []) {
      const [source = ''] = mount.split(':');
      if (source.startsWith('.')) {
        expect(existsSync(join(packageRoot, dirname(path), source))).toBe(true);
      } else expect(Object.keys(volumes)).toContain(source);
    }
  });

  test.each(all)('$name waits for services that are there', ({ depends_on: on = [] }) => {
    const names = Array.isArray(on) ? (on as readonly string[]) : Object.keys(on);
    for (const name of names) expect(Object.keys(services)).toContain(name);
  });

  test('no password stands in it', () => {
    for (const { environment = {} } of all) {
      for (const [name, value] of Object.entries(environment)) {
        if (name.includes('PASS')) expect(String(value)).toMatch(/^\$\{\w+:\?/);
      }
    }
  });

  test('what it sets is what is read, and can be', () => {
    const documented = new Set(read('docs/CONFIGURATION.md').match(/(?<=^\| `)\w+/gm));
    const { environment = {} } = services['daytrade'] ?? {};
    expect(Object.keys(environment).filter((name) => !documented.has(name))).toEqual([]);
    const filled = Object.entries(environment).map(([name, value]) => [
      name,
      String(value ?? '').replace(/\$\{\w+\}/g, 'secret'),
    ]);
    const config = readConfig(Object.fromEntries(filled) as Record<string, string>);
    expect(config).toMatchObject({
      ...{ bind: '0.0.0.0', webPort: 8443, quoteServer: undefined },
    });
  });
});

test('Prometheus looks where the supervisor serves', () => {
  const port = readCompose(COMPOSE).services['daytrade']?.environment?.['METRICS_PORT'];
  expect(read('infra/prometheus/prometheus.yml')).toContain(`127.0.0.1:${port}/targets`);
});

describe('the manifests for Kubernetes', () => {
  const manifests = ['broker', 'database', 'daytrade'].flatMap((name) =>
    parseAllDocuments(read(`infra/kubernetes/${name}.yml`)).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as { readonly kind: string; readonly spec: unknown };
    }),
  );
  const specOf = (kind: string): unknown => manifests.find((each) => each.kind === kind)?.spec;

  test('have three brokers, and a commit that a standby has before it is told', () => {
    expect(specOf('RabbitmqCluster')).toMatchObject({ replicas: 3 });
    expect(specOf('Cluster')).toMatchObject({ instances: 3, minSyncReplicas: 1 });
  });

  test('set what is read, and tell each pod which machine of how many it is', () => {
    const { replicas, template } = specOf('StatefulSet') as {
      readonly replicas: number;
      readonly template: {
        readonly spec: {
          readonly containers: readonly {
            readonly args: readonly string[];
            readonly env: readonly { readonly name: string; readonly value: string }[];
          }[];
        };
      };
    };
    const [container] = template.spec.containers;
    expect(container?.args.join(' ')).toContain(`+ 1))/${replicas} `);
    const environment = container?.env.map(({ name, value }) => [name, value]) ?? [];
    const config = readConfig(Object.fromEntries(environment) as Record<string, string>);
    expect(config).toMatchObject({
      ...{ bind: '0.0.0.0', metricsBind: '0.0.0.0', webPort: 8443, metricsPort: 9464 },
    });
  });
});

test('the function of docs/DEPLOYMENT.md runs commands on the system of the unit', () => {
  const unit = read('infra/systemd/daytrade.service');
  const valueOf = (pattern: RegExp): string => pattern.exec(unit)?.[1] ?? 'missing';
  const [shell = ''] = /^daytrade\(\) .*$/m.exec(read('docs/DEPLOYMENT.md')) ?? [];
  for (const part of [
    `--uid=${valueOf(/^User=(.*)$/m)}`,
    `--property=EnvironmentFile=${valueOf(/^EnvironmentFile=(.*)$/m)}`,
    `--setenv=DAYTRADE_HOME=${valueOf(/ DAYTRADE_HOME=(\S+)/)}`,
    `--working-directory=${valueOf(/^WorkingDirectory=(.*)$/m)}`,
    `${valueOf(/^ExecStart=(.*) up$/m)} "$@"`,
  ]) {
    expect(shell).toContain(part);
  }
});

describe('what is started', () => {
  test.each([
    'infra/compose/Dockerfile',
    'infra/systemd/daytrade.service',
    'infra/kubernetes/daytrade.yml',
  ])('%s', (path) => {
    // The command in the Dockerfile is a list of strings.
    const source = sourceOf(read(path).replaceAll('"', ' '));
    expect(existsSync(join(packageRoot, source))).toBe(true);
  });

  test('systemd does not try a wrong configuration again', () => {
    expect(read('infra/systemd/daytrade.service')).toContain('RestartPreventExitStatus=78');
  });
});
