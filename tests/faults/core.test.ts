/** The part that runs with every change, in less than four minutes on one network: kills, both partitions, the loss of a solver. */
// Solvers first: one that was killed before may be in jail, and then no task comes to it that could be handed over.
import "./solvers.test.ts";
import "./kills.test.ts";
import "./partitions.test.ts";
