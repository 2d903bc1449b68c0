/** Loaded before a process's own program (`--import`): writes its CPU profile when it ends. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { basename, join } from 'node:path';

const INTERVAL_US = 500;

/** Set by `npm run bench -- --profile` for every process that it starts. */
const folder = process.env['BENCH_PROFILE_FOLDER'];
if (folder !== undefined) profileUntilExit(folder);

/** Posts to a session of one's own thread are answered before they return. */
function profileUntilExit(into: string): void {
  const program = process.env['DAYTRADE_PROCESS'] ?? basename(process.argv[1] ?? 'node', '.js');
  const file = join(into, `${program}-${process.pid}.cpuprofile`);
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  process.once('exit', () => {
    session.post('Profiler.stop', (error, stopped: Profiler.StopReturnType) => {
      if (error !== null) return;
      mkdirSync(into, { recursive: true });
      writeFileSync(file, JSON.stringify(stopped.profile));
    });
  });
}
