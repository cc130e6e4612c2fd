//! The guide for spec authors, followed step by step: its files are written, its commands run, their output compared.
//!
//! Fenced blocks with a file name behind the language are done: `yaml FILE` replaces the sections that it has, `diff FILE`
//! replaces lines, `console` runs each command behind `$`. `PAYSPEC_BLESS=1` writes what is printed into the guide.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_guide_does_what_it_says() {
    follow("add-a-provider.md");
}

#[test]
fn the_chinese_guide_does_what_it_says() {
    follow("add-a-provider.zh-CN.md");
}

fn follow(name: &str) {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let text = fs::read_to_string(&guide).unwrap();
    let desk = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guide-{name}"));
    let _ = fs::remove_dir_all(&desk);
    fs::create_dir_all(&desk).unwrap();

    let (mut done, mut commands) = (String::new(), 0);
    let mut rest = text.as_str();
    while let Some((before, info, content, behind)) = next_block(rest) {
        let (language, file) = info.split_once(' ').unwrap_or((info, ""));
        let shown = match (language, file) {
            ("yaml", file) if !file.is_empty() => {
                replace_sections(&desk.join(file), content);
                content.to_owned()
            }
            ("diff", file) if !file.is_empty() => {
                replace_lines(&desk.join(file), content);
                content.to_owned()
            }
            ("console", _) => {
                commands += content.lines().filter(|line| line.starts_with("$ ")).count();
                run_all(&desk, content)
            }
            _ => content.to_owned(),
        };
        done.push_str(before);
        done.push_str(&format!("```{info}\n{shown}```\n"));
        rest = behind;
    }
    done.push_str(rest);

    assert!(commands >= 7, "{commands} commands");
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        fs::write(&guide, done).unwrap();
    } else {
        assert!(
            steady(&text) == steady(&done),
            "{name} prints something else now; read it, then PAYSPEC_BLESS=1:\n{done}"
        );
    }
}

/// How many changes are tried is the search's own business.
fn steady(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" would make it fit (") {
        Some((before, _)) => format!("{before} would make it fit"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Text before, words behind the fence, content, text behind.
fn next_block(text: &str) -> Option<(&str, &str, &str, &str)> {
    let at = text.find("```")?;
    let (before, fence) = text.split_at(at);
    let (info, inside) = fence.strip_prefix("```")?.split_once('\n')?;
    let end = inside.find("```\n").expect("the block ends");
    let (content, behind) = inside.split_at(end);
    Some((before, info, content, behind.strip_prefix("```\n")?))
}

/// Each command with what it prints to both streams, standard output first.
fn run_all(desk: &Path, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_payspec"));
    let tools = path.parent().unwrap().to_string_lossy().into_owned();
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap_or_default());
    let mut shown = String::new();
    for command in content.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let output = Command::new("sh").args(["-c", command]).current_dir(desk).env("PATH", &path).output();
        let output = output.expect("a shell");
        shown.push_str(&format!("$ {command}\n"));
        shown.push_str(&String::from_utf8(output.stdout).unwrap());
        shown.push_str(&String::from_utf8(output.stderr).unwrap());
    }
    shown
}

/// The sections of the block in place of those of the file.
fn replace_sections(file: &Path, block: &str) {
    let mut text = fs::read_to_string(file).expect("the file is there");
    for section in sections(block) {
        let name = section.split(':').next().unwrap();
        let old = sections(&text).into_iter().find(|old| old.starts_with(&format!("{name}:")));
        let old = old.unwrap_or_else(|| panic!("the file has no section `{name}`"));
        text = text.replacen(&old, &format!("{}\n\n", section.trim_end()), 1);
    }
    fs::write(file, text).unwrap();
}

/// From each top-level key to the next one, or to the comment above it.
fn sections(text: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        let is_key = line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(':');
        if is_key {
            sections.push(String::new());
        }
        is_inside = is_key || (is_inside && !line.starts_with('#'));
        if let Some(section) = sections.last_mut().filter(|_| is_inside) {
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

fn replace_lines(file: &Path, diff: &str) {
    let side = |sign| {
        let lines = diff.lines().filter_map(|line| line.strip_prefix(sign));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let text = fs::read_to_string(file).unwrap();
    let (old, new) = (side('-'), side('+'));
    assert_eq!(text.matches(&old).count(), 1, "{old}");
    fs::write(file, text.replace(&old, &new)).unwrap();
}
