//! A mail server of a few commands: keeps what it was given.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Takes letters; refuses the first `refusals` of them for now.
pub struct FakeSmtp {
    pub url: String,
    letters: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for FakeSmtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeSmtp {
    pub async fn start(refusals: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let letters = Arc::new(Mutex::new(Vec::new()));
        let (kept, left) = (letters.clone(), Arc::new(Mutex::new(refusals)));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), left.clone()));
            }
        });
        Self { url, letters, task }
    }

    /// Envelope and content of each letter that was taken.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, letters: Arc<Mutex<Vec<String>>>, refusals: Arc<Mutex<usize>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut letter = String::new();
    let mut in_data = false;
    writer.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = if in_data {
            if line != "." {
                letter.push_str(&line);
                letter.push('\n');
                continue;
            }
            in_data = false;
            letters.lock().unwrap().push(std::mem::take(&mut letter));
            "250 taken"
        } else {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            match word.as_str() {
                "MAIL" => {
                    let mut left = refusals.lock().unwrap();
                    let refused = *left > 0;
                    *left = left.saturating_sub(1);
                    if refused { "451 later" } else { "250 ok" }
                }
                "RCPT" => {
                    letter = format!("{line}\n");
                    "250 ok"
                }
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            }
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
