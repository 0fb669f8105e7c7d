//! The text of values, as `str()` and `repr()` write it.

use crate::program::Machine;
use crate::program::value::Value;
use crate::text;

/// How many values `repr()` may show.
const MAX_SHOWN: u32 = 2000;

impl Machine {
    /// The text of a value: `str()`.
    pub fn show(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Str(text) => text.to_string(),
            Value::Instance(instance) => {
                let class = &instance.class;
                if !class.is_enum.get() {
                    return None;
                }
                let attributes = instance.attributes.borrow();
                if class.has_base("enum.StrEnum") || class.has_base("enum.IntEnum") {
                    return self.show(attributes.get("value")?);
                }
                format!("{}.{}", class.name, attributes.get("name")?.as_str()?)
            }
            other => return self.repr(other),
        })
    }

    /// The text of a value: `repr()`.
    pub(in crate::program) fn repr(&self, value: &Value) -> Option<String> {
        Self::repr_within(value, &mut { MAX_SHOWN })
    }

    fn repr_within(value: &Value, left: &mut u32) -> Option<String> {
        *left = left.checked_sub(1)?;
        Some(match value {
            Value::None => "None".to_owned(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => float_text(*value),
            Value::Str(value) => text::repr(value),
            Value::Tuple(items) => {
                let parts: Option<Vec<String>> =
                    items.iter().map(|item| Self::repr_within(item, left)).collect();
                let parts = parts?;
                if parts.len() == 1 {
                    format!("({},)", parts[0])
                } else {
                    format!("({})", parts.join(", "))
                }
            }
            Value::List(items) => {
                let items = items.try_borrow().ok()?;
                if items.len() > 1000 {
                    return None;
                }
                let parts: Option<Vec<String>> = items
                    .iter()
                    .map(|item| {
                        if matches!(item, Value::List(_) | Value::Dict(_)) {
                            None
                        } else {
                            Self::repr_within(item, left)
                        }
                    })
                    .collect();
                format!("[{}]", parts?.join(", "))
            }
            _ => return None,
        })
    }
}

fn float_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e16 {
        format!("{value:.1}")
    } else {
        format!("{value}")
    }
}
