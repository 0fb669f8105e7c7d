//! Cuts a template into nodes, as Mako's lexer does.
//!
//! At every place the same things are tried in the same order as there, odd corners included: a control line needs a
//! line feed behind it, `%%` at the start of a line gives one percent sign, and where nothing fits a character is
//! passed over.

mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::TemplateErrorKind as Kind;
use scan::Scanner;

/// A part of a template. Ranges are byte offsets into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Printed as it is.
    Text { text: String, range: Range<usize> },
    /// `${code | filters}`
    Expression { code: String, filters: String, range: Range<usize> },
    /// `% if …:`; also the ternaries `elif`, `else`, `except`, `finally`.
    Control { keyword: String, code: String, range: Range<usize> },
    /// `% endif`
    End { keyword: String, range: Range<usize> },
    /// `<% code %>`, or `<%! code %>` when it belongs to the module.
    Block { code: String, module: bool, range: Range<usize> },
}

impl Node {
    /// Where the node stands.
    pub(super) fn range(&self) -> Range<usize> {
        match self {
            Self::Text { range, .. }
            | Self::Expression { range, .. }
            | Self::Control { range, .. }
            | Self::End { range, .. }
            | Self::Block { range, .. } => range.clone(),
        }
    }
}

/// What is wrong, and where.
pub(super) type Failure = (Kind, Range<usize>);

/// The keywords that open a block of control lines, and those that may stand in the middle of it.
const PRIMARY: [(&str, &[&str]); 5] = [
    ("if", &["elif", "else"]),
    ("for", &["else"]),
    ("while", &[]),
    ("try", &["except"]),
    ("with", &[]),
];

/// Mako's coding comment at the start of a template: how long it is, with its line end.
pub(super) fn coding_comment(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    coding_name(text).map(|_| line.len())
}

/// The encoding that a coding comment at the start of a template names.
pub(super) fn coding_name(text: &str) -> Option<&str> {
    let comment = text.split_inclusive('\n').next()?.strip_prefix('#')?;
    let mut markers = comment.rmatch_indices("coding");
    let behind = |(at, word): (usize, &str)| {
        let rest = comment[at + word.len()..].strip_prefix([':', '='])?;
        let name = rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = &name[..name.find(|c| !is_name(c)).unwrap_or(name.len())];
        (!name.is_empty()).then_some(name)
    };
    markers.find_map(behind)
}

/// Cuts a template.
///
/// # Errors
/// Mako's own refusals, and tags that are not rendered here.
pub(super) fn cut(text: &str) -> Result<Vec<Node>, Failure> {
    let mut lexer = Lexer { scanner: Scanner::new(text), nodes: Vec::new(), open: Vec::new() };
    if let Some(length) = coding_comment(text).filter(|&length| text[..length].ends_with('\n')) {
        lexer.scanner.at = length;
    }
    lexer.run()?;
    match lexer.open.last() {
        Some((keyword, at)) => {
            let message = format!("Unterminated control keyword: '{keyword}'");
            Err((Kind::Syntax { message }, at.clone()))
        }
        None => Ok(lexer.nodes),
    }
}

