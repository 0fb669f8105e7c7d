//! `.env` files by the rules of python-dotenv 1.2, which is what Python projects read them with.
//!
//! `export `, single and double quotes with their escapes, values over several lines, comments, and `${NAME}` and
//! `${NAME:-default}`; `$NAME` and `$$` stay as they are. A line that cannot be read is passed over, as python-dotenv
//! does with a warning.

mod reader;
mod variables;

use std::path::Path;

/// Files longer than this are not read, and no value grows longer.
const MAX_SIZE: usize = 1 << 20;

/// A `.env` file, read but not yet interpolated. It has no `Debug`: values may be passwords.
#[derive(Clone, Default)]
pub struct DotEnv {
    bindings: Vec<Binding>,
    unreadable: Vec<usize>,
}

/// A line of the file. `None` is a name without an equals sign.
#[derive(Clone)]
struct Binding {
    name: String,
    value: Option<String>,
    line: usize,
}

/// A variable of the file with its final value.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; `None` when the file only names it.
    pub value: Option<String>,
    /// Its line, counted from 1.
    pub line: usize,
}

/// Which value `${NAME}` takes when both the file and the process have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The process, as `load_dotenv()` does.
    Process,
    /// The file, as `load_dotenv(override=True)`, `dotenv_values()` and so pydantic do.
    File,
}

impl DotEnv {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Self {
        // Python opens the file as text: every line end is a line feed.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = reader::Reader::new(&text);
        let mut file = Self::default();
        while reader.has_next() {
            match reader.binding() {
                Ok(Some(binding)) => file.bindings.push(binding),
                Ok(None) => {}
                Err(line) => file.unreadable.push(line),
            }
        }
        file
    }

    /// Reads a file; `None` when there is none, or when it is too long or not UTF-8.
    pub fn read(path: &Path) -> Option<Self> {
        let metadata = fs_err::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > MAX_SIZE as u64 {
            return None;
        }
        fs_err::read_to_string(path).ok().map(|text| Self::parse(&text))
    }

    /// The lines that could not be read, counted from 1.
    pub fn unreadable_lines(&self) -> &[usize] {
        &self.unreadable
    }

    /// Whether the file gives the variable a value.
    pub fn defines(&self, name: &str) -> bool {
        self.bindings.iter().any(|binding| binding.name == name && binding.value.is_some())
    }

    /// The variables, each once with its last value, interpolated. `process` looks into the process's environment.
    pub fn variables(
        &self,
        preference: Preference,
        process: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Variable> {
        let mut found: Vec<Variable> = Vec::with_capacity(self.bindings.len());
        for binding in &self.bindings {
            let own = |name: &str| {
                let known = found.iter().find(|variable| variable.name == name);
                known.map(|variable| variable.value.clone().unwrap_or_default())
            };
            let lookup = |name: &str| match preference {
                Preference::Process => process(name).or_else(|| own(name)),
                Preference::File => own(name).or_else(|| process(name)),
            };
            let value = binding.value.as_deref().map(|raw| variables::interpolate(raw, &lookup));
            let variable = Variable { name: binding.name.clone(), value, line: binding.line };
            match found.iter_mut().find(|known| known.name == binding.name) {
                Some(known) => *known = variable,
                None => found.push(variable),
            }
        }
        found
    }
}
