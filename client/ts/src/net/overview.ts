/** What a network that runs is like, and what to do with it. */
import { table } from "../demo/table.ts";
import type { ModelId } from "../units.ts";
import { headsOf } from "./heads.ts";
import type { Net, NetMember } from "./net.ts";

/** Where everybody listens, and the commands to look at them. */
export function overview(net: Net, folder: string, models: Record<string, ModelId>): string[] {
  const { rpc } = net.first.ports;
  const [bootnode] = net.with("bootnode");
  const [solver] = net.with("solver");
  return [
    "",
    ...table(
      [{ title: "node" }, { title: "pid", right: true }, { title: "JSON-RPC" }, { title: "peers" }, { title: "also" }, { title: "account" }],
      net.members.map((member) => [
        member.name,
        `${member.node.pid}`,
        `ws://127.0.0.1:${member.ports.rpc}`,
        `127.0.0.1:${member.ports.p2p}`,
        also(member),
        member.role === "bootnode" ? "" : member.keys.account,
      ]),
    ),
    "",
    `  keys        ${folder}/keys/NAME: phrases and node keys, made for this network alone`,
    `  logs        tail -f ${folder}/logs/*.log`,
    `  spec        ${folder}/spec.json: another node joins with --chain ${folder}/spec.json --bootnodes ${peerOf(net.first)}`,
    ...(bootnode ? [`  light       ${folder}/light.json: a light client's chain spec, with the bootnode's address in it`] : []),
    ...Object.entries(models).map(([name, id]) => `  model       ${name} ${id}`),
    "  accounts    //Alice (sudo), //Ferdie and the other well-known ones, endowed",
    "",
    `  validators  scripts/validator status --url ws://127.0.0.1:${rpc}`,
    `  heads       curl -s -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"chain_getHeader"}' http://127.0.0.1:${rpc}`,
    `  finality    curl -s -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"grandpa_roundState"}' http://127.0.0.1:${rpc}`,
    ...(solver ? [`  gateway     curl -s http://127.0.0.1:${solver.ports.gateway}/v1/models`] : []),
    `  browser     https://polkadot.js.org/apps/?rpc=${encodeURIComponent(`ws://127.0.0.1:${rpc}`)}#/explorer`,
    "",
  ];
}

/** How far each node is. */
export async function progress(net: Net): Promise<string[]> {
  const rows = await Promise.all(
    net.members.map(async ({ name, node }) => {
      const { best, final, peers } = await headsOf(node);
      return [name, `${best}`, `${final}`, `${peers}`];
    }),
  );
  return table([{ title: "node" }, { title: "best", right: true }, { title: "final", right: true }, { title: "peers", right: true }], rows);
}

function also({ ports }: NetMember): string {
  if (ports.gateway) return `gateway http://127.0.0.1:${ports.gateway}`;
  return ports.websocket ? `light clients ws 127.0.0.1:${ports.websocket}` : "";
}

function peerOf({ ports, keys }: NetMember): string {
  return `/ip4/127.0.0.1/tcp/${ports.p2p}/p2p/${keys.peer}`;
}
