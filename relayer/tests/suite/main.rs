//! Routes between chains that are made of a few vectors: every way to lose a message or to send it twice, without a node.

mod any_order;
mod crash;
mod damage;
mod destination;
mod evidence;
mod following;
mod gas;
mod mortal;
mod origin;
mod recipients;
mod signing;
mod world;
