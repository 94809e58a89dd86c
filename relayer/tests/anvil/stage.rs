//! A node with Hyperlane on it, as `contracts/kit` deploys it but without proxies.

use alloy::{
    primitives::{keccak256, Address, Bytes, B256, U256},
    providers::{Provider as _, RootProvider},
    sol,
    sol_types::{SolCall, SolValue},
};
use hyperlane_primitives::{H160, H256};
use pensum_relayer::config::{Evm, Finality, Gas, Lane};
use serde_json::{json, Value};
use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

sol! {
    interface IMailbox {
        function initialize(address owner, address ism, address defaultHook, address requiredHook) external;
        function dispatch(uint32 destination, bytes32 recipient, bytes body) external payable returns (bytes32);
        function delivered(bytes32 id) external view returns (bool);
    }
    interface IFactory {
        function deploy(address[] validators, uint8 threshold) external returns (address);
        function getAddress(address[] validators, uint8 threshold) external view returns (address);
    }
    interface IRecipient {
        function setInterchainSecurityModule(address ism) external;
    }
    interface IAnnounce {
        function getAnnouncedStorageLocations(address[] validators) external view returns (string[][]);
    }
}

/// Anvil's second account: the relayer's. The first one deploys and dispatches.
pub const RELAYER_KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
pub const VALIDATOR_KEY: &str = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";

