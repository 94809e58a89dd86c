//! What the events of a life tell.

use pallet_task_market::Event;
use pensum_runtime::RuntimeEvent;

/// Events of one life that its report needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Happened {
    /// Tasks that ended with an answer.
    pub answered: u32,
    /// Tasks that ended without.
    pub refunded: u32,
    /// Shares that went elsewhere than where they should.
    pub redirected: u32,
    /// Audits that were ordered.
    pub audits: u32,
}

impl Happened {
    /// Takes in an event.
    pub fn note(&mut self, event: &RuntimeEvent) {
        match event {
            RuntimeEvent::TaskMarket(Event::TaskAnswered { .. }) => self.answered += 1,
            RuntimeEvent::TaskMarket(Event::TaskRefunded { .. }) => self.refunded += 1,
            RuntimeEvent::TaskMarket(Event::ShareRedirected { .. } | Event::ShareStranded { .. }) => {
                self.redirected += 1
            }
            RuntimeEvent::Dispute(pallet_dispute::Event::AuditOrdered { .. }) => self.audits += 1,
            _ => {}
        }
    }
}
