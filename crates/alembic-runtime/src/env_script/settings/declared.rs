//! The fields that a class of pydantic declares, as it reads them.

use std::rc::Rc;

use python_static::tree::{Expression, Node};

use crate::env_script::{
    machine::Machine,
    statements::dotted,
    value::{Class, Dict, Field, Value},
};

impl Machine<'_> {
    /// The fields that are filled: no class variables, no private attributes. What `Annotated[…, Field(…)]` says of
    /// one is its default's.
    pub(super) fn declared(&mut self, class: &Rc<Class>) -> Vec<Field> {
        let fields = Self::fields(class).into_iter().filter(|field| {
            &*field.name != "model_config"
                && !field.name.starts_with('_')
                && !is_class_variable(&field.annotation)
        });
        fields.map(|field| self.described(field)).collect()
    }

    fn described(&mut self, field: Field) -> Field {
        let Node::Subscript { of, index } = &field.annotation.node else { return field };
        let Node::Tuple(items) = &index.node else { return field };
        if last_name(of).as_deref() != Some("Annotated") {
            return field;
        }
        let mut rest = Vec::with_capacity(items.len());
        let mut said: Option<Rc<Dict>> = None;
        for item in items {
            let is_field = matches!(&item.node, Node::Call { function, .. }
                if last_name(function).as_deref() == Some("Field"));
            match self.eval_if(&field, item, is_field) {
                Some(Value::Dict(dict)) if dict.is_field => said = Some(dict),
                _ => rest.push(item.clone()),
            }
        }
        let Some(said) = said else { return field };
        match &field.default {
            Some(Value::Dict(own)) if own.is_field => {
                for (name, value) in own.items.borrow().iter() {
                    said.insert(name, value.clone());
                }
            }
            Some(value) => said.insert("default", value.clone()),
            None => {}
        }
        let index = Expression { range: index.range.clone(), node: Node::Tuple(rest) };
        let node = Node::Subscript { of: of.clone(), index: Box::new(index) };
        let annotation = Expression { range: field.annotation.range.clone(), node };
        Field { annotation: Rc::new(annotation), default: Some(Value::Dict(said)), ..field }
    }

    fn eval_if(&mut self, field: &Field, item: &Expression, wanted: bool) -> Option<Value> {
        wanted.then(|| self.eval(&field.scope, item).ok()).flatten()
    }
}

/// `ClassVar[…]`
pub(in crate::env_script) fn is_class_variable(annotation: &Expression) -> bool {
    let name = match &annotation.node {
        Node::Subscript { of, .. } => of,
        _ => annotation,
    };
    last_name(name).as_deref() == Some("ClassVar")
}

/// `Optional[…]`, or a union with `None`.
pub(super) fn is_optional(annotation: &Expression) -> bool {
    match &annotation.node {
        Node::Subscript { of, .. } => last_name(of).as_deref() == Some("Optional"),
        Node::Binary { right, operator: "|", .. } => {
            matches!(right.node, Node::Constant(python_static::Value::None))
        }
        _ => false,
    }
}

/// The alias under which a model is given the field.
pub(super) fn alias(field: &Field) -> Option<Rc<str>> {
    let Some(Value::Dict(dict)) = &field.default else { return None };
    match dict.get("validation_alias").or_else(|| dict.get("alias")) {
        Some(Value::Str(name, _)) if dict.is_field => Some(name),
        _ => None,
    }
}

fn last_name(expression: &Expression) -> Option<String> {
    dotted(expression).and_then(|name| name.rsplit('.').next().map(str::to_owned))
}
