//! The program as a process of its own, to be killed and started again.

use std::{path::PathBuf, process::Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{
    app::SECRET,
    fake_telegram::{FakeTelegram, TOKEN},
    fake_whatsapp::{self, FakeWhatsApp},
    whatsapp,
};

/// One instance at a port that stays the same over its lives.
pub struct Program {
    pub folder: TempDir,
    port: u16,
    env: Vec<(String, String)>,
    child: Child,
}

impl Program {
    pub fn start(database_url: &str, telegram: &FakeTelegram, whatsapp: Option<&FakeWhatsApp>) -> Self {
        let folder = TempDir::new().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut env = vec![
            ("SAFAR_LISTEN", format!("127.0.0.1:{port}")),
            ("SAFAR_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("SAFAR_DATA_DIR", folder.path().join("data").display().to_string()),
            ("SAFAR_DATABASE_URL", database_url.to_owned()),
            ("SAFAR_TELEGRAM_TOKEN", TOKEN.to_owned()),
            ("SAFAR_TELEGRAM_API_URL", telegram.url().to_owned()),
            ("SAFAR_TELEGRAM_MODE", "webhook".to_owned()),
            ("SAFAR_TELEGRAM_WEBHOOK_SECRET", SECRET.to_owned()),
            ("SAFAR_LOG", "info,sqlx=warn".to_owned()),
        ];
        if let Some(whatsapp) = whatsapp {
            env.extend([
                ("SAFAR_WHATSAPP_API_URL", whatsapp.url().to_owned()),
                ("SAFAR_WHATSAPP_PHONE_NUMBER_ID", fake_whatsapp::NUMBER.to_owned()),
                ("SAFAR_WHATSAPP_ACCESS_TOKEN", fake_whatsapp::TOKEN.to_owned()),
                ("SAFAR_WHATSAPP_APP_SECRET", whatsapp::APP_SECRET.to_owned()),
                ("SAFAR_WHATSAPP_VERIFY_TOKEN", whatsapp::VERIFY_TOKEN.to_owned()),
            ]);
        }
        let env: Vec<(String, String)> =
            env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let child = spawn(&folder, &env);
        Self { folder, port, env, child }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The file of its keys, once it has started for the first time.
    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("safar.key")
    }

    /// kill -9.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    pub fn start_again(&mut self) {
        self.child = spawn(&self.folder, &self.env);
    }

    /// What all its lives logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

fn spawn(folder: &TempDir, env: &[(String, String)]) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.path().join("log")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_safar"))
        .current_dir(folder.path())
        .env_clear()
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}
