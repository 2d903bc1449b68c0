/** Loaded before a process's own program (`--import`): writes its CPU profile when it ends. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { join } from 'node:path';

const INTERVAL_US = 500;

const folder = process.env['BENCH_PROFILE_FOLDER'];
const name = process.env['DAYTRADE_PROCESS'];
if (folder !== undefined && name !== undefined) profileUntilExit(folder, name);

/** Posts to a session of one's own thread are answered before they return. */
function profileUntilExit(into: string, process_: string): void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  process.once('exit', () => {
    session.post('Profiler.stop', (error, stopped: Profiler.StopReturnType) => {
      if (error !== null) return;
      mkdirSync(into, { recursive: true });
      writeFileSync(join(into, `${process_}.cpuprofile`), JSON.stringify(stopped.profile));
    });
  });
}
