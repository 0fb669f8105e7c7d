//! Members of enums and fields of named tuples.

use std::sync::Arc;

use super::calls::Arguments;
use super::classes::FIELDS;
use super::machine::{Eval, Machine};
use super::object::{Cell, Class, ClassKind, Id, Object};
use crate::source::TextRange;

impl Machine<'_> {
    /// Replaces the plain attributes of an enum by its members.
    pub(super) fn make_members(&mut self, id: Id) {
        let Cell::Class(class) = self.state.cell(id).clone() else {
            return;
        };
        let mut attributes = Vec::with_capacity(class.attributes.len());
        for (name, value) in class.attributes {
            let is_member =
                !name.starts_with('_') && !matches!(value, Object::Function(_) | Object::Class(_));
            let member = if is_member {
                let value = match &value {
                    Object::Builtin(auto) if &**auto == "enum.auto()" => match class.kind {
                        ClassKind::StrEnum => Object::str(name.to_lowercase()),
                        _ => Object::Int(i128::try_from(attributes.len()).unwrap_or(0) + 1),
                    },
                    _ => value.clone(),
                };
                let attributes = vec![
                    (Arc::from("name"), Object::Str(Arc::clone(&name))),
                    (Arc::from("value"), value.clone()),
                    (Arc::from("_name_"), Object::Str(Arc::clone(&name))),
                    (Arc::from("_value_"), value),
                ];
                Object::Instance(self.state.allocate(Cell::Instance { class: id, attributes }))
            } else {
                value
            };
            attributes.push((name, member));
        }
        if let Cell::Class(class) = self.state.cell_mut(id) {
            class.attributes = attributes;
        }
    }

    /// The value of an enum's member, and whether the member is a string too.
    pub(super) fn enum_value(&self, instance: Id) -> Option<(bool, Object)> {
        let Cell::Instance { class, attributes } = self.state.cell(instance) else {
            return None;
        };
        let Cell::Class(class) = self.state.cell(*class) else {
            return None;
        };
        let text = match class.kind {
            ClassKind::Enum => false,
            ClassKind::StrEnum => true,
            _ => return None,
        };
        let value = attributes.iter().find(|(name, _)| &**name == "value")?;
        Some((text, value.1.clone()))
    }

    pub(super) fn enum_members(&mut self, class: Id, range: TextRange) -> Eval<Vec<Object>> {
        let found = self.class_cell(class)?;
        if !matches!(found.kind, ClassKind::Enum | ClassKind::StrEnum) {
            return Err(
                self.unknown("what this iterates over is only known when the program runs", range)
            );
        }
        let is_member = |value: &&Object| matches!(value, Object::Instance(_));
        Ok(found.attributes.iter().map(|(_, value)| value).filter(is_member).cloned().collect())
    }

    pub(super) fn member_by_value(
        &mut self,
        class: Id,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let Some(wanted) = arguments.first() else {
            return Err(self.unknown("this call is only known when the program runs", range));
        };
        for member in self.enum_members(class, range.clone())? {
            if let Object::Instance(id) = member
                && let Some((_, value)) = self.enum_value(id)
                && self.equal(&value, wanted, &range)?
            {
                return Ok(member);
            }
        }
        Err(self.raise("ValueError", "not a value of the enum", range))
    }

    /// `Enum["NAME"]`, or a generic alias.
    pub(super) fn class_subscript(&mut self, class: Id, index: &Object, range: TextRange) -> Eval {
        let kind = self.class_cell(class)?.kind;
        match index {
            Object::Str(name) if matches!(kind, ClassKind::Enum | ClassKind::StrEnum) => {
                match self.class_attribute(class, name, 0)? {
                    Some(member) => Ok(member),
                    None => Err(self.raise("KeyError", format!("`{name}`"), range)),
                }
            }
            _ => Ok(Object::Class(class)),
        }
    }

    /// The fields of a named tuple in order.
    pub(super) fn named_tuple_items(
        &mut self,
        instance: Id,
        range: TextRange,
    ) -> Eval<Vec<Object>> {
        if let Cell::Instance { class, attributes } = self.state.cell(instance)
            && let Cell::Class(found) = self.state.cell(*class)
        {
            if found.kind == ClassKind::NamedTuple {
                return Ok(attributes.iter().map(|(_, value)| value.clone()).collect());
            }
            if let Some((true, text)) = self.enum_value(instance) {
                return self.iterate(&text, range);
            }
        }
        Err(self.unknown("what this iterates over is only known when the program runs", range))
    }

    /// The class that `collections.namedtuple(name, fields)` makes.
    pub(super) fn named_tuple(&mut self, arguments: &Arguments, range: TextRange) -> Eval {
        let (Some(Object::Str(name)), Some(fields)) =
            (arguments.get(0, "typename"), arguments.get(1, "field_names"))
        else {
            return Err(self.unknown("this call is only known when the program runs", range));
        };
        if arguments.positional.len() > 2 || arguments.keyword("defaults").is_some() {
            return Err(self.unknown("this call is only known when the program runs", range));
        }
        let fields: Vec<Object> = match fields {
            Object::Str(text) => {
                text.replace(',', " ").split_whitespace().map(Object::str).collect()
            }
            other => self.iterate(&other.clone(), range)?,
        };
        let name = Arc::clone(name);
        Ok(Object::Class(self.state.allocate(Cell::Class(Class {
            name,
            bases: Vec::new(),
            attributes: vec![(FIELDS.into(), Object::tuple(fields))],
            kind: ClassKind::NamedTuple,
        }))))
    }
}
