// What `npm run test:platforms` runs, each part on Debian 13.

/** The versions of Node that are supported beside the one of Debian 13. */
const NODES = [22, 24, 26];
const MAIN_JOB = 'npm run workload && node infra/setup/daytrade.mjs verify';

/** Makes a user with a checkout of the present commit. */
const PLAIN_USER =
  'userdel --remove plain 2>/dev/null; useradd --create-home plain && git clone --quiet . /home/plain/daytrade && cp /root/.npmrc /home/plain && chown -R plain: /home/plain';

/**
 * The parts in the order in which they run: a name for the command line, what it tries, the shell
 * command, and for a Node from the registry the folder of its program.
 */
export const PARTS = [
  { name: 'first-run', title: 'first command', command: MAIN_JOB },
  {
    name: 'plain-user',
    title: 'plain user: first command',
    // As root, the first command installs the services.
    prepare: `command -v rabbitmq-server >/dev/null || ${MAIN_JOB}; ${PLAIN_USER}`,
    command: `su plain -c 'cd && cd daytrade && ${MAIN_JOB}'`,
  },
  { name: 'tests', title: '`npm test`', command: 'npm test' },
  {
    name: 'replicated',
    title: 'replicated drill, three faults',
    command: 'npm run drill -- replicated --faults 3',
  },
  ...NODES.map((version) => ({
    name: `node${version}`,
    title: `Node ${version}: first command, unit tests`,
    node: `/opt/node${version}/node_modules/node/bin`,
    prepare: `mkdir -p /opt/node${version} && cd /opt/node${version} && npm install --no-save --no-audit --no-fund node@${version} && cd -`,
    command: `${MAIN_JOB} && npm run test:unit`,
  })),
];

/** The Debian packages whose versions the table names. */
const SERVICES = "rabbitmq-server erlang-base 'postgresql-[0-9]*'";

/**
 * Runs a part in the root; resolves to its row of the table, and whether it was right. The programs of
 * Debian that it needs are installed by the system itself, as on any new machine.
 */
export async function runPart({ title, command, prepare, node }, debian, signal) {
  const path = node === undefined ? '' : `export PATH=${node}:$PATH; `;
  const first = prepare === undefined ? '' : `${prepare} && `;
  const { code, output } = await debian.run(`${first}{ ${path}${command}; }`, signal);
  const versions = await debian.ask(
    `${path}node --version; dpkg-query -W -f '\${Package} \${Version}\\n' ${SERVICES}`,
  );
  const [counts] = output.match(/^Tests: .*$/gm)?.slice(-1) ?? [];
  const result =
    counts?.slice('Tests: '.length).replace(' 0 failed,', '') ??
    (code === 0 ? 'right' : `exit code ${code}`);
  const { nodejs, rabbitmq, erlang, postgresql } = versionsIn(versions.output);
  const date = new Date().toISOString().slice(0, 10);
  return {
    isRight: code === 0,
    cells: [title, nodejs, `${rabbitmq}, ${erlang}`, postgresql, result, date],
  };
}

/** Returns versions as people write them, from the output of Node and dpkg. Exported for its test. */
export function versionsIn(text) {
  const find = (pattern) => pattern.exec(text)?.[1] ?? '–';
  return {
    nodejs: find(/^v(\S+)$/m),
    rabbitmq: find(/^rabbitmq-server ([\d.]+)/m),
    erlang: find(/^erlang-base (?:\d+:)?(\d+)/m),
    postgresql: find(/^postgresql-\d+ ([\d.]+)/m),
  };
}
