//! What several people do in one batch.

use std::sync::Arc;

use bytes::Bytes;
use safar::{
    clock::SystemIds,
    dialog::{Delivery, Dialog, Outgoing, Settled},
    domain::{Address, ChannelKind, Content, Inbound, Source},
    privacy::Keys,
};
use tokio::sync::watch;

use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, NOW, store_contract},
};

store_contract!(whoever_hides_beside_an_erasure_hides_their_own_messages);

fn does(key: &str, who: &str, content: Content) -> Inbound {
    Inbound {
        address: Address::new(ChannelKind::Telegram, who),
        also: Vec::new(),
        source: Source::Bot,
        key: key.into(),
        content,
        at: NOW,
        language_hint: None,
        tapped_message: None,
        advert: None,
        attached: None,
        mark_read: None,
        from: None,
        raw: Bytes::new(),
    }
}

fn tap(token: &str) -> Content {
    Content::Tap(token.into())
}

async fn whoever_hides_beside_an_erasure_hides_their_own_messages(fresh: Fresh) {
    let (_sender, release) = watch::channel(embedded_release());
    let keys = Keys::from_secret(&[7; 32]);
    let dialog = Dialog::new(fresh.store.clone(), keys, Arc::new(SystemIds::new()), release, 1);
    let start = [does("1", "1", tap("a.lang.ru")), does("2", "2", tap("a.lang.ru"))];
    let sent = dialog.handle(&start, &[], NOW).await.unwrap().outgoing;
    let settled = |(out, message): (&Outgoing, i64)| {
        let delivery = Delivery::Sent { message: Some(message), reference: None, edited: false };
        Settled::new(out.id.unwrap(), out.contact, delivery, NOW)
    };
    let settled: Vec<_> = sent.iter().zip([501, 502]).map(settled).collect();
    let asked = [does("3", "2", Content::Command("delete".into()))];
    dialog.handle(&asked, &settled, NOW).await.unwrap();
    let batch = [
        does("4", "2", Content::Command("delete".into())),
        does("5", "1", Content::Command("hide".into())),
        does("6", "2", tap("a.delete.yes")),
    ];
    let done = dialog.handle(&batch, &[], NOW).await.unwrap().outgoing;
    let hidden: Vec<(&str, &[i64])> = done.iter().map(|out| (&*out.address.external, &*out.hide)).collect();
    assert_eq!(hidden, [("1", &[501][..]), ("2", &[])]);
}
