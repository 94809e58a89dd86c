/** Takes the contracts that are needed out of Hyperlane's package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import type { Abi, Hex } from "viem";
import type { Artifacts } from "./artifact.ts";

/**
 * Where the package has its bytecode for the EVM: in the factories that were generated for another client library, which are read and not
 * imported, because that library is not here. What `artifacts-tron` has is for another machine, though it looks the same.
 */
const FACTORIES = "node_modules/@hyperlane-xyz/core/dist/typechain/factories";

/** The contracts, and where their factories are. */
const CONTRACTS = {
  Mailbox: "contracts",
  MerkleTreeHook: "contracts/hooks",
  PausableHook: "contracts/hooks",
  InterchainGasPaymaster: "contracts/hooks/igp",
  StorageGasOracle: "contracts/hooks/igp",
  NoopIsm: "contracts/isms",
  PausableIsm: "contracts/isms",
  StaticMessageIdMultisigIsmFactory: "contracts/isms/multisig/StaticMultisigIsm.sol",
  StaticMerkleRootMultisigIsmFactory: "contracts/isms/multisig/StaticMultisigIsm.sol",
  StaticMessageIdMultisigIsm: "contracts/isms/multisig/StaticMultisigIsm.sol",
  ValidatorAnnounce: "contracts/isms/multisig",
  TestRecipient: "contracts/test",
  ERC20Test: "contracts/test/ERC20Test.sol",
  HypERC20Collateral: "contracts/token",
  ProxyAdmin: "@openzeppelin/contracts/proxy/transparent",
  TransparentUpgradeableProxy: "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol",
};

/** All that is needed of the package. */
export function slim(root: string): Artifacts {
  return Object.fromEntries(
    Object.entries(CONTRACTS).map(([name, folder]) => {
      const file = join(root, FACTORIES, folder, `${name}__factory.js`);
      const factory = readFileSync(file, "utf8");
      const parts = /^const _abi = (\[.*?^\]);\nconst _bytecode = "(0x[0-9a-f]+)";$/ms.exec(factory);
      if (!parts?.[1] || !parts[2]) throw new Error(`${file} does not look like a factory. Is it another version of the package?`);
      // The ABI is a literal of JavaScript, not JSON. JSON makes its objects ours.
      const abi = JSON.parse(JSON.stringify(runInNewContext(parts[1]))) as Abi;
      return [name, { abi, bytecode: parts[2] as Hex }];
    }),
  );
}
