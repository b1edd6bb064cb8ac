//! `safar indicators verify`: the chain over the record of events.

use std::{path::Path, process::ExitCode};

use crate::{
    cli::{runtime, settings},
    counting::{self, Verdict},
    store::Store,
};

pub fn run(config: Option<&Path>, noted: Option<&str>) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let verdict = counting::verify(&store, noted).await;
        store.close().await;
        Ok(match verdict? {
            Verdict::Whole { rows, erased, head, young } => {
                println!("the record is whole: {rows} rows, {erased} of them erased; {young} not sealed yet\n{head}");
                ExitCode::SUCCESS
            }
            Verdict::Broken { after, last } => {
                println!("a row from {} to {last} was changed, put in or taken out", after + 1);
                ExitCode::from(1)
            }
            Verdict::Cut { last, written } => {
                println!("blocks are missing at the end: the last is {last}, written were {written}");
                ExitCode::from(1)
            }
            Verdict::Rewritten { seq } => {
                println!("block {seq} is not the one that was noted: the chain was written anew");
                ExitCode::from(1)
            }
        })
    })
}
