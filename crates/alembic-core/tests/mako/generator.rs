//! Templates by chance: the stock file with lines changed, added and taken away. The same seed gives the same ones.

use serde_json::{Value, json};

/// SplitMix64: small, and the same everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Names that hold a text.
const TEXTS: [&str; 4] = ["message", "up_revision", "str(down_revision)", "str(create_date)"];

/// Names of all kinds.
const NAMES: [&str; 12] = [
    "message",
    "up_revision",
    "down_revision",
    "branch_labels",
    "depends_on",
    "imports",
    "upgrades",
    "downgrades",
    "create_date",
    "create_date.year",
    "undefined_thing",
    "config",
];

const MESSAGES: [&str; 9] = [
    "add users",
    "",
    "say \"hi\"",
    "it's",
    "two\nlines",
    "back\\slash",
    "Größe & <b>",
    "a 'b' \"c\"",
    "  padded  ",
];

const FORMS: [&str; 18] = [
    "%Y-%m-%d",
    "%d.%m.%y",
    "%H:%M:%S",
    "%Y%m%dT%H%M%S%z",
    "%a %b %d",
    "%A, %B",
    "%j",
    "%I %p",
    "100%%",
    "%f",
    "%F %T",
    "week %u/%w",
    "%-d.%-m %e",
    "%p%P %l %k%n%t",
    "%C %g %G %V %U %W",
    "%c|%x|%X|%r|%R|%D|%h",
    "%^a %#b %_j %0e %#p",
    "%Z %q %-f 100%",
];

/// What people put before the stock lines, so that what is written suits their formatter.
const HELPERS: &str = r#"<%!
import json
import re
import textwrap

