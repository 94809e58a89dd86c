/** Who is in the network that `make net` starts, and where each of them listens. */
import { freePort } from "../process.ts";

/** What a member does. */
export type Role = "validator" | "solver" | "bootnode";

/** Where a member listens, on the loopback interface. */
export interface MemberPorts {
  /** JSON-RPC, over HTTP and WebSocket. */
  rpc: number;
  /** Peers. */
  p2p: number;
  /** Light clients, which speak to peers through a WebSocket. */
  websocket?: number;
  /** A solver's gateway. */
  gateway?: number;
}

/** A member of the network. */
export interface Place {
  name: string;
  role: Role;
  ports: MemberPorts;
}

/** The whole network, with the ports that it has unless it is told to take free ones. */
export const PLACES: readonly Place[] = [
  { name: "validator1", role: "validator", ports: { rpc: 9944, p2p: 30333 } },
  { name: "validator2", role: "validator", ports: { rpc: 9945, p2p: 30334 } },
  { name: "validator3", role: "validator", ports: { rpc: 9946, p2p: 30335 } },
  { name: "validator4", role: "validator", ports: { rpc: 9947, p2p: 30336 } },
  { name: "solver1", role: "solver", ports: { rpc: 9948, p2p: 30337, gateway: 9955 } },
  { name: "solver2", role: "solver", ports: { rpc: 9949, p2p: 30338, gateway: 9956 } },
  { name: "bootnode", role: "bootnode", ports: { rpc: 9950, p2p: 30339, websocket: 30340 } },
];

/** The same members on ports that are free now. */
export async function onFreePorts(places: readonly Place[]): Promise<Place[]> {
  return Promise.all(
    places.map(async (place) => {
      const ports = await Promise.all(Object.keys(place.ports).map(async (use) => [use, await freePort()] as const));
      return { ...place, ports: Object.fromEntries(ports) as unknown as MemberPorts };
    }),
  );
}

/** Throws where a port is taken. */
export async function mustBeFree(places: readonly Place[]): Promise<void> {
  for (const { name, ports } of places) {
    for (const [use, port] of Object.entries(ports) as [string, number][]) {
      if ((await freePort(port)) !== port) {
        throw new Error(`Port ${port}, which is the ${use} port of ${name}, is taken. End what listens there, or use --free-ports.`);
      }
    }
  }
}
