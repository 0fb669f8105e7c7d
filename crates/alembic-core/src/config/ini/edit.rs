//! Other values for some options of a file, everything else to the byte.

use super::{DEFAULT_SECTION, IniFile};

impl IniFile {
    /// Does the file itself say what `here` is?
    pub(in crate::config) fn sets_here(&self) -> bool {
        self.places.get(DEFAULT_SECTION).is_some_and(|p| p.options.contains_key("here"))
    }

    /// The line of an option, counted from 1: of the section itself, else of `[DEFAULT]`.
    pub fn line(&self, section: &str, option: &str) -> Option<usize> {
        let place = self.place(section, &option.to_lowercase())?;
        Some(self.source.line_of(place.key.start))
    }

    /// The text of the file with some options of a section replaced by others. Everything else stays to the byte.
    pub(in crate::config) fn with_options(
        &self,
        section: &str,
        replaced: &[&str],
        options: &[(&str, String)],
    ) -> String {
        let text = &*self.source.text;
        let mut out = String::with_capacity(text.len() + 256);
        let Some(place) = self.places.get(section) else {
            out.push_str(text);
            end_line(&mut out);
            out.extend(["\n[", section, "]\n"]);
            push_options(&mut out, "", options);
            return out;
        };
        let mut removed: Vec<_> = replaced
            .iter()
            .filter_map(|key| place.options.get(*key))
            .map(|option| {
                let value = option.value();
                let end = value.end.max(option.key.end);
                line_start(text, option.key.start)..line_end(text, end)
            })
            .collect();
        removed.sort_by_key(|range| range.start);
        // Lines that are indented deeper than those before them would continue them.
        let kept = place.options.iter().filter(|(key, _)| !replaced.contains(&key.as_str()));
        let first = kept.map(|(_, option)| option.key.start).min();
        let indent = first.map_or("", |start| &text[line_start(text, start)..start]);
        let top = line_end(text, place.header.end);
        out.push_str(&text[..top]);
        end_line(&mut out);
        push_options(&mut out, indent, options);
        let mut at = top;
        for range in removed {
            out.push_str(&text[at..range.start.max(at)]);
            at = range.end.max(at);
        }
        out.push_str(&text[at..]);
        end_line(&mut out);
        out
    }
}

fn push_options(out: &mut String, indent: &str, options: &[(&str, String)]) {
    for (key, value) in options {
        let value = value.replace('\n', &format!("\n{indent}    "));
        out.extend([indent, *key, " = ", &value, "\n"]);
    }
}

fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with(['\n', '\r']) {
        out.push('\n');
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Behind the line break of the line that holds byte `at`.
fn line_end(text: &str, at: usize) -> usize {
    let Some(length) = text[at..].find(['\n', '\r']) else { return text.len() };
    let end = at + length;
    end + if text[end..].starts_with("\r\n") { 2 } else { 1 }
}
