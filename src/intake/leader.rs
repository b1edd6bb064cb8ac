//! Work that one instance does at a time, under a lease in the database.

use std::sync::Arc;

use crate::{
    clock::Clock,
    store::{self, Store},
};

/// A lease runs out so long after its last renewal.
const LEASE_MS: i64 = 40_000;

#[derive(Clone)]
pub struct Leader {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub name: &'static str,
    pub instance: i64,
}

impl Leader {
    /// Takes or renews the lease; false while another instance has it or the database does not answer.
    pub async fn lead(&self) -> bool {
        let now = self.clock.now();
        let taken = async {
            let mut tx = self.store.write().await?;
            let until = now.plus_ms(LEASE_MS);
            let led = store::leases::try_take(&mut tx, self.name, self.instance, now, until).await?;
            tx.commit().await?;
            Ok::<bool, store::StoreError>(led)
        };
        taken.await.unwrap_or_else(|error| {
            tracing::warn!(%error, lease = self.name, "the lease could not be renewed");
            false
        })
    }

    pub async fn give_back(&self) {
        let given = async {
            let mut tx = self.store.write().await?;
            store::leases::give_back(&mut tx, self.name, self.instance).await?;
            tx.commit().await
        };
        if let Err(error) = given.await {
            tracing::warn!(%error, lease = self.name, "the lease could not be given back; it runs out by itself");
        }
    }
}
