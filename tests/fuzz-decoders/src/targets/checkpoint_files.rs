//! Files that other chains' validators write, and ours.

use crate::target::{same, Target};
use hyperlane_primitives::files::{parse_latest, print_latest, SignedAnnouncement, SignedCheckpoint};
use hyperlane_primitives::Native;

pub(super) const TARGET: Target = Target {
    name: "checkpoint-files",
    seeds,
    check,
    share: 5000,
};

/// As Hyperlane's agents write it.
const CHECKPOINT: &str = r#"{
  "value": {
    "checkpoint": {
      "merkle_tree_hook_address": "0x000000000000000000000000e7f1725e7734ce288f8367e1bb143e90bb3f0512",
      "mailbox_domain": 31337,
      "root": "0x27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757",
      "index": 4
    },
    "message_id": "0x1111111111111111111111111111111111111111111111111111111111111111"
  },
  "signature": {
    "r": "0x2222222222222222222222222222222222222222222222222222222222222222",
    "s": "0x3333333333333333333333333333333333333333333333333333333333333333",
    "v": 27
  },
  "serialized_signature": "0x222222222222222222222222222222222222222222222222222222222222222233333333333333333333333333333333333333333333333333333333333333331b"
}"#;

const ANNOUNCEMENT: &str = r#"{
  "value": {
    "validator": "0x15d34aaf54267db7d7c367839aaf71a00a2c6a65",
    "mailbox_address": "0x0000000000000000000000009fe46736679d2d9a65f0992f2272de9f3c7fa6e0",
    "mailbox_domain": 31337,
    "storage_location": "file:///var/checkpoints"
  },
  "signature": {
    "r": "0x2222222222222222222222222222222222222222222222222222222222222222",
    "s": "0x3333333333333333333333333333333333333333333333333333333333333333",
    "v": 27
  },
  "serialized_signature": "0x222222222222222222222222222222222222222222222222222222222222222233333333333333333333333333333333333333333333333333333333333333331b"
}"#;

fn seeds() -> Vec<Vec<u8>> {
    [CHECKPOINT, ANNOUNCEMENT, "0", "4294967295", " 17\n"]
        .map(|text| text.as_bytes().to_vec())
        .into()
}

fn check(bytes: &[u8]) -> Result<(), String> {
    if let Ok(file) = SignedCheckpoint::from_json(bytes) {
        let again = file.to_json().map_err(|error| error.to_string())?;
        same(
            "a checkpoint",
            &SignedCheckpoint::from_json(again.as_bytes()),
            &Ok(file),
        )?;
        let _ = file
            .signature
            .signer::<Native>(&file.checkpoint.digest::<Native>());
    }
    if let Ok(file) = SignedAnnouncement::from_json(bytes) {
        let again = file.to_json().map_err(|error| error.to_string())?;
        same(
            "an announcement",
            &SignedAnnouncement::from_json(again.as_bytes()),
            &Ok(file),
        )?;
    }
    if let Ok(index) = parse_latest(bytes) {
        same(
            "an index",
            &parse_latest(print_latest(index).as_bytes()),
            &Ok(index),
        )?;
    }
    Ok(())
}
