/** A process with our libraries that does nothing: what every process of ours takes at least. */
// The only importers of these libraries stand for them.
import '../../shared/amqp/link.ts';
import '../../shared/pg/audit-insert.ts';
import '../../shared/pg/pool.ts';
import '../../shared/runtime/logger.ts';
import '../../shared/runtime/metrics.ts';
import '../../shared/runtime/new-id.ts';
import { runAsTool } from '../../infra/capacity/tool.ts';

runAsTool(() => Promise.resolve(process.memoryUsage.rss()));
