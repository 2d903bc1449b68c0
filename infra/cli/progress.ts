/** Shows the progress of a run: a bar on a terminal, otherwise a line every few seconds. */
import { SingleBar } from 'cli-progress';
import { canDraw, count, say } from './output.ts';

export interface Progress {
  start(lines: number, done: number): void;
  advance(commands: number): void;
  /** Sets the total to what is done, because some lines may contain no command. */
  complete(): void;
  stop(): void;
}

type State = {
  readonly value: number;
  readonly total: number;
  /** Counts only the commands of this invocation, not those of an earlier part of the run. */
  readonly perSecond: number;
  /** The time since the last answer. */
  readonly quietMs: number;
  /** The trouble that keeps the system from working, if any. */
  readonly trouble: string | undefined;
};

/** Renders a state; `everyMs` is the interval between two calls of `show`. */
interface View {
  readonly everyMs: number;
  show(state: State): void;
  stop(): void;
}

const BAR_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;
/** The text mentions missing answers only after this long. */
const QUIET_MS = 3_000;

/** `troubleNow` returns the trouble to show while no answers come. */
export function openProgress(
  troubleNow: () => string | undefined = () => undefined,
  isTerminal: boolean = canDraw(process.stderr),
): Progress {
  const view = isTerminal ? openBar() : LINES;
  let total = 0;
  let value = 0;
  let first = 0;
  let startedAt = 0;
  let advancedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    const now = performance.now();
    const perSecond = (value - first) / Math.max((now - startedAt) / 1_000, 0.001);
    view.show({
      value: Math.min(value, total),
      total,
      perSecond,
      quietMs: now - advancedAt,
      trouble: troubleNow(),
    });
  };

  return {
    start: (lines, done) => {
      total = lines;
      value = done;
      first = done;
      startedAt = performance.now();
      advancedAt = startedAt;
      timer = setInterval(show, view.everyMs);
    },
    advance: (commands) => {
      value += commands;
      advancedAt = performance.now();
    },
    complete: () => {
      total = value;
    },
    stop: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      show();
      view.stop();
    },
  };
}

/** Renders a state as one line for a log. Pure. */
function renderProgress({ value, total, perSecond, quietMs, trouble }: State): string {
  const percent = total === 0 ? 100 : Math.floor((value / total) * 100);
  const status =
    quietMs < QUIET_MS
      ? ''
      : `, no answer for ${Math.round(quietMs / 1_000)} s${trouble === undefined ? '' : `. ${trouble}`}`;
  const rate = count(Math.round(perSecond));
  return `  ${percent} %  ${count(value)} of ${count(total)} commands, ${rate} a second${status}`;
}

const LINES: View = {
  everyMs: LINE_EVERY_MS,
  show: (state) => say(renderProgress(state)),
  stop: () => undefined,
};

function openBar(): View {
  const bar = new SingleBar({
    format: '  {bar}{text}',
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    hideCursor: true,
    // The command handles Ctrl-C itself.
    gracefulExit: false,
  });
  let isStarted = false;
  return {
    everyMs: BAR_EVERY_MS,
    show: (state) => {
      const text = renderProgress(state);
      if (!isStarted) bar.start(state.total, state.value, { text });
      isStarted = true;
      bar.setTotal(state.total);
      bar.update(state.value, { text });
    },
    stop: () => bar.stop(),
  };
}
