/// Where the ancestor of leaf `number` is at a level; equally, how many subtrees of that level so many leaves complete.
pub(super) fn at_level(number: u32, level: usize) -> u32 {
    u32::try_from(level)
        .ok()
        .and_then(|level| number.checked_shr(level))
        .unwrap_or(0)
}

/// Whether that is a right child, or an odd number of subtrees.
pub(super) fn is_odd_at(number: u32, level: usize) -> bool {
    at_level(number, level) & 1 == 1
}
