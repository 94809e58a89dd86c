/** A connection to a node. */
import { ApiPromise, WsProvider } from "@polkadot/api";
import { rpcError } from "./errors.ts";
import { definitions, subscription } from "./rpc/methods.ts";
import { projectRpc, type ProjectRpc, type Send } from "./rpc/calls.ts";
import type { Transaction } from "./transaction.ts";

/** Transaction extensions that carry nothing, named so that the client does not warn of them. */
const NOTHING = { extrinsic: {}, payload: {} };

/** What pays a fee: on other chains of this SDK, where `polkadot-js` has its own idea from, it is a place of a message. */
const TYPES = { PensumFeeAsset: { _enum: { Native: "Null", WithId: "u32" } }, TAssetConversion: "Option<PensumFeeAsset>" };

/** A connection to a node: `polkadot-js` and the project's own RPC, typed. */
export class Client {
  private constructor(
    /** Everything that `polkadot-js` offers. */
    readonly api: ApiPromise,
    /** The project's RPC methods. */
    readonly rpc: ProjectRpc,
    /** One request as it is, past what `polkadot-js` makes of arguments and answers. */
    readonly send: Send,
    private readonly provider: WsProvider,
  ) {}

  /** Connects; reconnects by itself when the connection breaks. */
  static async connect(url: string): Promise<Client> {
    const provider = new WsProvider(url);
    const api = await ApiPromise.create({
      provider,
      rpc: definitions(),
      types: TYPES,
      signedExtensions: { AuthorizeCall: NOTHING, WeightReclaim: NOTHING },
      noInitWarn: true,
      throwOnConnect: true,
    }).catch(async () => {
      await provider.disconnect().catch(() => undefined);
      throw new Error(`No node answers at ${url}. Start one, or correct the address.`);
    });
    const send = async <T>(method: string, params: unknown[]): Promise<T> => {
      try {
        return await provider.send<T>(method, params);
      } catch (error) {
        throw rpcError(error);
      }
    };
    return new Client(api, projectRpc(send), send, provider);
  }

  /** A call of a pallet, by name. */
  call(pallet: string, name: string): (...args: unknown[]) => Transaction {
    const make = this.api.tx[pallet]?.[name];
    if (!make) throw new Error(`This chain has no call ${pallet}.${name}. Connect to a Pensum node, or update this client.`);
    return make;
  }

  /** Hears events of a subscription until the returned function is called. */
  async subscribe<T>(params: unknown[], hear: (event: T) => void): Promise<() => Promise<void>> {
    const { event, subscribe, unsubscribe } = subscription;
    const id = await this.provider.subscribe(event, subscribe, params, (error: Error | null, message: T) => {
      if (!error) hear(message);
    });
    return async () => void (await this.provider.unsubscribe(event, unsubscribe, id).catch(() => false));
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.api.disconnect();
  }
}
