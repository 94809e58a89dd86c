/** The part of the gateway's HTTP contract that a requester needs: to put an input into a solver's content store. */
import { u8aToHex } from "@polkadot/util";
import { sha256AsU8a } from "@polkadot/util-crypto";
import type { Digest } from "./units.ts";

/** What the gateway says of a stored blob. */
export interface BlobStored {
  cid: string;
  sha256: Digest;
  len: number;
}

/** A refusal by the gateway. */
export class GatewayError extends Error {
  override name = "GatewayError";

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** Its name, for programs. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Puts bytes into a gateway's content store and checks that it took the same bytes. */
export async function putBlob(gateway: string, bytes: Uint8Array, token?: string): Promise<BlobStored> {
  const stored = await request<BlobStored>(`${gateway}/v1/blobs`, {
    method: "PUT",
    body: bytes as Uint8Array<ArrayBuffer>,
    headers: { "content-type": "application/octet-stream", ...(token && { authorization: `Bearer ${token}` }) },
  });
  if (stored.sha256 !== u8aToHex(sha256AsU8a(bytes))) throw new Error(`${gateway} stored other bytes than it was sent. Do not use it.`);
  return stored;
}

/** One request; a refusal becomes a `GatewayError`. */
export async function request<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init);
  const body = (await response.json()) as T & { error?: { code: string; message: string } };
  if (body.error) throw new GatewayError(response.status, body.error.code, body.error.message);
  return body;
}
