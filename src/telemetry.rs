//! Logs and metrics. Neither ever holds a text, a name, an address or a token.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Bounds of the commit time, in seconds.
const COMMIT_BOUNDS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0];

/// Starts logging to standard error. `SAFAR_LOG` sets levels, as in `info,safar::sender=debug`.
pub fn start_logs(format: LogFormat) {
    let filter = EnvFilter::try_from_env("SAFAR_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start (tests) keeps the first.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

/// Starts collecting metrics; the handle renders them for Prometheus. `None` when they are collected already.
pub fn start_metrics() -> Option<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("safar_commit_seconds".to_owned()), &COMMIT_BOUNDS)
        .ok()?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    describe();
    Some(handle)
}

fn describe() {
    use metrics::{Unit::Seconds, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("safar_inbound_total", "Inbound taken, by channel and kind");
    describe_counter!("safar_turns_total", "Turns committed");
    describe_counter!("safar_duplicates_total", "Inbound that had been seen before");
    describe_counter!("safar_parked_total", "Inbound parked, by channel and reason");
    describe_counter!("safar_sent_total", "Messages accepted by a channel");
    describe_counter!("safar_send_errors_total", "Failed sends, by channel and kind");
    describe_counter!("safar_alarms_total", "Sends that fail until somebody acts, by channel and code");
    describe_counter!("safar_alarm_letters_total", "Letters of the alarm, by outcome");
    describe_counter!("safar_message_costs_total", "What WhatsApp charges for, by class, each message once");
    describe_counter!("safar_bad_markup_total", "Texts sent plain because their markup was refused");
    describe_counter!("safar_stuck_total", "Turns in which the content led nowhere");
    describe_gauge!("safar_outbox_depth", "Messages that wait to be sent");
    describe_gauge!("safar_outbox_age_seconds", Seconds, "Age of the oldest waiting message");
    describe_histogram!(
        "safar_commit_seconds",
        Seconds,
        "Time of one batch from its start to its durable commit"
    );
}
