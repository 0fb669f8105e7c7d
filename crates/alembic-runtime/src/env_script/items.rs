//! `of[index]`, read and set.

use std::rc::Rc;

use python_static::{TextRange, tree::Expression};

use super::{
    machine::{Eval, Machine},
    value::{Scope, Value},
};

impl Machine<'_> {
    pub(super) fn item(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        index: &Value,
    ) -> Eval {
        match (of, index) {
            (Value::External(name), Value::Str(key, _)) if &**name == "os.environ" => {
                if let Some(value) = self.variable(scope, range, key) {
                    return Ok(value);
                }
                let reason = format!("`{key}` is not set in the environment");
                if self.tries > 0 {
                    return Err(self.raise(scope, range, "KeyError", reason));
                }
                Ok(self.unknown(scope, range, reason))
            }
            (Value::Dict(dict), Value::Str(key, _)) => {
                if dict.is_x {
                    self.read_x(scope, range, key);
                }
                if let Some(value) = dict.get(key) {
                    return Ok(value);
                }
                if let Some(value @ Value::Str(..)) = self.environment_item(scope, range, dict, key)
                {
                    return Ok(value);
                }
                let open = dict.open.borrow().clone();
                match open {
                    Some(doubt) => Ok(Value::Unknown(doubt)),
                    None if self.tries > 0 => Err(self.raise(
                        scope,
                        range,
                        "KeyError",
                        format!("there is no `{key}` here"),
                    )),
                    None => Ok(self.unknown(scope, range, format!("there is no `{key}` here"))),
                }
            }
            (Value::List(list), Value::Int(index)) => {
                let items = list.items.borrow();
                let length = i128::try_from(items.len()).unwrap_or_default();
                let index = if *index < 0 { *index + length } else { *index };
                let found = usize::try_from(index).ok().and_then(|index| items.get(index).cloned());
                drop(items);
                Ok(found.unwrap_or_else(|| self.unknown(scope, range, "the list has no such item")))
            }
            (Value::Class(class), Value::Str(key, _)) => {
                Ok(self.class_attribute(scope, range, class, key))
            }
            (Value::External(name), _)
                if name.starts_with("alembic.context.config.file_config") =>
            {
                let reason =
                    "the parser of the configuration is used here in a way that is not followed";
                let doubt = self.doubt(scope, range, reason);
                self.config_doubt = Some(Rc::clone(&doubt));
                Ok(Value::Unknown(doubt))
            }
            (Value::Object(names), Value::Str(key, _)) if names.tag == "names" => {
                Ok(Scope::of_module(&scope.module, 0).lookup(key).unwrap_or_else(|| {
                    self.unknown(scope, range, format!("`{key}` is not bound here"))
                }))
            }
            // `Optional[str]`
            (Value::External(name), _)
                if name.starts_with("typing.") || name.starts_with("builtins.") =>
            {
                Ok(Value::External(Rc::clone(name)))
            }
            _ => Ok(self.unknown_from(scope, range, &[of, index], "this item is not known")),
        }
    }

    pub(super) fn set_item(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        index: &Value,
        value: Value,
    ) {
        match (of, index.as_str()) {
            (Value::External(name), Some(key)) if &**name == "os.environ" => {
                let value = match value {
                    Value::Str(text, trail) => Value::Str(text, trail),
                    Value::Unknown(doubt) => Value::Unknown(doubt),
                    other => self.to_text(scope, range, &other),
                };
                self.set_variable(key, Some(value));
            }
            // A key that is not known may be any.
            (Value::External(name), None) if &**name == "os.environ" => {
                let doubt = self.doubt(scope, range, "a variable that is not known is set here");
                self.replace_environment(&doubt);
            }
            (Value::Dict(dict), Some(key)) => {
                let value = self.changed(dict.level, dict.get(key).as_ref(), value);
                dict.insert(key, value);
            }
            // A key that is not known may be any.
            (Value::Dict(dict), None) if index.doubt().is_some() => {
                let doubt = self.doubt(scope, range, "a key that is not known is set here");
                self.open_up(dict, &doubt);
            }
            (Value::External(name), _)
                if name.starts_with("alembic.context.config.file_config") =>
            {
                self.config_doubt = Some(self.doubt(scope, range, "an option is set here"));
            }
            (Value::Object(names), Some(key)) if names.tag == "names" => {
                self.bind(&Scope::of_module(&scope.module, 0), key, value);
            }
            (Value::Object(names), None) if names.tag == "names" => {
                let doubt = self.doubt(scope, range, "a name that is not known is bound here");
                Scope::of_module(&scope.module, 0).spoil(&doubt);
            }
            (Value::List(list), _) => {
                let unknown = self.unknown(scope, range, "an item of this list is replaced here");
                list.items.borrow_mut().fill(unknown);
            }
            _ => {}
        }
    }

    /// `of[start:end]`
    pub(super) fn slice(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        (start, end): (Option<&Expression>, Option<&Expression>),
    ) -> Eval {
        let mut bound = |expression: Option<&Expression>| {
            expression.map(|expression| self.eval(scope, expression)).transpose()
        };
        let (start, end) = (bound(start)?, bound(end)?);
        let found = match of {
            Value::Str(text, trail) => {
                let characters: Vec<char> = text.chars().collect();
                cut(characters.len(), start.as_ref(), end.as_ref()).map(|(start, end)| {
                    let text: String = characters[start..end].iter().collect();
                    Value::text(text, trail.clone())
                })
            }
            Value::List(list) => {
                let items = list.items.borrow();
                cut(items.len(), start.as_ref(), end.as_ref())
                    .map(|(start, end)| self.list(items[start..end].to_vec()))
            }
            _ => None,
        };
        let bounds = [start.unwrap_or(Value::None), end.unwrap_or(Value::None)];
        let values = [of, &bounds[0], &bounds[1]];
        Ok(found.unwrap_or_else(|| {
            self.unknown_from(scope, range, &values, "this part is not followed")
        }))
    }
}

/// The bounds of a slice, as Python takes them.
fn cut(length: usize, start: Option<&Value>, end: Option<&Value>) -> Option<(usize, usize)> {
    let whole = i128::try_from(length).ok()?;
    let bound = |value: Option<&Value>, default: i128| match value {
        None => Some(default),
        Some(Value::Int(at)) => Some((if *at < 0 { *at + whole } else { *at }).clamp(0, whole)),
        Some(value) if value.is_none() => Some(default),
        Some(_) => None,
    };
    let start = usize::try_from(bound(start, 0)?).ok()?;
    let end = usize::try_from(bound(end, whole)?).ok()?;
    Some((start, end.max(start)))
}
