/**
 * What a command costs: `perCommand + perBatch / commands a batch`, of every process. Pure.
 *
 * The database transaction, its messages and their confirms are paid once a batch; the rest once a
 * command. Contention is what is left over: on few cores the processes wait for each other's CPU
 * time, which costs no CPU time, so the cores divided by the cost are the most that can be done.
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

export const costOf = ({ perCommandUs, perBatchUs }: Cost, batch: number): number =>
  perCommandUs + perBatchUs / batch;

/** Of all processes together. */
export const costOfAll = (model: CostModel, batch: number): number =>
  Object.values(model).reduce((sum, cost) => sum + costOf(cost, batch), 0);

export type Limit = { readonly name: string; readonly commandsPerSecond: number };

/**
 * What limits at that size of batch, the first to do so first: the cores that all processes share,
 * and each process of ours, which has one thread.
 */
export function limitsAt(model: CostModel, batch: number, cores: number): readonly Limit[] {
  const single = Object.entries(model)
    .filter(([name]) => !MANY_THREADS.has(name))
    .map(([name, cost]) => ({ name, commandsPerSecond: 1e6 / costOf(cost, batch) }));
  const all = {
    name: `${cores} cores`,
    commandsPerSecond: (cores * 1e6) / costOfAll(model, batch),
  };
  return [all, ...single].sort((one, other) => one.commandsPerSecond - other.commandsPerSecond);
}

const MANY_THREADS: ReadonlySet<string> = new Set(['postgresql', 'rabbitmq']);

export type Need = {
  readonly users: number;
  readonly commandsPerSecond: number;
  readonly cores: number;
  readonly transactionProcesses: number;
  readonly auditProcesses: number;
};

/** A queue grows without bound as its server nears 100 %: this much of each is planned for. */
const USED_MAX = 0.7;
/** A batch gathers what came while the one before was in work. */
const BATCH_MS = 5;
const BATCH_MOST = 512;

/** What that many users need, each sending so many commands a second. */
export function needOf(model: CostModel, users: number, perUserAndSecond: number): Need {
  const commandsPerSecond = users * perUserAndSecond;
  const batch = Math.min(BATCH_MOST, Math.max(1, (commandsPerSecond * BATCH_MS) / 1_000));
  const processes = (name: string): number => {
    const cost = model[name];
    const busy = cost === undefined ? 0 : (commandsPerSecond * costOf(cost, batch)) / 1e6;
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
