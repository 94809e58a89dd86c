/** `scripts/validator`: what a validator's operator does over and over, against the node on the same machine. */
import { parseArgs } from "node:util";
import { Client } from "../connect.ts";
import { table } from "../demo/table.ts";
import { keyFromFile } from "../net/keys.ts";
import { PEN, showAmount, type Address } from "../units.ts";
import { holdsKeys, registeredKeys, replaceKeys, splitKeys } from "./session.ts";
import { bondingEras, setsOf } from "./sets.ts";
import { bondedOf, joinSet, leaveSet, removeKeys, withdraw } from "./stake.ts";

const USAGE = `scripts/validator COMMAND [--url ws://127.0.0.1:9944] [--key-file FILE] [--account ADDRESS] [--bond PEN] [--commission PERCENT]
  status    who validates, now and next; with --account or --key-file also where that account stands
  join      make session keys in the node, bond --bond, register the keys, run for election
  rotate    make new session keys in the node and register them
  leave     stop running for election and unbond everything
  withdraw  take out what was unbonded long enough ago
  purge     take the session keys off the chain, once the account validates no more
--key-file has the secret phrase or URI of the account that bonds. The node must be this machine's: making keys is no business of others.`;

interface Options {
  keyFile?: string | undefined;
  account?: string | undefined;
  bond?: string | undefined;
  commission: string;
}

async function run(command: string, client: Client, options: Options): Promise<string[]> {
  const signer = async () => {
    if (!options.keyFile) throw new Error(`${command} signs a transaction. Name the file with the account's secret: --key-file FILE`);
    return keyFromFile(options.keyFile);
  };
  switch (command) {
    case "status":
      return status(client, options.keyFile ? (await keyFromFile(options.keyFile)).address : options.account);
    case "join": {
      const { keys, included } = await joinSet(client, await signer(), { bond: amount(options.bond), commission: Number(options.commission) });
      return [`Joined in block ${included.number} with the session keys ${keys}.`, "The next election decides. See status; the node must be started with --validator."];
    }
    case "rotate": {
      const { keys, included } = await replaceKeys(client, await signer());
      const { session } = await setsOf(client);
      return [`Registered in block ${included.number}: ${keys}.`, `At work from session ${session + 2} on. Until then the node needs its old keys too.`];
    }
    case "leave": {
      const account = await signer();
      const { number } = await leaveSet(client, account);
      const until = (await bondedOf(client, account.address)).unlocking.at(-1)?.era;
      return [`Left in block ${number}. Keep the node running until status no longer shows the account at work.`, `The stake can be withdrawn from era ${until} on.`];
    }
    case "withdraw":
      return [`Withdrawn in block ${(await withdraw(client, await signer())).number}.`];
    case "purge":
      return [`The session keys are off the chain since block ${(await removeKeys(client, await signer())).number}.`];
    default:
      throw new Error(`There is no command ${command}.\n${USAGE}`);
  }
}

async function status(client: Client, account: Address | undefined): Promise<string[]> {
  const sets = await setsOf(client);
  const everybody = [...new Set([...sets.active, ...sets.queued.keys(), ...sets.candidates])];
  const mark = (is: boolean): string => (is ? "yes" : "");
  const rows = await Promise.all(
    everybody.map(async (address) => [
      address,
      mark(sets.active.includes(address)),
      mark(sets.queued.has(address)),
      mark(sets.candidates.includes(address)),
      showAmount((await bondedOf(client, address)).active),
    ]),
  );
  return [
    `session ${sets.session}, era ${sets.era}${sets.planned > sets.era ? `, era ${sets.planned} is planned` : ""}; unbonding takes ${bondingEras(client)} eras`,
    "",
    ...table([{ title: "account" }, { title: "at work" }, { title: "next session" }, { title: "candidate" }, { title: "bonded", right: true }], rows),
    ...(account ? ["", ...(await standing(client, account))] : []),
  ];
}

async function standing(client: Client, account: Address): Promise<string[]> {
  const { active, unlocking } = await bondedOf(client, account);
  const keys = await registeredKeys(client, account);
  const lines = [`${account} has bonded ${showAmount(active)}.`];
  for (const { value, era } of unlocking) lines.push(`  ${showAmount(value)} can be withdrawn from era ${era} on`);
  if (!keys) return [...lines, "It has registered no session keys."];
  for (const [name, key] of Object.entries(splitKeys(keys))) lines.push(`  ${name.padEnd(18)} ${key}`);
  return [...lines, (await holdsKeys(client, keys)) ? "This node holds these session keys." : "This node does not hold these session keys: another one signs with them."];
}

function amount(pen: string | undefined): bigint {
  const [, whole, part = ""] = /^(\d+)(?:\.(\d{1,12}))?$/.exec(pen ?? "") ?? [];
  if (whole === undefined) throw new Error("join needs to know what to bond: --bond PEN, such as --bond 10000");
  return BigInt(whole) * PEN + BigInt(part.padEnd(12, "0"));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: "string", default: "ws://127.0.0.1:9944" },
      "key-file": { type: "string" },
      account: { type: "string" },
      bond: { type: "string" },
      commission: { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  const [command, ...more] = positionals;
  if (values.help || !command || more.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const client = await Client.connect(values.url);
  try {
    const { "key-file": keyFile, account, bond, commission } = values;
    console.log((await run(command, client, { keyFile, account, bond, commission })).join("\n"));
    return 0;
  } finally {
    await client.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`validator: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
// Whatever a broken connection may have left behind must not keep the command from ending.
process.exit();
