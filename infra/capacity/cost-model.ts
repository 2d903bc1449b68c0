/**
 * Models the CPU time of a command in each process: `perCommand + perBatch / commands per batch`. Pure.
 *
 * A batch pays once for its database transaction, its messages and their confirms; each command pays for the
 * rest. The model leaves contention out: on few cores the processes wait for each other, but waiting costs no
 * CPU time. The cores divided by the cost are therefore the highest possible rate.
 */
export type CostPoint = {
  /** Commands a batch. */
  readonly batch: number;
  /** CPU time a command, in microseconds, by process. */
  readonly costUs: Readonly<Record<string, number>>;
};

export type Cost = { readonly perCommandUs: number; readonly perBatchUs: number };
export type CostModel = Readonly<Record<string, Cost>>;

export function fitCosts(points: readonly CostPoint[]): CostModel {
  const names = [...new Set(points.flatMap(({ costUs }) => Object.keys(costUs)))];
  return Object.fromEntries(names.map((name) => [name, fitCost(points, name)]));
}

/** Least squares of the relative error: a small cost counts as much as a large one. */
function fitCost(points: readonly CostPoint[], name: string): Cost {
  let [sw, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { batch, costUs } of points) {
    const y = costUs[name] ?? 0;
    const x = 1 / batch;
    const weight = 1 / Math.max(y, 0.1) ** 2;
    sw += weight;
    sx += weight * x;
    sy += weight * y;
    sxx += weight * x * x;
    sxy += weight * x * y;
  }
  const spread = sw * sxx - sx * sx;
  const perBatchUs = spread === 0 ? 0 : Math.max(0, (sw * sxy - sx * sy) / spread);
  return { perBatchUs, perCommandUs: Math.max(0, (sy - perBatchUs * sx) / sw) };
}

export const batchCost = ({ perCommandUs, perBatchUs }: Cost, batch: number): number =>
  perCommandUs + perBatchUs / batch;

/** Returns the CPU time of a command in all processes together, in microseconds. */
export const costOfAll = (model: CostModel, batch: number): number =>
  Object.values(model).reduce((sum, cost) => sum + batchCost(cost, batch), 0);

export type Limit = { readonly name: string; readonly commandsPerSecond: number };

/**
 * Returns the limits at a size of batch, the lowest first: the cores that all processes share, and each of
 * the system's processes, because it has one thread.
 */
export function limitsAt(model: CostModel, batch: number, cores: number): readonly Limit[] {
  const single = Object.entries(model)
    .filter(([name]) => !MANY_THREADS.has(name))
    .map(([name, cost]) => ({ name, commandsPerSecond: 1e6 / batchCost(cost, batch) }));
  const all = {
    name: `${cores} cores`,
    commandsPerSecond: (cores * 1e6) / costOfAll(model, batch),
  };
  return [all, ...single].sort((one, other) => one.commandsPerSecond - other.commandsPerSecond);
}

const MANY_THREADS: ReadonlySet<string> = new Set(['postgresql', 'rabbitmq']);

type Need = {
  readonly users: number;
  readonly commandsPerSecond: number;
  readonly cores: number;
  readonly transactionProcesses: number;
  readonly auditProcesses: number;
};

/** The planned share of each process and core: a queue grows without bound as its server nears 100 %. */
const USED_MAX = 0.7;
/** The time in which a batch gathers commands: as long as the batch before it takes. */
const BATCH_MS = 5;
const BATCH_MOST = 512;

/** Returns what a number of users needs, each of whom sends commands at the given rate. */
export function needOf(model: CostModel, users: number, perUserAndSecond: number): Need {
  const commandsPerSecond = users * perUserAndSecond;
  const batch = Math.min(BATCH_MOST, Math.max(1, (commandsPerSecond * BATCH_MS) / 1_000));
  const processes = (name: string): number => {
    const cost = model[name];
    const busy = cost === undefined ? 0 : (commandsPerSecond * batchCost(cost, batch)) / 1e6;
    return Math.max(1, Math.ceil(busy / USED_MAX));
  };
  return {
    users,
    commandsPerSecond,
    cores: (commandsPerSecond * costOfAll(model, batch)) / 1e6 / USED_MAX,
    transactionProcesses: processes('transaction-1'),
    auditProcesses: processes('audit-1'),
  };
}
