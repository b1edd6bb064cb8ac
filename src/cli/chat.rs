//! `safar chat`: the conversation in the terminal. Same engine and texts; nothing stored, nothing counted.

use std::{
    io::{BufRead, IsTerminal, Write},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use super::{clock, folder, record::Recorder};
use crate::{
    app, channels,
    compose::{self, Composed},
    content::Release,
    domain::{Day, Locale, Timestamp},
    engine::{self, HOME_OFFSET_MINUTES, Input, State},
};

/// Longest line read, in bytes.
const LINE_MAX: u64 = 1 << 20;

pub fn run(
    locale: Option<Locale>,
    record: Option<&Path>,
    content: Option<&Path>,
    today: Option<Day>,
) -> anyhow::Result<ExitCode> {
    let files = folder::choose(content)?;
    let (interface, words) = app::interface()?;
    let release = match Release::parse(&files, interface, words) {
        Ok((release, _)) => Arc::new(release),
        Err(findings) => {
            for finding in &findings {
                eprintln!("{}", crate::check::line(finding));
            }
            anyhow::bail!("the content has errors");
        }
    };
    let started = clock().now();
    // A pretended day begins at its noon in the home zone.
    let now = today.map_or(started, |day| {
        let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc().timestamp_millis();
        Timestamp(noon - i64::from(HOME_OFFSET_MINUTES) * 60_000)
    });
    let mut chat = Chat {
        release,
        state: State::default(),
        started,
        now,
        recorder: Recorder::new(now),
        shown: Vec::new(),
    };
    chat.turn("/start", &Input::Start)?;
    if let Some(locale) = locale {
        let token = format!("a.lang.{locale}");
        chat.turn(&token, &Input::Tap(&token))?;
    }
    let terminal = std::io::stdin().is_terminal();
    let mut input = std::io::stdin().lock();
    loop {
        if terminal {
            print!("> ");
            std::io::stdout().flush()?;
        }
        let mut line = Vec::new();
        if std::io::Read::take(&mut input, LINE_MAX).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            continue;
        }
        if matches!(line.trim(), "/quit" | "/exit") {
            break;
        }
        if !terminal {
            println!("> {line}");
        }
        chat.take(line)?;
    }
    if let Some(path) = record {
        std::fs::write(path, chat.recorder.finish())?;
        println!("Written: {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

struct Chat {
    release: Arc<Release>,
    state: State,
    started: Timestamp,
    now: Timestamp,
    recorder: Recorder,
    /// Tokens of the last message, by their numbers.
    shown: Vec<String>,
}

impl Chat {
    /// One line: a number of the last message, a slash word, or text.
    fn take(&mut self, line: &str) -> std::io::Result<()> {
        let trimmed = line.trim();
        let number = trimmed.parse::<usize>().ok().and_then(|n| self.shown.get(n.checked_sub(1)?)).cloned();
        if let Some(token) = number {
            return self.turn(&token.clone(), &Input::Tap(&token));
        }
        match trimmed.strip_prefix('/') {
            Some("start") => self.turn(trimmed, &Input::Start),
            Some(word) => self.turn(trimmed, &Input::Command(&word.to_ascii_lowercase())),
            None => self.turn(line, &Input::Text(line)),
        }
    }

    fn turn(&mut self, _line: &str, input: &Input<'_>) -> std::io::Result<()> {
        let now = Timestamp(self.now.0 + clock().now().ms_since(self.started));
        let turn = engine::advance(&self.release, std::mem::take(&mut self.state), input, now);
        // As the server does: through the stored form and back.
        let private = turn.state.private.clone();
        self.state = State::from_json(&turn.state.to_json()).unwrap_or_default();
        self.state.private = private;
        self.recorder.turn(&self.release, input, turn.say.as_ref(), &turn.events);
        if let Some(say) = &turn.say {
            let composed =
                compose::compose(&self.release, say, &channels::web::LIMITS, now.day(HOME_OFFSET_MINUTES));
            self.print(&composed)?;
        }
        Ok(())
    }

    fn print(&mut self, composed: &Composed) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{}\n", composed.text)?;
        self.shown.clear();
        for button in composed.choices.iter().chain(&composed.system) {
            self.shown.push(button.token.clone());
            writeln!(out, "  {}. {}", self.shown.len(), button.label)?;
        }
        writeln!(out)
    }
}
