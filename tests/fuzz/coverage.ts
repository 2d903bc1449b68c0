/** Which branches of some files were taken while this process ran, as V8 counts them. */
import { Session, type Profiler } from 'node:inspector';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type FileCoverage = {
  readonly file: string;
  readonly branches: number;
  readonly taken: number;
  /** The code of those that were not. */
  readonly missed: readonly string[];
};

export class Coverage {
  readonly #session = new Session();

  start(): void {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The files are named as in the sources, without their ending. */
  take(files: readonly string[]): readonly FileCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error === null) scripts = taken.result;
    });
    return files.map((file) => {
      const script = scripts.find(({ url }) => url.endsWith(`/dist/${file}.js`));
      if (script === undefined) throw new Error(`${file} was not loaded`);
      return coverageOf(file, script);
    });
  }

  stop(): void {
    this.#session.disconnect();
  }
}

/** They stand beside parsers, and read nothing. */
const NO_PARSERS: ReadonlySet<string> = new Set([
  ...['addRunOptions', 'resumeCommand', 'quoted', 'quoteServerHelp'],
]);

function coverageOf(file: string, { url, functions }: Profiler.ScriptCoverage): FileCoverage {
  const parsers = functions.filter(({ functionName }) => !NO_PARSERS.has(functionName));
  const ranges = parsers.flatMap((each) => each.ranges);
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const missed = ranges.filter(({ count }) => count === 0);
  return {
    file,
    branches: ranges.length,
    taken: ranges.length - missed.length,
    missed: missed.map(({ startOffset, endOffset }) =>
      text.slice(startOffset, Math.min(endOffset, startOffset + 80)).replace(/\s+/g, ' '),
    ),
  };
}
