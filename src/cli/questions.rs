//! `safar questions`.

use std::{path::Path, process::ExitCode};

use super::{clock, parked, runtime, settings};
use crate::dialog::topic_of;

const DAY_MS: i64 = 86_400_000;

/// Most questions listed. Their counts are of all.
const LISTED_MAX: u32 = 10_000;

/// Stands where no topic could be told.
const NO_TOPIC: &str = "none";

pub fn run(config: Option<&Path>, days: u32, by_topic: bool) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let dialog = parked::open(&config).await?;
        let since = clock().now().plus_ms(-i64::from(days) * DAY_MS);
        let counts = dialog.question_counts(since).await?;
        if by_topic {
            println!("topic\twhy\tquestions");
            for ((topic, why), count) in &counts {
                println!("{}\t{why}\t{count}", topic.as_deref().unwrap_or(NO_TOPIC));
            }
            return Ok(ExitCode::SUCCESS);
        }
        let questions = dialog.questions(since, LISTED_MAX).await?;
        let release = dialog.release();
        println!("day\tlocale\twhy\ttopic\ttext");
        for question in &questions {
            let day = question.day.to_iso();
            println!(
                "{}\t{}\t{}\t{}\t{}",
                day.get(..10).unwrap_or(&day),
                question.locale.as_deref().unwrap_or("-"),
                question.why,
                topic_of(&release, question.nearest.as_deref()).unwrap_or(NO_TOPIC),
                question.text
            );
        }
        let missing = counts.values().sum::<i64>() - i64::try_from(questions.len())?;
        if missing > 0 {
            eprintln!(
                "{missing} more are kept and not listed: choose fewer --days, or count them with --topics"
            );
        }
        Ok(ExitCode::SUCCESS)
    })
}
