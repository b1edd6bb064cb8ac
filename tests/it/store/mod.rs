//! The store on both databases: the form of its statements, parity of the tables, one suite of behaviour.

pub mod backend;
mod cases;
mod contract;
mod outbox;
mod parity;
mod postgres;
mod prepare;
mod sqlite;