pub struct Stage {
    child: Child,
    pub url: String,
    pub provider: RootProvider,
    pub chain_id: u64,
    deployer: Address,
    artifacts: Value,
    pub mailbox: Address,
    pub hook: Address,
    pub announce: Address,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn contracts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../contracts")
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Stage {
    pub async fn new(chain_id: u64, validators: &[H160], threshold: u8) -> Self {
        let anvil = contracts().join("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
        let artifacts = contracts().join("out/hyperlane.json");
        assert!(
            anvil.exists() && artifacts.exists(),
            "contracts/ is not set up: npm ci && npm run build"
        );
        let port = free_port();
        let child = Command::new(anvil)
            .args([
                "--host",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--chain-id",
                &chain_id.to_string(),
            ])
            .args(["--hardfork", "prague", "--slots-in-an-epoch", "1", "--silent"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let provider = RootProvider::new_http(url.parse().unwrap());
        let mut stage = Self {
            child,
            url,
            provider,
            chain_id,
            deployer: Address::ZERO,
            artifacts: serde_json::from_slice(&fs::read(artifacts).unwrap()).unwrap(),
            mailbox: Address::ZERO,
            hook: Address::ZERO,
            announce: Address::ZERO,
        };
        stage.ready().await;
        let accounts: Vec<Address> = stage.rpc("eth_accounts", json!([])).await;
        stage.deployer = accounts[0];
        let domain = u32::try_from(chain_id).unwrap();
        stage.mailbox = stage.deploy("Mailbox", (domain,).abi_encode_params()).await;
        let mailbox = (stage.mailbox,).abi_encode_params();
        stage.hook = stage.deploy("MerkleTreeHook", mailbox.clone()).await;
        stage.announce = stage.deploy("ValidatorAnnounce", mailbox.clone()).await;
        let idle = stage.deploy("PausableHook", Vec::new()).await;
        let ism = stage
            .module("StaticMessageIdMultisigIsmFactory", validators, threshold)
            .await;
        let call = IMailbox::initializeCall {
            owner: stage.deployer,
            ism,
            defaultHook: idle,
            requiredHook: stage.hook,
        };
        stage.send(stage.mailbox, &call).await;
        stage
    }

    async fn ready(&self) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.provider.get_chain_id().await.is_err() {
            assert!(Instant::now() < until, "anvil does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn rpc<T: serde::de::DeserializeOwned + std::fmt::Debug + Send + Sync + Unpin + 'static>(
        &self,
        method: &str,
        params: Value,
    ) -> T {
        self.provider
            .raw_request(method.to_string().into(), params)
            .await
            .unwrap()
    }

    async fn transact(&self, to: Option<Address>, data: Vec<u8>) -> Value {
        let mut request = json!({ "from": self.deployer, "data": Bytes::from(data), "gas": "0x6acfc0" });
        if let Some(to) = to {
            request["to"] = json!(to);
        }
        let hash: B256 = self.rpc("eth_sendTransaction", json!([request])).await;
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let receipt: Value = self.rpc("eth_getTransactionReceipt", json!([hash])).await;
            if !receipt.is_null() {
                assert_eq!(receipt["status"], "0x1", "{receipt}");
                return receipt;
            }
            assert!(Instant::now() < until, "no block is made");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn deploy(&self, name: &str, arguments: Vec<u8>) -> Address {
        let code = self.artifacts[name]["bytecode"].as_str().unwrap();
        let mut data = hex::decode(code.trim_start_matches("0x")).unwrap();
        data.extend(arguments);
        let receipt = self.transact(None, data).await;
        serde_json::from_value(receipt["contractAddress"].clone()).unwrap()
    }

    pub async fn send(&self, to: Address, call: &impl SolCall) -> Value {
        self.transact(Some(to), call.abi_encode()).await
    }

    pub async fn view<C: SolCall>(&self, to: Address, call: C) -> C::Return {
        let request = json!({ "to": to, "data": Bytes::from(call.abi_encode()) });
        let answer: Bytes = self.rpc("eth_call", json!([request, "latest"])).await;
        C::abi_decode_returns(&answer).unwrap()
    }

    /// A security module that believes these validators.
    pub async fn module(&self, factory: &str, validators: &[H160], threshold: u8) -> Address {
        let factory = self.deploy(factory, Vec::new()).await;
        let validators: Vec<Address> = validators.iter().map(|v| Address::from(v.0)).collect();
        let call = IFactory::deployCall {
            validators: validators.clone(),
            threshold,
        };
        self.send(factory, &call).await;
        self.view(
            factory,
            IFactory::getAddressCall {
                validators,
                threshold,
            },
        )
        .await
    }

    /// A recipient that takes everything, with a module of its own if one is given.
    pub async fn recipient(&self, module: Option<Address>) -> H256 {
        let recipient = self.deploy("TestRecipient", Vec::new()).await;
        if let Some(ism) = module {
            self.send(recipient, &IRecipient::setInterchainSecurityModuleCall { ism })
                .await;
        }
        as_recipient(recipient)
    }

    pub async fn dispatch(&self, destination: u32, body: &[u8]) {
        let call = IMailbox::dispatchCall {
            destination,
            recipient: keccak256("somebody"),
            body: Bytes::copy_from_slice(body),
        };
        self.send(self.mailbox, &call).await;
    }

    pub async fn mine(&self, blocks: u64) {
        let _: Value = self.rpc("anvil_mine", json!([U256::from(blocks)])).await;
    }

    pub async fn delivered(&self, id: H256) -> bool {
        self.view(self.mailbox, IMailbox::deliveredCall { id: B256::from(id.0) })
            .await
    }

    pub fn config(&self, finality: Finality) -> Evm {
        Evm {
            name: "anvil".into(),
            domain: u32::try_from(self.chain_id).unwrap(),
            chain_id: self.chain_id,
            rpc: vec!["http://127.0.0.1:1".into(), self.url.clone()],
            mailbox: H160(self.mailbox.into_array()),
            merkle_tree_hook: H160(self.hook.into_array()),
            validator_announce: H160(self.announce.into_array()),
            start_block: 0,
            finality,
            confirmations: finality,
            from_pensum: true,
            to_pensum: true,
            key_file: None,
            lane: Lane {
                poll: Duration::from_millis(100),
                max_in_flight: 8,
            },
            range: 7,
            gas: Gas {
                max_fee: 200_000_000_000,
                priority_fee: Some(1_000_000_000),
                max_gas: 5_000_000,
                limit_percent: 125,
                stuck: Duration::from_secs(30),
                bump_percent: 15,
            },
        }
    }
}

pub fn as_recipient(address: Address) -> H256 {
    H160(address.into_array()).into()
}