struct Lexer<'t> {
    scanner: Scanner<'t>,
    nodes: Vec<Node>,
    /// The control lines that wait for their end.
    open: Vec<(String, Range<usize>)>,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), Failure> {
        while self.scanner.at < self.scanner.text.len() {
            let found = self.expression()?
                || self.control_line()?
                || self.comment()
                || self.tag()?
                || self.block()?
                || self.percent()
                || self.text();
            if !found {
                // As Mako: what fits nowhere is passed over.
                self.scanner.skip_character();
            }
        }
        Ok(())
    }

    fn expression(&mut self) -> Result<bool, Failure> {
        let start = self.scanner.at;
        if !self.scanner.eat("${") {
            return Ok(false);
        }
        let unterminated = |start: usize| syntax("unterminated expression", start..start + 2);
        let (code, end) =
            self.scanner.until(true, &["|", "}"]).ok_or_else(|| unterminated(start))?;
        let filters = if end == "|" {
            self.scanner.until(true, &["}"]).ok_or_else(|| unterminated(start))?.0
        } else {
            ""
        };
        let (code, filters) = (code.replace("\r\n", "\n"), filters.trim().to_owned());
        self.nodes.push(Node::Expression { code, filters, range: start..self.scanner.at });
        Ok(true)
    }

    fn control_line(&mut self) -> Result<bool, Failure> {
        let start = self.scanner.at;
        let Some((operator, code)) = self.scanner.control_line() else { return Ok(false) };
        if operator == "##" {
            return Ok(true);
        }
        let range = start..self.scanner.at;
        let code = code.to_owned();
        let (is_end, keyword) = keyword_of(&code)
            .ok_or_else(|| syntax(&format!("Invalid control line: '{code}'"), range.clone()))?;
        let keyword = keyword.to_owned();
        if is_end {
            self.end(keyword, &code, range)?;
        } else {
            self.begin(keyword, code, range)?;
        }
        Ok(true)
    }

    fn end(&mut self, keyword: String, code: &str, range: Range<usize>) -> Result<(), Failure> {
        let message = match self.open.last() {
            None => format!("No starting keyword '{keyword}' for '{code}'"),
            Some((open, _)) if *open != keyword => {
                format!("Keyword '{code}' doesn't match keyword '{open}'")
            }
            Some(_) => {
                self.open.pop();
                self.nodes.push(Node::End { keyword, range });
                return Ok(());
            }
        };
        Err(syntax(&message, range))
    }

    fn begin(&mut self, keyword: String, code: String, range: Range<usize>) -> Result<(), Failure> {
        if keyword == "with" {
            return Err((Kind::Unsupported { what: "% with".to_owned() }, range));
        }
        if PRIMARY.iter().any(|(primary, _)| *primary == keyword) {
            self.open.push((keyword.clone(), range.clone()));
        } else {
            let open = self.open.last().map(|(open, _)| open.as_str());
            let allowed = PRIMARY.iter().find(|(primary, _)| Some(*primary) == open);
            if !allowed.is_some_and(|(_, middle)| middle.contains(&keyword.as_str())) {
                let message = match open {
                    // Mako knows the word, and what it makes of the line is refused.
                    Some("try") if keyword == "finally" => {
                        format!("Unsupported control keyword: '{keyword}'")
                    }
                    Some(open) => {
                        format!("Keyword '{keyword}' not a legal ternary for keyword '{open}'")
                    }
                    None => format!("Unsupported control keyword: '{keyword}'"),
                };
                return Err(syntax(&message, range));
            }
        }
        self.nodes.push(Node::Control { keyword, code, range });
        Ok(())
    }

    fn comment(&mut self) -> bool {
        const CLOSE: &str = "</%doc>";
        let Some(body) = self.scanner.rest().strip_prefix("<%doc>") else { return false };
        let Some(end) = body.find(CLOSE) else { return false };
        self.scanner.at += "<%doc>".len() + end + CLOSE.len();
        true
    }

    /// `<%text>` is the one tag that needs nothing but text.
    fn tag(&mut self) -> Result<bool, Failure> {
        const CLOSE: &str = "</%text>";
        let start = self.scanner.at;
        if self.scanner.rest().starts_with("</%") {
            return match self.scanner.closing_tag() {
                Some(name) => {
                    let message = format!("Closing tag without opening tag: </%{name}>");
                    Err(syntax(&message, start..self.scanner.at))
                }
                None => Ok(false),
            };
        }
        let Some(tag) = self.scanner.opening_tag() else { return Ok(false) };
        let range = start..self.scanner.at;
        if tag.keyword != "text" || tag.has_attributes {
            let what = format!("<%{}>", tag.keyword);
            return Err((Kind::Unsupported { what }, range));
        }
        if tag.is_empty {
            return Ok(true);
        }
        let body = self.scanner.at;
        // Nothing between the two is not found, as in Mako.
        let Some(end) = self.scanner.rest().find(CLOSE).filter(|end| *end > 0) else {
            return Err(syntax("Unclosed tag: <%text>", range));
        };
        let text = self.scanner.text[body..body + end].to_owned();
        self.scanner.at = body + end + CLOSE.len();
        self.nodes.push(Node::Text { text, range: body..body + end });
        Ok(true)
    }

    fn block(&mut self) -> Result<bool, Failure> {
        let start = self.scanner.at;
        if !self.scanner.eat("<%") {
            return Ok(false);
        }
        let module = self.scanner.eat("!");
        let (code, _) = self
            .scanner
            .until(false, &["%>"])
            .ok_or_else(|| syntax("unterminated block", start..start + 2))?;
        let code = code.replace("\r\n", "\n");
        self.nodes.push(Node::Block { code, module, range: start..self.scanner.at });
        Ok(true)
    }

    /// `%%` at the start of a line: one percent sign less.
    fn percent(&mut self) -> bool {
        let start = self.scanner.at;
        if !self.scanner.at_line_start() {
            return false;
        }
        let rest = self.scanner.rest();
        let blanks = rest.len() - rest.trim_start().len();
        let Some(behind) = rest[blanks..].strip_prefix("%%") else { return false };
        let more = behind.len() - behind.trim_start_matches('%').len();
        let text = format!("{}%{}", &rest[..blanks], &behind[..more]);
        self.scanner.at += blanks + 2 + more;
        self.nodes.push(Node::Text { text, range: start..self.scanner.at });
        true
    }

    fn text(&mut self) -> bool {
        let start = self.scanner.at;
        let (end, next) = self.scanner.text_end();
        if next == start {
            return false;
        }
        self.scanner.at = next;
        if end > start {
            let text = self.scanner.text[start..end].to_owned();
            self.nodes.push(Node::Text { text, range: start..end });
        }
        true
    }
}

/// Takes `endif` or `if x:` apart.
fn keyword_of(code: &str) -> Option<(bool, &str)> {
    let word =
        &code[..code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len())];
    match word.strip_prefix("end") {
        Some(keyword) if !keyword.is_empty() => Some((true, keyword)),
        _ if word.is_empty() => None,
        _ => Some((false, word)),
    }
}

fn syntax(message: &str, range: Range<usize>) -> Failure {
    (Kind::Syntax { message: message.to_owned() }, range)
}
