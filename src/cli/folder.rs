//! A content folder on the disk.

use std::path::Path;

use anyhow::{Context, bail};

use crate::content::{Files, embedded};

/// Largest content file, in bytes: more is a mistake.
const FILE_MAX: u64 = 4 * 1024 * 1024;

/// The folder named, else the working folder if it has content, else what is embedded.
pub fn choose(dir: Option<&Path>) -> anyhow::Result<Files> {
    match dir {
        Some(dir) => read(dir),
        None if Path::new("content").is_dir() && Path::new("locales").is_dir() => read(Path::new(".")),
        None => Ok(embedded()),
    }
}

/// Reads `content/` and `locales/*/content/` under `root`.
pub fn read(root: &Path) -> anyhow::Result<Files> {
    if !root.join("content").is_dir() || !root.join("locales").is_dir() {
        bail!("{} has no content/ and locales/ inside: name the folder that holds both", root.display());
    }
    let mut files = Files::default();
    walk(root, &root.join("content"), &mut files)?;
    walk(root, &root.join("locales"), &mut files)?;
    files.0.retain(|path, _| Files::is_content(path));
    Ok(files)
}

fn walk(root: &Path, dir: &Path, files: &mut Files) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if !Files::is_content(&name) {
            continue;
        }
        let size = path.metadata().with_context(|| name.clone())?.len();
        if size > FILE_MAX {
            bail!("{name}: {size} bytes; a content file has at most {FILE_MAX}");
        }
        let bytes = std::fs::read(&path).with_context(|| name.clone())?;
        let text = String::from_utf8(bytes).with_context(|| format!("{name}: not UTF-8"))?;
        files.0.insert(name, text);
    }
    Ok(())
}

/// Writes the files under `root`; a file that is the same already is not touched.
pub fn write(root: &Path, files: &Files) -> anyhow::Result<usize> {
    let mut written = 0;
    for (name, text) in &files.0 {
        let path = root.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        written += 1;
    }
    Ok(written)
}
