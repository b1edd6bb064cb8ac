//! `safar questions`.

use std::{collections::BTreeMap, path::Path, process::ExitCode};

use super::{clock, parked, runtime, settings};

const DAY_MS: i64 = 86_400_000;

/// Most questions listed.
const LISTED_MAX: u32 = 10_000;

pub fn run(config: Option<&Path>, days: u32, by_topic: bool) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let dialog = parked::open(&config).await?;
        let questions =
            dialog.questions(clock().now().plus_ms(-i64::from(days) * DAY_MS), LISTED_MAX).await?;
        let release = dialog.release();
        let topics = |question: &crate::dialog::Question| {
            let node = question.nearest.as_ref().and_then(|id| release.living(id.as_str()));
            node.and_then(|node| node.topics.first()).map_or_else(|| "-".to_owned(), ToString::to_string)
        };
        if by_topic {
            let mut counts: BTreeMap<(String, &str), u32> = BTreeMap::new();
            for question in &questions {
                *counts.entry((topics(question), question.why.as_str())).or_default() += 1;
            }
            println!("topic\twhy\tquestions");
            for ((topic, why), count) in counts {
                println!("{topic}\t{why}\t{count}");
            }
        } else {
            println!("day\tlocale\twhy\ttopic\ttext");
            for question in &questions {
                let day = question.day.to_iso();
                println!(
                    "{}\t{}\t{}\t{}\t{}",
                    day.get(..10).unwrap_or(&day),
                    question.locale.as_deref().unwrap_or("-"),
                    question.why,
                    topics(question),
                    question.text
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
