/** What a runtime's metadata says of its calls, as text that can be compared: clients encode by it. */
import type { Client } from "../../client/ts/src/index.ts";

/** A type of the metadata's register, as JSON. */
interface RegistryType {
  path: string[];
  params: { name: string; type: number | null }[];
  def: unknown;
}

/** A runtime's face to those who sign. */
export interface Face {
  specVersion: number;
  transactionVersion: number;
  /** Each call by its name: indices, and arguments down to the last type. */
  calls: Map<string, string>;
  /** The transaction extensions in their order, with what each carries. */
  extensions: string;
  /** All of the metadata. */
  metadata: string;
}

/** The face of the runtime to which a client is connected. */
export async function faceOf({ api, send }: Client): Promise<Face> {
  const { specVersion, transactionVersion } = await send<{ specVersion: number; transactionVersion: number }>("state_getRuntimeVersion", []);
  const json = api.runtimeMetadata.asV16.toJSON() as unknown as {
    lookup: { types: { id: number; type: RegistryType }[] };
    pallets: { name: string; index: number; calls: { type: number } | null }[];
    extrinsic: { transactionExtensions: { identifier: string; type: number; implicit: number }[] };
  };
  const types = json.lookup.types.map(({ type }) => type);
  const calls = new Map<string, string>();
  for (const { name, index, calls: own } of json.pallets) {
    if (!own) continue;
    const { variant } = types[own.type]!.def as { variant?: { variants: Variant[] } };
    for (const call of variant?.variants ?? []) calls.set(`${name}.${call.name}`, `${index}.${call.index}(${fields(call, types)})`);
  }
  const extensions = json.extrinsic.transactionExtensions.map(
    ({ identifier, type, implicit }) => `${identifier}(${shape(type, types)}; ${shape(implicit, types)})`,
  );
  const metadata = await send<string>("state_getMetadata", []);
  return { specVersion, transactionVersion, calls, extensions: extensions.join(), metadata };
}

interface Variant {
  name: string;
  index: number;
  fields: { name: string | null; type: number }[];
}

function fields({ fields: all }: { fields: Variant["fields"] }, types: RegistryType[]): string {
  return all.map(({ name, type }) => `${name ?? ""}: ${shape(type, types)}`).join(", ");
}

/** A type down to its last part. What contains itself, as a call that takes calls does, is named where it comes again. */
function shape(id: number, types: RegistryType[], above: readonly number[] = []): string {
  const { path, def } = types[id]!;
  // Every pallet's calls are compared by themselves.
  if (above.includes(id) || path.at(-1) === "RuntimeCall") return path.join("::") || "itself";
  const inner = (part: number): string => shape(part, types, [...above, id]);
  const [[kind, body]] = Object.entries(def as Record<string, unknown>) as [[string, never]];
  switch (kind) {
    case "composite":
      return `{${(body as Variant).fields.map(({ type }) => inner(type)).join()}}`;
    case "variant":
      return `<${(body as { variants: Variant[] }).variants.map((v) => `${v.index}${v.name}(${v.fields.map(({ type }) => inner(type)).join()})`).join("|")}>`;
    case "sequence":
      return `[${inner((body as { type: number }).type)}]`;
    case "array":
      return `[${inner((body as { type: number }).type)};${(body as { len: number }).len}]`;
    case "tuple":
      return `(${(body as number[]).map(inner).join()})`;
    case "compact":
      return `compact ${inner((body as { type: number }).type)}`;
    default:
      return JSON.stringify(body);
  }
}
