//! What some work read and wrote.

use std::collections::BTreeMap;

/// Where storage was touched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// A key.
    Key(Vec<u8>),
    /// The key that follows this one was looked for.
    After(Vec<u8>),
}

impl Place {
    /// The bytes of the key.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Key(bytes) | Self::After(bytes) => bytes,
        }
    }
}

/// What was done with one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Touch {
    /// Whether there was a value before the first of it.
    pub existed: bool,
    /// Whether it had to be read: it was read before it was written.
    pub read: bool,
    /// Bytes of the longest value that was written to it; none where nothing was.
    pub written: Option<usize>,
    /// How often it was read.
    pub read_ops: u32,
    /// How often it was written.
    pub write_ops: u32,
}

/// What some work read and wrote, each place once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access(pub BTreeMap<Place, Touch>);

/// Numbers of reads and writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Counts {
    /// Different places that were read before they were written.
    pub reads: u32,
    /// Different keys that were written.
    pub writes: u32,
    /// Calls of the host's functions that read.
    pub read_ops: u32,
    /// Calls of the host's functions that write.
    pub write_ops: u32,
}

impl core::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.reads += other.reads;
        self.writes += other.writes;
        self.read_ops += other.read_ops;
        self.write_ops += other.write_ops;
    }
}

impl Access {
    /// How much there is of it.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for touch in self.0.values() {
            counts += Counts {
                reads: touch.read.into(),
                writes: touch.written.is_some().into(),
                read_ops: touch.read_ops,
                write_ops: touch.write_ops,
            };
        }
        counts
    }

    /// Adds what other work did, as if it had been done after this.
    pub fn extend(&mut self, other: &Self) {
        for (place, touch) in &other.0 {
            let first = Touch {
                existed: touch.existed,
                ..Touch::default()
            };
            let mine = self.0.entry(place.clone()).or_insert(first);
            mine.read |= touch.read && mine.written.is_none();
            mine.written = mine.written.max(touch.written);
            mine.read_ops += touch.read_ops;
            mine.write_ops += touch.write_ops;
        }
    }

    /// What is left of it beside what the block does anyway: a place that the block touches is in its cache, and a key that it writes is
    /// written once.
    pub fn beside(&self, block: &Self) -> Self {
        let left = self.0.iter().filter_map(|(place, touch)| {
            let left = match block.0.get(place) {
                None => *touch,
                Some(anyway) => Touch {
                    existed: touch.existed,
                    read: false,
                    written: touch.written.filter(|_| anyway.written.is_none()),
                    read_ops: touch.read_ops.saturating_sub(anyway.read_ops),
                    write_ops: touch.write_ops.saturating_sub(anyway.write_ops),
                },
            };
            (left.read || left.written.is_some()).then(|| (place.clone(), left))
        });
        Self(left.collect())
    }
}
