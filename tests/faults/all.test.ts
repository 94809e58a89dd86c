/** Everything, on one network: the longer it lives, the more a newcomer has to catch up. */
// Solvers first, as in core.test.ts.
import "./solvers.test.ts";
import "./kills.test.ts";
import "./partitions.test.ts";
import "./gateways.test.ts";
import "./disks.test.ts";
import "./clocks.test.ts";
import "./restart.test.ts";
import "./sync.test.ts";
