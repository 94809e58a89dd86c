/**
 * Machines, as far as a network goes: a network namespace for each, with two links. Over `control` the tests reach every machine at all
 * times; `wire` carries what nodes say to each other, and is what gets cut. Needs root.
 */
import { attempt, run, runs } from "./shell.ts";

/** A network namespace. */
export interface Machine {
  name: string;
  /** The namespace's name. */
  namespace: string;
  /** Its address for the tests. */
  control: string;
  /** Its address for other machines. */
  wire: string;
  /** The end of its wire that is plugged into a switch. */
  plug: string;
}

/** Namespaces of this and other runs: `pensum-`, the process, the machine. */
const NAMESPACE = /^pensum-(\d+)-/;
/** Switches of this and other runs: `pf`, the process in base 36, which one. */
const SWITCH = /^pf([0-9a-z]+)[cab]$/;

/** Machines, and the switches between them. */
export class Wires {
  private readonly machines: Machine[] = [];

  private constructor(
    private readonly tag: string,
    /** Third number of all addresses. */
    private readonly net: number,
  ) {}

  /** Two switches for the wires, which are whole as long as nobody uses the second, and one for the tests. */
  static open(): Wires {
    sweep();
    const taken = run("ip", ["-4", "-o", "addr"]);
    let net = process.pid % 256;
    while (taken.includes(` 10.231.${net}.`)) net = (net + 1) % 256;
    const wires = new Wires(`pf${process.pid.toString(36)}`, net);
    try {
      const lines = ["c", "a", "b"].flatMap((which) => [`link add ${wires.tag}${which} type bridge`, `link set ${wires.tag}${which} up`]);
      run("ip", ["-batch", "-"], [...lines, `addr add 10.231.${net}.254/24 dev ${wires.tag}c`, ""].join("\n"));
    } catch (error) {
      wires.close();
      throw new Error(
        `Network namespaces cannot be made here (${(error as Error).message}). Run the tests as root on a Linux kernel with bridges and ` +
          "veth, or skip them with PENSUM_NO_NETNS=1.",
      );
    }
    return wires;
  }

  /** A new machine, connected to all others. */
  machine(name: string): Machine {
    const { tag, net } = this;
    const place = this.machines.length + 1;
    const machine: Machine = {
      name,
      namespace: `pensum-${process.pid}-${name}`,
      control: `10.231.${net}.${place}`,
      wire: `10.232.${net}.${place}`,
      plug: `${tag}w${place}`,
    };
    this.machines.push(machine);
    const { namespace } = machine;
    const outside = [
      `netns add ${namespace}`,
      `link add ${tag}c${place} type veth peer name control netns ${namespace}`,
      `link add ${machine.plug} type veth peer name wire netns ${namespace}`,
      `link set ${tag}c${place} master ${tag}c up`,
      `link set ${machine.plug} master ${tag}a up`,
    ];
    const inside = [
      "link set lo up",
      `addr add ${machine.control}/24 dev control`,
      `addr add ${machine.wire}/24 dev wire`,
      "link set control up",
      "link set wire up",
    ];
    run("ip", ["-batch", "-"], `${outside.join("\n")}\n`);
    run("ip", ["-n", namespace, "-batch", "-"], `${inside.join("\n")}\n`);
    return machine;
  }

  /** Cuts the wires between some machines and all others. Nobody is told: what was sent is lost. */
  split(apart: Machine[]): void {
    for (const { plug } of apart) run("ip", ["link", "set", plug, "master", `${this.tag}b`]);
  }

  /** Connects everybody again. */
  heal(): void {
    for (const { plug } of this.machines) run("ip", ["link", "set", plug, "master", `${this.tag}a`]);
  }

  /** Removes all of it. */
  close(): void {
    for (const { namespace } of this.machines) attempt("ip", ["netns", "del", namespace]);
    for (const which of ["c", "a", "b"]) attempt("ip", ["link", "del", `${this.tag}${which}`]);
  }
}

/** Removes what runs that were killed left behind. */
function sweep(): void {
  let namespaces = "";
  try {
    namespaces = run("ip", ["netns", "list"]);
  } catch (error) {
    throw new Error(`${(error as Error).message}. Install iproute2, or skip these tests with PENSUM_NO_NETNS=1.`);
  }
  for (const line of namespaces.split("\n")) {
    const [name = ""] = line.split(" ");
    const pid = NAMESPACE.exec(name)?.[1];
    if (pid && !runs(Number(pid))) attempt("ip", ["netns", "del", name]);
  }
  for (const line of run("ip", ["-o", "link", "show", "type", "bridge"]).split("\n")) {
    const name = line.split(": ")[1] ?? "";
    const pid = SWITCH.exec(name)?.[1];
    if (pid && !runs(parseInt(pid, 36))) attempt("ip", ["link", "del", name]);
  }
}
