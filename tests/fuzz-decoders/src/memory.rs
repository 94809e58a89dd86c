//! How much memory this process has held at most.

use std::fs;

/// Most that it may.
pub const MAX_MIB: u64 = 512;

/// The peak, in MiB, where the system tells it.
pub fn peak_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024)
}
