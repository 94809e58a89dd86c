/** The part that runs with every change, in less than four minutes on one network: kills, both partitions, the loss of a solver. */
import "./kills.test.ts";
import "./partitions.test.ts";
import "./solvers.test.ts";
