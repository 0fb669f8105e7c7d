//! The revision graph under random projects: laws that hold of every one, a second implementation, and real Alembic.

mod alembic;
mod generate;
mod laws;
mod link;
mod naive;
mod robust;
