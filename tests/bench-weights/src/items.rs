//! The names of storage items.

use frame_support::traits::StorageInfoTrait;
use pensum_runtime::AllPalletsWithSystem;
use std::{collections::BTreeMap, sync::LazyLock};

static NAMES: LazyLock<BTreeMap<Vec<u8>, String>> = LazyLock::new(|| {
    let known = AllPalletsWithSystem::storage_info().into_iter();
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    known
        .map(|item| {
            let full = format!("{}.{}", name(&item.pallet_name), name(&item.storage_name));
            (item.prefix, full)
        })
        .collect()
});

/// The pallet and the item that a key belongs to; what the key says itself where it is none of a pallet's.
pub fn name_of(key: &[u8]) -> String {
    let known = key.get(..32).and_then(|prefix| NAMES.get(prefix));
    known.cloned().unwrap_or_else(|| key.escape_ascii().to_string())
}
