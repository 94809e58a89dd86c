//! What a task costs.

/// Price of one task: `base + per_byte × input_len`, and at least `min_reward`. Saturates, so that an absurd offer is merely too dear.
pub const fn task(base: u128, per_byte: u128, min_reward: u128, input_len: u32) -> u128 {
    let price = base.saturating_add(per_byte.saturating_mul(input_len as u128));
    if price < min_reward {
        min_reward
    } else {
        price
    }
}
