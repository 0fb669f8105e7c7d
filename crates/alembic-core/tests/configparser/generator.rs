//! Ini files by chance: some nearly right, some wild. The same seed gives the same files.

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

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const SECTIONS: [&str; 12] = [
    "alembic",
    "Alembic",
    "other",
    "DEFAULT",
    "default",
    " alembic ",
    "a]b",
    "é",
    "post_write_hooks",
    "x=y",
    "[",
    "loggers",
];
const KEYS: [&str; 18] = [
    "script_location",
    "Script_Location",
    "SCRIPT_LOCATION",
    "version_locations",
    "path_separator",
    "here",
    "HERE",
    "a",
    "b",
    "c",
    "base",
    "two words",
    "é",
    "É",
    "İ",
    "ΑΣ",
    "k%",
    "(k)",
];
const VALUES: [&str; 31] = [
    "",
    "migrations",
    "%(here)s/migrations",
    "%(HERE)s",
    "%(a)s",
    "%(b)s",
    "%(c)s",
    "%(base)sx",
    "%(nope)s",
    "%%",
    "%",
    "100%",
    "%d",
    "%(a)",
    "%(a",
    "%()s",
    "%(two words)s",
    "%%(here)s",
    "%%%(a)s",
    "value # no comment",
    "value ; none",
    "a=b=c",
    "a:b",
    "'quoted'",
    "it's",
    "\"both\" it's",
    "ends \\",
    "é追",
    "x\u{85}y",
    "\u{a0}",
    "%(é)s",
];
const DELIMITERS: [&str; 9] = ["=", ":", " = ", " : ", "\t=\t", " =", "= ", "==", " :="];
const INDENTS: [&str; 9] = ["", "", "", "", " ", "    ", "\t", "  \t", "\u{3000}"];
const ENDS: [&str; 8] = ["\n", "\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n"];
const WILD: [&str; 36] = [
    "[",
    "]",
    "=",
    ":",
    "#",
    ";",
    "%",
    "(",
    ")",
    "s",
    "a",
    "B",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n ",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{c}",
    "\u{1c}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\0",
    "'",
    "\"",
    "\\",
    "é",
    "ς",
    "\u{301}",
    "\u{10ffff}",
    "%(a)s",
];

/// One file.
pub(crate) fn file(chance: &mut Chance) -> String {
    match chance.below(4) {
        0 => wild(chance),
        1 => tidy(chance),
        _ => near(chance),
    }
}

/// Fragments in any order.
fn wild(chance: &mut Chance) -> String {
    let mut text = String::new();
    if !chance.once_in(4) {
        text.push_str("[s]\n");
    }
    for _ in 0..chance.below(40) {
        text.push_str(chance.pick(&WILD));
    }
    text
}

/// Sections and options that mostly do not repeat: what interpolation has to say.
fn tidy(chance: &mut Chance) -> String {
    let mut text = String::new();
    for section in ["DEFAULT", "alembic", "other"] {
        text.extend(["[", section, "]\n"]);
        for key in ["a", "b", "c", "base", "here"] {
            if chance.once_in(2) {
                continue;
            }
            text.extend([key, " = ", &value(chance), "\n"]);
        }
    }
    text
}

/// Lines of every kind, each with its chance to go wrong.
fn near(chance: &mut Chance) -> String {
    let mut text = String::new();
    if !chance.once_in(12) {
        text.push_str("[alembic]\n");
    }
    for _ in 0..chance.below(14) {
        let line = line(chance);
        text.push_str(chance.pick(&INDENTS));
        text.push_str(&line);
        text.push_str(chance.pick(&ENDS));
    }
    if chance.once_in(3) {
        text.truncate(text.trim_end().len());
    }
    text
}

fn line(chance: &mut Chance) -> String {
    match chance.below(16) {
        0..=1 => {
            format!("[{}]{}", chance.pick(&SECTIONS), chance.pick(&["", "", " ", "x", " # c"]))
        }
        2 => chance.pick(&["# c", "; c", "#", "#c = d", ";[s]"]).to_owned(),
        3 => chance.pick(&["", " ", "\t", "\u{c}"]).to_owned(),
        4 => chance
            .pick(&["no delimiter", "[open", "= no key", ": x", "[]", "]", "\u{feff}[s]"])
            .to_owned(),
        5..=7 => value(chance),
        _ => {
            let key = chance.pick(&KEYS);
            // Without a number most keys would repeat, and every file would end there.
            let number = chance.below(30);
            let key = if chance.once_in(3) { key.to_owned() } else { format!("{key}{number}") };
            format!("{key}{}{}", chance.pick(&DELIMITERS), value(chance))
        }
    }
}

fn value(chance: &mut Chance) -> String {
    let mut value = chance.pick(&VALUES).to_owned();
    if chance.once_in(3) {
        value.push_str(chance.pick(&VALUES));
    }
    value
}
