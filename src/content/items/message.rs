//! A message as an editor reads it: its parts as plain lines, without Fluent's indents and escapes.
//!
//! Reads line by line, so that a message that Fluent cannot parse can still be opened and mended. What was not changed
//! is written as it was read, byte for byte.

/// A message in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Comment lines above it, with the mark of the Russian that it follows; each ends with a line end.
    pub comment: String,
    pub id: String,
    /// The value first, then the attributes, in their order.
    pub parts: Vec<Part>,
}

/// The value or an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `None`: the value.
    pub name: Option<String>,
    /// As the editor sees it.
    pub text: String,
    /// As it stands in the file: from `=` on, without the last line end. Empty: to be written anew.
    raw: String,
}

impl Message {
    pub fn new(id: &str) -> Self {
        Self { comment: String::new(), id: id.to_owned(), parts: Vec::new() }
    }

    /// Reads an item's source. `None` when its first line is no message.
    pub fn read(source: &str) -> Option<Self> {
        let mut lines = source.lines().peekable();
        let mut comment = String::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('#')) {
            comment.push_str(line);
            comment.push('\n');
        }
        let (id, rest) = lines.next()?.split_once('=')?;
        let mut message = Self { comment, id: id.trim_end().to_owned(), parts: Vec::new() };
        let mut part = Some((None, rest.to_owned()));
        let mut depth = depth_after(rest, 0);
        for line in lines {
            // Inside of a placeable a dot begins nothing.
            let own = if depth == 0 { attribute(line) } else { None };
            if let Some((name, rest)) = own {
                message.parts.extend(part.take().map(read_part));
                part = Some((Some(name.to_owned()), rest.to_owned()));
                depth = depth_after(rest, 0);
            } else if let Some((_, raw)) = &mut part {
                raw.push('\n');
                raw.push_str(line);
                depth = depth_after(line, depth);
            }
        }
        message.parts.extend(part.map(read_part));
        // A message of attributes alone has no value.
        message.parts.retain(|part| part.name.is_some() || !part.text.is_empty());
        Some(message)
    }

    /// The text of the value (`None`) or an attribute.
    pub fn get(&self, name: Option<&str>) -> Option<&str> {
        self.parts.iter().find(|part| part.name.as_deref() == name).map(|part| part.text.as_str())
    }

    /// Sets a part; an empty text takes it away. An unchanged one keeps its bytes.
    pub fn set(&mut self, name: Option<&str>, text: &str) {
        let text = normal(text);
        let place = self.parts.iter().position(|part| part.name.as_deref() == name);
        match place {
            Some(at) if text.is_empty() => {
                self.parts.remove(at);
            }
            Some(at) => {
                if let Some(part) = self.parts.get_mut(at)
                    && part.text != text
                {
                    part.text = text;
                    part.raw.clear();
                }
            }
            None if text.is_empty() => {}
            None => {
                let part = Part { name: name.map(str::to_owned), text, raw: String::new() };
                let at = if name.is_none() { 0 } else { self.parts.len() };
                self.parts.insert(at, part);
            }
        }
    }

    /// As an item's source.
    pub fn write(&self) -> String {
        let mut out = format!("{}{} =", self.comment, self.id);
        for part in &self.parts {
            let indent = match &part.name {
                None => "    ",
                Some(name) => {
                    out.extend(["\n    .", name, " ="]);
                    "        "
                }
            };
            if part.raw.is_empty() {
                out.push_str(&written(&part.text, indent));
            } else {
                out.push_str(&part.raw);
            }
        }
        out
    }
}

/// `.name = rest`, indented.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let trimmed = line.trim_start_matches(' ');
    if trimmed.len() == line.len() {
        return None;
    }
    let (name, rest) = trimmed.strip_prefix('.')?.split_once('=')?;
    let name = name.trim_end();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_name.then_some((name, rest))
}

fn read_part((name, raw): (Option<String>, String)) -> Part {
    let text = read_text(&raw);
    Part { name, text, raw }
}

/// Without the common indent, and with `{"*"}` at the start of a line as the sign that it stands for.
fn read_text(raw: &str) -> String {
    let (first, rest) = raw.split_once('\n').unwrap_or((raw, ""));
    let indent = rest
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut lines: Vec<String> = vec![first.trim().to_owned()];
    if raw.contains('\n') {
        lines.extend(rest.lines().map(|line| line.get(indent..).unwrap_or_default().trim_end().to_owned()));
    }
    let mut depth = 0;
    for line in &mut lines {
        let next = depth_after(line, depth);
        if depth == 0
            && let Some(plain) = unescaped(line)
        {
            *line = plain;
        }
        depth = next;
    }
    let text = lines.join("\n");
    text.trim_matches('\n').to_owned()
}

/// A line that begins with an escaped sign.
fn unescaped(line: &str) -> Option<String> {
    let rest = line.strip_prefix("{\"")?;
    let sign = rest.chars().next().filter(|sign| is_special(*sign))?;
    Some(format!("{sign}{}", rest.get(sign.len_utf8()..)?.strip_prefix("\"}")?))
}

/// Signs with which a line of a text cannot begin.
const fn is_special(sign: char) -> bool {
    matches!(sign, '[' | '*' | '.')
}

/// A pattern after `=`.
fn written(text: &str, indent: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    if !text.contains('\n') && !first.starts_with(is_special) {
        return format!(" {first}");
    }
    let mut out = String::new();
    let mut depth = 0;
    for line in text.lines() {
        out.push('\n');
        if line.trim().is_empty() {
            continue;
        }
        out.push_str(indent);
        match line.chars().next().filter(|sign| depth == 0 && is_special(*sign)) {
            Some(sign) => {
                out.push_str("{\"");
                out.push(sign);
                out.push_str("\"}");
                out.push_str(line.get(sign.len_utf8()..).unwrap_or_default());
            }
            None => out.push_str(line),
        }
        depth = depth_after(line, depth);
    }
    out
}

/// How deep in braces a line leaves us; braces in quotes do not count.
fn depth_after(line: &str, mut depth: usize) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for sign in line.chars() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// Line ends of one kind, no white space at line ends, no empty lines around; a tab is a space.
fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut text = lines.join("\n").trim_matches('\n').to_owned();
    // Fluent drops the indent that all lines share; of the first it drops all.
    let kept = text.trim_start_matches(' ').len();
    text.drain(..text.len() - kept);
    text
}
