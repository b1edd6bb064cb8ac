//! Change sets of the content are published at their time.

use super::Context;

pub async fn run(context: Context) {
    if let Err(error) = context.studio.publish_due().await {
        tracing::warn!(%error, "change sets that are due could not be published");
    }
}
