//! The hashes of subtrees without a leaf.

use primitive_types::H256;

use crate::limits::TREE_DEPTH;

/// At level `i` the root of an empty subtree of 2^i leaves: zero, then the hash of twice the one before. Each is written as its
/// two halves; `tests/suite/tree.rs` computes them.
#[rustfmt::skip] // One hash a line, whatever the width.
pub const ZERO_HASHES: [H256; TREE_DEPTH] = [
    hash(0x00000000000000000000000000000000, 0x00000000000000000000000000000000),
    hash(0xad3228b676f7d3cd4284a5443f17f196, 0x2b36e491b30a40b2405849e597ba5fb5),
    hash(0xb4c11951957c6f8f642c4af61cd6b246, 0x40fec6dc7fc607ee8206a99e92410d30),
    hash(0x21ddb9a356815c3fac1026b6dec5df31, 0x24afbadb485c9ba5a3e3398a04b7ba85),
    hash(0xe58769b32a1beaf1ea27375a44095a0d, 0x1fb664ce2dd358e7fcbfb78c26a19344),
    hash(0x0eb01ebfc9ed27500cd4dfc979272d1f, 0x0913cc9f66540d7e8005811109e1cf2d),
    hash(0x887c22bd8750d34016ac3c66b5ff102d, 0xacdd73f6b014e710b51e8022af9a1968),
    hash(0xffd70157e48063fc33c97a050f7f6402, 0x33bf646cc98d9524c6b92bcf3ab56f83),
    hash(0x9867cc5f7f196b93bae1e27e63207424, 0x45d290f2263827498b54fec539f756af),
    hash(0xcefad4e508c098b9a7e1d8feb19955fb, 0x02ba9675585078710969d3440f5054e0),
    hash(0xf9dc3e7fe016e050eff260334f18a5d4, 0xfe391d82092319f5964f2e2eb7c1c3a5),
    hash(0xf8b13a49e282f609c317a833fb8d976d, 0x11517c571d1221a265d25af778ecf892),
    hash(0x3490c6ceeb450aecdc82e28293031d10, 0xc7d73bf85e57bf041a97360aa2c5d99c),
    hash(0xc1df82d9c4b87413eae2ef048f94b4d3, 0x554cea73d92b0f7af96e0271c691e2bb),
    hash(0x5c67add7c6caf302256adedf7ab114da, 0x0acfe870d449a3a489f781d659e8becc),
    hash(0xda7bce9f4e8618b6bd2f4132ce798cdc, 0x7a60e7e1460a7299e3c6342a579626d2),
    hash(0x2733e50f526ec2fa19a22b31e8ed50f2, 0x3cd1fdf94c9154ed3a7609a2f1ff981f),
    hash(0xe1d3b5c807b281e4683cc6d6315cf95b, 0x9ade8641defcb32372f1c126e398ef7a),
    hash(0x5a2dce0a8a7f68bb74560f8f71837c2c, 0x2ebbcbf7fffb42ae1896f13f7c7479a0),
    hash(0xb46a28b6f55540f89444f63de0378e3d, 0x121be09e06cc9ded1c20e65876d36aa0),
    hash(0xc65e9645644786b620e2dd2ad648ddfc, 0xbf4a7e5b1a3a4ecfe7f64667a3f0b7e2),
    hash(0xf4418588ed35a2458cffeb39b93d26f1, 0x8d2ab13bdce6aee58e7b99359ec2dfd9),
    hash(0x5a9c16dc00d6ef18b7933a6f8dc65ccb, 0x55667138776f7dea101070dc8796e377),
    hash(0x4df84f40ae0c8229d0d6069e5c8f39a7, 0xc299677a09d367fc7b05e3bc380ee652),
    hash(0xcdc72595f74c7b1043d0e1ffbab73464, 0x8c838dfb0527d971b602bc216c9619ef),
    hash(0x0abf5ac974a1ed57f4050aa510dd9c74, 0xf508277b39d7973bb2dfccc5eeb0618d),
    hash(0xb8cd74046ff337f0a7bf2c8e03e10f64, 0x2c1886798d71806ab1e888d9e5ee87d0),
    hash(0x838c5655cb21c6cb83313b5a631175df, 0xf4963772cce9108188b34ac87c81c41e),
    hash(0x662ee4dd2dd7b2bc707961b1e646c404, 0x7669dcb6584f0d8d770daf5d7e7deb2e),
    hash(0x388ab20e2573d171a88108e79d820e98, 0xf26c0b84aa8b2f4aa4968dbb818ea322),
    hash(0x93237c50ba75ee485f4c22adf2f74140, 0x0bdf8d6a9cc7df7ecae576221665d735),
    hash(0x8448818bb4ae4562849e949e17ac16e0, 0xbe16688e156b5cf15e098c627c0056a9),
];

const fn hash(high: u128, low: u128) -> H256 {
    let mut bytes = [0; 32];
    let (first, second) = bytes.split_at_mut(16);
    first.copy_from_slice(&high.to_be_bytes());
    second.copy_from_slice(&low.to_be_bytes());
    H256(bytes)
}
