//! Python's own functions and the parts of its library that URLs are made with.

use std::{path::Path, rc::Rc};

use python_static::TextRange;

use super::environment::path_of;
use crate::database_url::percent;
use crate::env_script::{
    calls::Arguments,
    machine::{Eval, Machine},
    paths,
    value::{Scope, Trail, Value},
};

impl Machine<'_> {
    pub(super) fn os_function(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: &Arguments,
    ) -> Eval<Option<Value>> {
        let cwd = self.inputs.config.cwd().to_owned();
        let text = |text: String| Some(Value::text(text, Trail::default()));
        let first = arguments.plain.first().and_then(path_of);
        let first_text = first.as_ref().map(|path| path.to_string_lossy().into_owned());
        Ok(match path {
            "os.getenv" | "os.environ.get" | "os.environ.setdefault" => {
                let Some(name) = arguments.text(0, "key").map(str::to_owned) else {
                    if path == "os.environ.setdefault" {
                        self.environment_doubt =
                            Some(self.doubt(scope, range, "the environment is changed here"));
                    }
                    return Ok(None);
                };
                let default = arguments.get(1, "default").cloned();
                if path == "os.environ.setdefault" && self.environment_has(&name) == Some(false) {
                    let value = default.clone().unwrap_or(Value::None);
                    self.set_variable(&name, Some(value));
                }
                Some(self.variable_or(scope, range, &name, default))
            }
            "os.environ.pop" => {
                let Some(name) = arguments.text(0, "key").map(str::to_owned) else {
                    let doubt = self.doubt(scope, range, "a variable is removed here");
                    self.replace_environment(&doubt);
                    return Ok(None);
                };
                let value =
                    self.variable_or(scope, range, &name, arguments.get(1, "default").cloned());
                self.set_variable(&name, None);
                Some(value)
            }
            "os.environ.update" => {
                self.update_environment(scope, range, arguments.plain.first());
                let named = self.new_dict(arguments.keywords.clone(), arguments.open.clone());
                self.update_environment(scope, range, Some(&Value::Dict(named)));
                Some(Value::None)
            }
            "os.environ.__setitem__" => {
                let [name, value] = arguments.plain.as_slice() else { return Ok(None) };
                self.set_item(scope, range, &Value::external("os.environ"), name, value.clone());
                Some(Value::None)
            }
            "os.environ.clear" | "os.environ.popitem" | "os.environ.__delitem__" => {
                let doubt = self.doubt(scope, range, "the environment is changed here");
                self.replace_environment(&doubt);
                Some(Value::None)
            }
            "os.getcwd" | "os.path.curdir" => text(cwd.to_string_lossy().into_owned()),
            "os.path.abspath" | "os.path.realpath" => first
                .and_then(|path| text(paths::absolute(&cwd, &path).to_string_lossy().into_owned())),
            "os.path.normpath" => {
                first.and_then(|path| text(paths::normalized(&path).to_string_lossy().into_owned()))
            }
            "os.path.dirname" => first_text.and_then(|path| text(paths::dirname(&path).to_owned())),
            "os.path.basename" => first_text
                .and_then(|path| text(path.rsplit('/').next().unwrap_or_default().to_owned())),
            "os.path.join" => {
                let parts: Option<Vec<_>> = arguments.plain.iter().map(path_of).collect();
                parts.and_then(|parts| {
                    let joined =
                        parts.iter().fold(std::path::PathBuf::new(), |path, part| path.join(part));
                    text(joined.to_string_lossy().into_owned())
                })
            }
            "os.path.expandvars" => match arguments.plain.first() {
                Some(Value::Str(text, trail)) => {
                    let text = Value::Str(Rc::clone(text), trail.clone());
                    Some(self.expanded(scope, range, &text))
                }
                _ => None,
            },
            "os.path.exists" => first.map(|path| Value::Bool(cwd.join(path).exists())),
            "os.path.isfile" => first.map(|path| Value::Bool(cwd.join(path).is_file())),
            "os.path.isdir" => first.map(|path| Value::Bool(cwd.join(path).is_dir())),
            "os.chdir" => {
                self.environment_doubt =
                    Some(self.doubt(scope, range, "the current directory is changed here"));
                Some(Value::None)
            }
            _ => None,
        })
    }

    pub(super) fn standard(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: &Arguments,
    ) -> Eval<Option<Value>> {
        let first = arguments.plain.first();
        Ok(match path {
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" => {
                let parts: Option<Vec<_>> = arguments.plain.iter().map(path_of).collect();
                parts.map(|parts| Value::Path(Rc::new(parts.iter().collect())))
            }
            "pathlib.Path.cwd" => Some(Value::Path(Rc::new(self.inputs.config.cwd().to_owned()))),
            "sys.path.append" | "sys.path.insert" | "sys.path.extend" => {
                let added = arguments.plain.last().and_then(path_of);
                if let Some(added) = added {
                    self.add_root(&added, path.ends_with("insert"));
                }
                Some(Value::None)
            }
            "sys.exit" => {
                return Err(self.raise(scope, range, "SystemExit", "env.py ends the program here"));
            }
            "urllib.parse.quote_plus" | "urllib.parse.quote" => match first {
                Some(Value::Str(text, trail)) if arguments.plain.len() == 1 => {
                    let safe = arguments.keyword("safe").map_or(Some("/"), Value::as_str);
                    safe.map(|safe| {
                        let quoted = if path.ends_with("_plus") {
                            percent::quote_plus(text)
                        } else {
                            percent::quote(text, safe)
                        };
                        Value::text(quoted, trail.clone())
                    })
                }
                _ => None,
            },
            "urllib.parse.unquote" => match first {
                Some(Value::Str(text, trail)) => {
                    Some(Value::text(percent::unquote(text), trail.clone()))
                }
                _ => None,
            },
            "logging.config.fileConfig" => {
                self.calls_file_config = true;
                Some(Value::None)
            }
            "asyncio.run"
            | "anyio.run"
            | "asyncio.run_coroutine_threadsafe"
            | "asyncio.ensure_future"
            | "asyncio.create_task" => match first {
                Some(function @ (Value::Function(_) | Value::Bound(_))) => {
                    let rest = Arguments::of(arguments.plain[1..].to_vec());
                    Some(self.call(scope, range, function, rest)?)
                }
                // A coroutine was followed where it was made.
                Some(value) => Some(value.clone()),
                None => None,
            },
            "functools.partial" => Some(self.partial(arguments)),
            "typing.cast" => arguments.plain.get(1).cloned(),
            _ if path.starts_with("asyncio.") && path.ends_with("loop") => {
                Some(Value::external("asyncio.loop"))
            }
            "asyncio.loop.run_until_complete" | "asyncio.loop.create_task" => {
                Some(first.cloned().unwrap_or(Value::None))
            }
            _ if path.starts_with("logging.") => Some(Value::external("logging.Logger")),
            _ => None,
        })
    }

    /// `sys.path` grows.
    fn add_root(&mut self, path: &Path, first: bool) {
        let path = paths::absolute(self.inputs.config.cwd(), path);
        if self.condition_beyond(0).is_none()
            && !self.roots.contains(&path)
            && self.roots.len() < 64
        {
            let index = if first { 0 } else { self.roots.len() };
            self.roots.insert(index, path);
        }
    }

    pub(super) fn builtin(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: Arguments,
    ) -> Eval {
        let first = arguments.plain.first().cloned().unwrap_or(Value::None);
        let name = path.strip_prefix("builtins.").unwrap_or(path);
        let found = match name {
            "str" if arguments.plain.len() == 1 => Some(self.to_text(scope, range, &first)),
            "str" if arguments.plain.is_empty() => Some(Value::text("", Trail::default())),
            "int" => match &first {
                Value::Str(text, _) if self.tries > 0 && is_no_number(text) => {
                    return Err(self.raise(scope, range, "ValueError", "this text is no number"));
                }
                Value::Str(text, _) => text.trim().parse().ok().map(Value::Int),
                Value::Int(_) => Some(first.clone()),
                Value::Bool(value) => Some(Value::Int((*value).into())),
                _ => None,
            },
            "bool" => first.truth().map(Value::Bool),
            "len" => match &first {
                Value::Str(text, _) => i128::try_from(text.chars().count()).ok().map(Value::Int),
                other => self
                    .items_of(other)
                    .and_then(|items| i128::try_from(items.len()).ok())
                    .map(Value::Int),
            },
            "list" | "tuple" | "sorted"
                if arguments.plain.len() == 1
                    && arguments.keywords.is_empty()
                    && name != "sorted" =>
            {
                self.items_of(&first).map(|items| self.list(items))
            }
            "list" | "tuple" if arguments.plain.is_empty() => Some(self.list(Vec::new())),
            "dict" => {
                let dict = self.new_dict(Vec::new(), arguments.open.clone());
                if !arguments.plain.is_empty() {
                    self.merge(scope, range, &dict, &first);
                }
                for (name, value) in &arguments.keywords {
                    dict.insert(name, value.clone());
                }
                Some(Value::Dict(dict))
            }
            "print" => Some(Value::None),
            "getattr" => return self.getattr(scope, range, &arguments),
            "setattr" | "object.__setattr__" => {
                self.setattr(scope, range, &arguments);
                Some(Value::None)
            }
            "locals" if scope.own.is_none() => Some(Value::Object(self.object("names"))),
            "globals" => Some(Value::Object(self.object("names"))),
            "vars" | "locals" | "exec" | "eval" => {
                let doubt = self.doubt(scope, range, format!("what `{name}` does is not followed"));
                match arguments.plain.first() {
                    Some(of) if name == "vars" => self.spoil_all(of, &doubt),
                    _ if name == "exec" || name == "vars" => {
                        scope.spoil(&doubt);
                        Scope::of_module(&scope.module, 0).spoil(&doubt);
                    }
                    _ => {}
                }
                Some(Value::Unknown(doubt))
            }
            "isinstance" => is_instance(&first, arguments.plain.get(1)).map(Value::Bool),
            _ => self.iteration(name, &arguments),
        };
        match found {
            Some(value) => Ok(value),
            None => self.call_unknown(
                scope,
                range,
                &first,
                &arguments,
                &format!("what `{name}` gives is not known"),
            ),
        }
    }

    fn setattr(&mut self, scope: &Rc<Scope>, range: &TextRange, arguments: &Arguments) {
        match arguments.plain.as_slice() {
            [of, Value::Str(name, _), value] => {
                self.set_attribute(scope, range, of, name, value.clone());
            }
            [of, ..] => {
                let doubt = self.doubt(scope, range, "an attribute that is not known is set");
                self.spoil_all(of, &doubt);
            }
            [] => {}
        }
    }

    /// Any attribute of a value may have been set.
    fn spoil_all(&self, of: &Value, doubt: &Rc<crate::env_script::Doubt>) {
        match of {
            Value::Object(object) => object.spoil(doubt),
            Value::Class(class) => class.scope.spoil(doubt),
            Value::Module(module) => Scope::of_module(module, 0).spoil(doubt),
            _ => {}
        }
    }

    fn getattr(&mut self, scope: &Rc<Scope>, range: &TextRange, arguments: &Arguments) -> Eval {
        let (Some(of), Some(name)) = (arguments.plain.first(), arguments.text(1, "name")) else {
            return Ok(self.unknown(scope, range, "what `getattr` gives is not known"));
        };
        let known_missing = match of {
            Value::Object(object) => {
                object.tag.is_empty()
                    && object.open.borrow().is_none()
                    && !object.attributes.borrow().contains_key(name)
                    && object.class.as_ref().is_some_and(|class| {
                        Self::kind(class) != crate::env_script::classes::Kind::Foreign
                            && Self::of_class(class, name).is_none()
                            && Self::of_class(class, "__getattr__").is_none()
                    })
            }
            _ => false,
        };
        match arguments.plain.get(2) {
            Some(default) if known_missing => Ok(default.clone()),
            _ => self.attribute(scope, range, of, name),
        }
    }
}

/// Whether `int(text)` certainly refuses a text: letters, or nothing at all.
fn is_no_number(text: &str) -> bool {
    let text = text.trim();
    text.is_ascii() && (text.is_empty() || text.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn is_instance(value: &Value, class: Option<&Value>) -> Option<bool> {
    let Some(Value::External(class)) = class else {
        return None;
    };
    let last = class.rsplit('.').next().unwrap_or_default();
    match (value, last) {
        (Value::Str(..), "str")
        | (Value::Int(_), "int")
        | (Value::Bool(_), "bool")
        | (Value::Dict(_), "dict") => Some(true),
        (
            Value::Str(..) | Value::None | Value::Absent(_),
            "bytes" | "int" | "bool" | "dict" | "list" | "tuple",
        ) => Some(false),
        (Value::None | Value::Absent(_), "str") => Some(false),
        (Value::Dict(_) | Value::List(_) | Value::Url(..) | Value::Path(_), "str") => Some(false),
        _ => None,
    }
}