def literal(value):
    """Double quotes."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return '"{}"'.format(value.replace('"', '\\"'))
    items = [literal(item) for item in value]
    return "({}{})".format(", ".join(items), "," if len(items) == 1 else "")

def sentence(text):
    stripped = " ".join(text.split())
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."
%>\
"#;

/// Lines that stand on the helpers.
const HELPED: [&str; 11] = [
    "x = ${literal(down_revision)}  # ${branch_labels | n,literal}\n",
    "# ${sentence(message)}\n",
    "# ${re.sub(r'\\W+', '_', message.lower()).strip('_')}\n",
    "x = ${re.sub(r'^null$', 'None', json.dumps(depends_on))}\n",
    "x = ${json.dumps(message)}, ${json.dumps({'a': branch_labels, 'b': [1, True]})}\n",
    "${textwrap.indent(message, '    ')}|${textwrap.dedent('  ' + message)}\n",
    "# ${', '.join(re.split(r'\\s+', message))} ${re.findall(r'[a-z]+', message)}\n",
    "x = ${{'a': message}.items()} ${list({'b': 1}.keys())}\n",
    "${imports if imports is not UNDEFINED else ''}\n% if upgrades is UNDEFINED:\nnone\n% endif\n",
    "x = ${repr(down_revision).replace(chr(39), chr(34))}\n",
    "<%\n    body = (upgrades or '') + message\n    has_a = 'a' in body\n%>\\\n% if has_a:\na\n% endif\n",
];

/// A value of type text.
fn text(chance: &mut Chance, depth: usize) -> String {
    let name = chance.pick(&TEXTS);
    if depth == 0 {
        return name.to_owned();
    }
    let inner = text(chance, depth - 1);
    match chance.below(22) {
        0 => format!("{inner}.upper()"),
        1 => format!("{inner}.lower().strip()"),
        2 => format!("{inner}.replace('a', {:?})", chance.pick(&["", "b", "_"])),
        3 => format!("{inner}[:{}]", chance.below(9)),
        4 => format!("{inner}[{}:]", chance.below(5)),
        5 => format!("{inner}.title()"),
        6 => format!("'-'.join({inner}.split())"),
        7 => format!("({inner} + ' ' + {})", text(chance, depth - 1)),
        8 => format!("({inner} if {} else 'none')", test(chance, depth - 1)),
        9 => format!("({inner} or 'nothing')"),
        10 => format!("('%s!' % {inner})"),
        11 => format!("'{{}}/{{:>4}}'.format({inner}, {})", number(chance, depth - 1)),
        12 => format!("f'{{{name}}}:{{{}:03d}}'", number(chance, 0)),
        13 => format!("str({})", number(chance, depth - 1)),
        14 => format!("create_date.strftime({:?})", chance.pick(&FORMS)),
        15 => format!(
            "repr({})",
            chance.pick(&["down_revision", "branch_labels", "depends_on", "up_revision"])
        ),
        16 => "', '.join(x.upper() for x in (branch_labels or ()))".to_owned(),
        17 => "', '.join([repr(x) for x in (branch_labels or ['-'])])".to_owned(),
        18 => format!("{inner}.ljust({}, '.')", chance.below(20)),
        19 => "create_date.isoformat()".to_owned(),
        20 => "comma(down_revision)".to_owned(),
        _ => format!("{inner}.partition(' ')[0]"),
    }
}

fn number(chance: &mut Chance, depth: usize) -> String {
    match chance.below(7) {
        0 => chance.below(200).to_string(),
        1 => "create_date.year".to_owned(),
        2 => "create_date.month".to_owned(),
        3 => "len(message)".to_owned(),
        4 => format!("len({})", text(chance, depth)),
        5 => "create_date.year % 100".to_owned(),
        _ => "len(branch_labels or ())".to_owned(),
    }
}

fn test(chance: &mut Chance, depth: usize) -> String {
    match chance.below(11) {
        0 => format!("not {}", chance.pick(&NAMES)),
        1 => format!("{} is None", chance.pick(&["down_revision", "depends_on", "branch_labels"])),
        2 => format!("{} and {}", chance.pick(&NAMES), chance.pick(&NAMES)),
        3 => format!("{} > {}", number(chance, depth), number(chance, depth)),
        4 => format!("'a' in {}", text(chance, depth)),
        5 => format!("{}.startswith('a')", text(chance, depth)),
        6 => "isinstance(down_revision, tuple)".to_owned(),
        7 => format!("{} == {}", text(chance, depth), text(chance, depth)),
        8 => format!("{} or {}", chance.pick(&NAMES), chance.pick(&NAMES)),
        9 => "branch_labels is not None and len(branch_labels) > 1".to_owned(),
        _ => chance.pick(&NAMES).to_owned(),
    }
}

/// What stands between `${` and `}`.
fn expression(chance: &mut Chance) -> String {
    let depth = chance.below(3);
    match chance.below(14) {
        0 => "down_revision | comma,n".to_owned(),
        1 => "imports if imports else \"\"".to_owned(),
        2 => "upgrades if upgrades else \"pass\"".to_owned(),
        3 => format!(
            "{} | {}",
            text(chance, depth),
            chance.pick(&["h", "u", "trim", "x", "n", "trim,h", "h,n", "str"])
        ),
        4 => number(chance, depth),
        5 => {
            chance.pick(&["down_revision", "branch_labels", "depends_on", "create_date"]).to_owned()
        }
        6 => format!("{{'a': {}}}['a']", text(chance, depth)),
        7 => "config.get_main_option('script_location')".to_owned(),
        8 => "config.get_section_option('other', 'Key', 'none')".to_owned(),
        9 => "context.get('upgrades', 'pass')".to_owned(),
        _ => text(chance, depth),
    }
}

/// A line, or several, of a template.
fn line(chance: &mut Chance, depth: usize) -> String {
    match chance.below(18) {
        0 => format!(
            "# {}\n",
            chance.pick(&[
                "plain",
                "100% sure",
                "a ## b",
                "cost: $5",
                "x | y",
                "{braces}",
                "ünïcode"
            ])
        ),
        1 => "## a comment of the template\n".to_owned(),
        2 => "<%doc>\n not ${shown}\n</%doc>\n".to_owned(),
        3 => "<%text>${as it is} % if</%text>\n".to_owned(),
        4 => "%% a percent sign\n".to_owned(),
        5 => "joined \\\nlines\n".to_owned(),
        6 if depth > 0 => {
            let (yes, no) = (lines(chance, depth - 1), lines(chance, depth - 1));
            format!("% if {}:\n{yes}% else:\n{no}% endif\n", test(chance, 1))
        }
        7 if depth > 0 => {
            let first = test(chance, 1);
            let (a, b) = (lines(chance, depth - 1), lines(chance, depth - 1));
            format!("  % if {first}:\n{a}  % elif {}:  # why\n{b}  %endif\n", test(chance, 1))
        }
        8 if depth > 0 => {
            let items = chance.pick(&[
                "branch_labels or ()",
                "['x', 'y']",
                "range(3)",
                "message.split()",
                "sorted(['b', 'a'])",
            ]);
            let body = chance.pick(&[
                "    ${item}\n",
                "${loop.index}: ${item}${'' if loop.last else ','}\n",
                "${repr(item)}, \\\n",
                "",
            ]);
            format!("% for item in {items}:\n{body}% endfor\n")
        }
        9 => {
            "% for name, number in [('a', 1), ('b', 2)]:\n${name}=${number}\n% endfor\n".to_owned()
        }
        10 => "<% count = len(message) %># ${count}\n".to_owned(),
        11 => format!("<%\n    value = {}\n    other = value\n%>\\\n${{other}}\n", text(chance, 1)),
        12 => String::new(),
        13 => format!("    ${{{}}}  # tail ${{{}}}\n", expression(chance), expression(chance)),
        _ => format!("x = ${{{}}}\n", expression(chance)),
    }
}

fn lines(chance: &mut Chance, depth: usize) -> String {
    (0..chance.below(3)).map(|_| line(chance, depth)).collect()
}

const STOCK: &str = "\"\"\"${message}\n\nRevision ID: ${up_revision}\nRevises: ${down_revision | comma,n}\n\
    Create Date: ${create_date}\n\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\
    ${imports if imports else \"\"}\n\nrevision = ${repr(up_revision)}\n\
    down_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n\
    depends_on = ${repr(depends_on)}\n\n\ndef upgrade():\n    ${upgrades if upgrades else \"pass\"}\n\n\n\
    def downgrade():\n    ${downgrades if downgrades else \"pass\"}\n";

/// A template with the names it is rendered with.
pub(crate) fn case(chance: &mut Chance, config: &str) -> Value {
    let mut template = String::new();
    if chance.once_in(12) {
        template.push_str("# -*- coding: utf-8 -*-\n");
    }
    let is_helped = chance.once_in(3);
    if is_helped {
        template.push_str(HELPERS);
    }
    for stock in STOCK.split_inclusive('\n') {
        if !chance.once_in(14) {
            template.push_str(stock);
        }
        if chance.once_in(5) {
            template.push_str(&line(chance, 2));
        }
        if is_helped && chance.once_in(5) {
            template.push_str(chance.pick(&HELPED));
        }
    }
    if chance.once_in(8) {
        template = template.replace('\n', "\r\n");
    }
    if chance.once_in(9) {
        let end = template.trim_end().len();
        template.truncate(end);
    }
    let down = match chance.below(4) {
        0 => json!(null),
        1 => json!({ "tuple": ["a1b2", "c3d4"] }),
        _ => json!("ae1027a6acf"),
    };
    let labels = match chance.below(4) {
        0 => json!({ "tuple": ["lib"] }),
        1 => json!({ "tuple": ["lib", "it's"] }),
        _ => json!(null),
    };
    let depends = match chance.below(4) {
        0 => json!("548bbb905360"),
        1 => json!(["548bbb905360", "b7ea43dc85e4"]),
        _ => json!(null),
    };
    let minutes = match chance.below(4) {
        0 => json!(540),
        1 => json!(-210),
        2 => json!(0),
        _ => json!(null),
    };
    let micros = if chance.once_in(5) { 0 } else { chance.below(1_000_000) };
    json!({
        "template": template,
        "names": {
            "message": chance.pick(&MESSAGES),
            "up_revision": "f00d27a6acf1",
            "down_revision": down,
            "branch_labels": labels,
            "depends_on": depends,
        },
        "moment": [
            1999 + chance.below(60), 1 + chance.below(12), 1 + chance.below(28), chance.below(24),
            chance.below(60), chance.below(60), micros, minutes,
        ],
        "config": config,
    })
}
