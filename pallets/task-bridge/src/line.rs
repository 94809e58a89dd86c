//! Lines: first come, first served.

use crate::types::Span;
use codec::FullCodec;
use core::marker::PhantomData;
use frame_support::{traits::Defensive, StorageMap, StorageValue};

/// A line whose members lie in `Items`, at the places that `Ends` tells.
pub(crate) struct Line<Item, Items, Ends>(PhantomData<(Item, Items, Ends)>);

impl<Item, Items, Ends> Line<Item, Items, Ends>
where
    Item: FullCodec,
    Items: StorageMap<u64, Item, Query = Option<Item>>,
    Ends: StorageValue<Span, Query = Span>,
{
    /// Puts something behind all others.
    pub fn push(item: Item) {
        Ends::mutate(|span| {
            Items::insert(span.next, item);
            span.next = span.next.saturating_add(1);
        });
    }

    /// Who is next.
    pub fn peek() -> Option<Item> {
        let span = Ends::get();
        if span.first < span.next {
            Items::get(span.first).defensive()
        } else {
            None
        }
    }

    /// Takes who is next.
    pub fn pop() -> Option<Item> {
        let mut span = Ends::get();
        while span.first < span.next {
            let item = Items::take(span.first).defensive();
            span.first = span.first.saturating_add(1);
            if span.first < span.next {
                Ends::put(span);
            } else {
                // Nothing is left behind; the next line begins at 0 again.
                Ends::kill();
            }
            if item.is_some() {
                return item;
            }
        }
        None
    }

    /// How many stand in line.
    pub fn length() -> u64 {
        Ends::get().length()
    }
}
