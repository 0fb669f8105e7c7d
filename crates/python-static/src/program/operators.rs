//! Operators, comparisons, items and slices.

use std::rc::Rc;

use rustpython_parser::ast::{CmpOp, ExprSlice, UnaryOp};

pub(super) use crate::ast::symbol;

use super::value::{Place, Scope, TermKind, Value};
use super::{Eval, MAX_SIZE, Machine, Stop};

fn is_symbolic(value: &Value) -> bool {
    matches!(value, Value::Term(_))
}

impl Machine {
    /// Whether a value is true, if that is known.
    pub fn truth(&self, value: &Value) -> Option<bool> {
        Some(match value {
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::List(items) | Value::Set(items) => !items.borrow().is_empty(),
            Value::Dict(items) => !items.borrow().is_empty(),
            Value::Unknown(_) | Value::Instance(_) => return None,
            Value::Term(term) => match &term.kind {
                TermKind::Name(name) => {
                    if &**name == "typing.TYPE_CHECKING"
                        || &**name == "typing_extensions.TYPE_CHECKING"
                    {
                        false
                    } else {
                        name.rsplit('.')
                            .next()
                            .is_some_and(|last| {
                                last.starts_with(char::is_uppercase)
                                    || name.starts_with("sqlalchemy")
                            })
                            .then_some(true)?
                    }
                }
                _ => return None,
            },
            _ => true,
        })
    }

    pub(super) fn binary(
        &mut self,
        op: &'static str,
        left: &Value,
        right: &Value,
        place: Place,
    ) -> Eval {
        if let Value::Unknown(_) = left {
            return Ok(left.clone());
        }
        if let Value::Unknown(_) = right {
            return Ok(right.clone());
        }
        if op == "|"
            && (matches!(left, Value::Class(_) | Value::Builtin(_))
                || matches!(right, Value::Class(_) | Value::Builtin(_)))
        {
            return Ok(self.term(TermKind::Operator("|", vec![left.clone(), right.clone()]), place));
        }
        if op == "%"
            && let Value::Str(format) = left
        {
            return Ok(match self.percent(format, right) {
                Some(text) => Value::str(text),
                None => self.doubt(right, place),
            });
        }
        if is_symbolic(left) || is_symbolic(right) || matches!(left, Value::Instance(_)) {
            return Ok(self.term(TermKind::Operator(op, vec![left.clone(), right.clone()]), place));
        }
        let known = match (left, right) {
            (Value::Int(a), Value::Int(b)) => int_op(op, *a, *b),
            (Value::Bool(a), Value::Int(b)) => int_op(op, i128::from(*a), *b),
            (Value::Int(a), Value::Bool(b)) => int_op(op, *a, i128::from(*b)),
            (Value::Float(a), Value::Float(b)) => float_op(op, *a, *b),
            #[expect(clippy::cast_precision_loss, reason = "as Python does")]
            (Value::Int(a), Value::Float(b)) => float_op(op, *a as f64, *b),
            #[expect(clippy::cast_precision_loss, reason = "as Python does")]
            (Value::Float(a), Value::Int(b)) => float_op(op, *a, *b as f64),
            (Value::Str(a), Value::Str(b)) if op == "+" && a.len() + b.len() < MAX_SIZE => {
                Some(Value::str(format!("{a}{b}")))
            }
            (Value::Str(a), Value::Int(n)) if op == "*" => {
                repeat(*n, a.len()).map(|n| Value::str(a.repeat(n)))
            }
            (Value::Tuple(a), Value::Tuple(b)) if op == "+" && a.len() + b.len() < MAX_SIZE => {
                Some(Value::tuple(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Value::List(a), Value::List(b)) if op == "+" => {
                let joined: Vec<Value> =
                    a.borrow().iter().chain(b.borrow().iter()).cloned().collect();
                (joined.len() < MAX_SIZE).then(|| Value::list(joined))
            }
            (Value::List(a), Value::Int(n)) if op == "*" => {
                repeat(*n, a.borrow().len()).map(|n| Value::list(cycle(&a.borrow(), n)))
            }
            (Value::Tuple(a), Value::Int(n)) if op == "*" => {
                repeat(*n, a.len()).map(|n| Value::tuple(cycle(a, n)))
            }
            (Value::Dict(a), Value::Dict(b)) if op == "|" => {
                let mut pairs = a.borrow().clone();
                for (key, value) in b.borrow().iter() {
                    super::eval::put(&mut pairs, key.clone(), value.clone());
                }
                Some(Value::dict(pairs))
            }
            (Value::Set(a), Value::Set(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                let within =
                    |items: &[Value], item: &Value| items.iter().any(|known| known.same(item));
                match op {
                    "|" => Some(self.set_of(a.into_iter().chain(b).collect())),
                    "-" => {
                        Some(self.set_of(a.into_iter().filter(|item| !within(&b, item)).collect()))
                    }
                    "&" => {
                        Some(self.set_of(a.into_iter().filter(|item| within(&b, item)).collect()))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(known) = &known {
            self.charge(super::methods::size_of(known).saturating_mul(2), place)?;
        }
        Ok(known.unwrap_or_else(|| self.unknown("the result of the operator is not known", place)))
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Value, place: Place) -> Eval {
        Ok(match (op, operand) {
            (UnaryOp::Not, value) => match self.truth(value) {
                Some(truth) => Value::Bool(!truth),
                None => self.doubt(value, place),
            },
            (_, Value::Unknown(_)) => operand.clone(),
            (UnaryOp::USub, Value::Int(value)) => Value::Int(value.wrapping_neg()),
            (UnaryOp::USub, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::UAdd, Value::Int(_) | Value::Float(_)) => operand.clone(),
            (UnaryOp::Invert, Value::Int(value)) => Value::Int(!value),
            (_, Value::Term(_)) => {
                let symbol = match op {
                    UnaryOp::Invert => "~",
                    UnaryOp::USub => "neg",
                    _ => "pos",
                };
                self.term(TermKind::Operator(symbol, vec![operand.clone()]), place)
            }
            _ => self.unknown("the result of the operator is not known", place),
        })
    }

    pub(super) fn compare(&mut self, op: CmpOp, left: &Value, right: &Value, place: Place) -> Eval {
        for side in [left, right] {
            if let Value::Unknown(_) = side {
                return Ok(side.clone());
            }
        }
        let symbolic = |value: &Value| matches!(value, Value::Term(term) if !matches!(term.kind, TermKind::Name(_)));
        match op {
            CmpOp::Is | CmpOp::IsNot => {
                let same = match (left, right) {
                    (Value::Term(term), Value::None) | (Value::None, Value::Term(term)) => {
                        // A call of a library may give anything, its classes and constructions do not.
                        match &term.kind {
                            TermKind::Call(function, _)
                                if function
                                    .name()
                                    .is_some_and(|name| name.starts_with("sqlalchemy")) =>
                            {
                                false
                            }
                            TermKind::Name(_) | TermKind::Object(..) | TermKind::Operator(..) => {
                                false
                            }
                            _ => {
                                return Ok(self.doubt(
                                    if matches!(left, Value::None) { right } else { left },
                                    place,
                                ));
                            }
                        }
                    }
                    (Value::Term(a), Value::Term(b))
                        if a.id != b.id
                            && symbolic(left)
                            && symbolic(right)
                            && !left.same(right) =>
                    {
                        return Ok(self.doubt(left, place));
                    }
                    _ => left.same(right),
                };
                Ok(Value::Bool(same == (op == CmpOp::Is)))
            }
            CmpOp::In | CmpOp::NotIn => {
                self.charge(super::methods::size_of(right).saturating_mul(2), place)?;
                let found = match right {
                    Value::Str(text) => left.as_str().map(|part| text.contains(part)),
                    Value::Namespace(scope) => left.as_str().map(|name| scope.get(name).is_some()),
                    Value::Term(_) if right.name().as_deref() == Some("sys.modules") => {
                        left.as_str().map(|name| self.modules.contains_key(name))
                    }
                    _ => match right.items() {
                        Some(items) if items.iter().any(|item| item.same(left)) => Some(true),
                        Some(items)
                            if !symbolic(left)
                                && !items.iter().any(|item| {
                                    matches!(item, Value::Unknown(_)) || symbolic(item)
                                }) =>
                        {
                            Some(false)
                        }
                        _ => None,
                    },
                };
                Ok(match found {
                    Some(found) => Value::Bool(found == (op == CmpOp::In)),
                    None if symbolic(right) => self.term(
                        TermKind::Operator(
                            if op == CmpOp::In { "in" } else { "not in" },
                            vec![left.clone(), right.clone()],
                        ),
                        place,
                    ),
                    None => self.doubt(right, place),
                })
            }
            CmpOp::Eq | CmpOp::NotEq if !symbolic(left) && !symbolic(right) => {
                Ok(equal(left, right).map_or_else(
                    || self.unknown("the comparison is not known", place),
                    |equal| Value::Bool(equal == (op == CmpOp::Eq)),
                ))
            }
            _ => {
                if symbolic(left) || symbolic(right) {
                    let name = match op {
                        CmpOp::Eq => "==",
                        CmpOp::NotEq => "!=",
                        CmpOp::Lt => "<",
                        CmpOp::LtE => "<=",
                        CmpOp::Gt => ">",
                        _ => ">=",
                    };
                    return Ok(self
                        .term(TermKind::Operator(name, vec![left.clone(), right.clone()]), place));
                }
                let Some(order) = order(left, right) else {
                    return Ok(self.unknown("the comparison is not known", place));
                };
                Ok(Value::Bool(match op {
                    CmpOp::Lt => order.is_lt(),
                    CmpOp::LtE => order.is_le(),
                    CmpOp::Gt => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
        }
    }

    pub(super) fn item(&mut self, of: &Value, index: &Value, place: Place) -> Eval {
        if let Value::Unknown(_) = of {
            return Ok(of.clone());
        }
        if let Value::Unknown(_) = index {
            return Ok(index.clone());
        }
        match (of, index) {
            (Value::Dict(pairs), _) => {
                let size = pairs.borrow().len();
                self.charge(size, place)?;
                if let Some((_, value)) = pairs.borrow().iter().find(|(key, _)| key.same(index)) {
                    return Ok(value.clone());
                }
                Err(Stop::Raise("KeyError".into(), place))
            }
            (Value::Term(_), Value::Str(name)) if of.name().as_deref() == Some("sys.modules") => {
                match self.modules.get(&**name) {
                    Some(module) => Ok(Value::Module(Rc::clone(module))),
                    None => Ok(self.unknown("the module is not known", place)),
                }
            }
            (Value::Namespace(scope), Value::Str(name)) => {
                scope.get(name).ok_or_else(|| Stop::Raise("KeyError".into(), place))
            }
            (Value::Str(text), Value::Int(at)) => {
                self.charge(text.len(), place)?;
                let chars: Vec<char> = text.chars().collect();
                position(*at, chars.len())
                    .map(|at| Value::str(chars[at].to_string()))
                    .ok_or_else(|| Stop::Raise("IndexError".into(), place))
            }
            (Value::Tuple(_) | Value::List(_), Value::Int(at)) => {
                let found = match of {
                    Value::Tuple(items) => position(*at, items.len()).map(|at| items[at].clone()),
                    Value::List(items) => {
                        let items = items.borrow();
                        position(*at, items.len()).map(|at| items[at].clone())
                    }
                    _ => None,
                };
                found.ok_or_else(|| Stop::Raise("IndexError".into(), place))
            }
            (Value::Class(class), Value::Str(name)) if class.is_enum.get() => {
                self.attribute(of, name, place)
            }
            _ => {
                if let Some(value) = self.ask_attribute(of, "__getitem__", place, Some(index)) {
                    return Ok(value);
                }
                match of {
                    Value::Term(_) | Value::Builtin(_) | Value::Class(_) => {
                        Ok(self.term(TermKind::Item(of.clone(), index.clone()), place))
                    }
                    _ => Ok(self.unknown("the item is not known", place)),
                }
            }
        }
    }

    pub(super) fn slice(
        &mut self,
        scope: &Rc<Scope>,
        of: &Value,
        slice: &ExprSlice,
        place: Place,
    ) -> Eval {
        let mut bounds = [None; 3];
        for (bound, expr) in bounds.iter_mut().zip([&slice.lower, &slice.upper, &slice.step]) {
            if let Some(expr) = expr {
                match self.eval(scope, expr)? {
                    Value::Int(value) => *bound = Some(value),
                    Value::None => {}
                    other => return Ok(self.doubt(&other, place)),
                }
            }
        }
        self.charge(super::methods::size_of(of).saturating_mul(4), place)?;
        let chars: Vec<char>;
        let length = match of {
            Value::Str(text) => {
                chars = text.chars().collect();
                let picked = pick(chars.len(), bounds);
                return Ok(Value::str(picked.into_iter().map(|at| chars[at]).collect::<String>()));
            }
            Value::Tuple(items) => items.len(),
            Value::List(items) => items.borrow().len(),
            other => return Ok(self.doubt(other, place)),
        };
        let items = of.items().unwrap_or_default();
        let picked = pick(length, bounds).into_iter().map(|at| items[at].clone()).collect();
        Ok(if matches!(of, Value::Tuple(_)) { Value::tuple(picked) } else { Value::list(picked) })
    }
}

fn pick(length: usize, [lower, upper, step]: [Option<i128>; 3]) -> Vec<usize> {
    let length = i128::try_from(length).unwrap_or(0);
    let step = step.unwrap_or(1);
    if step == 0 {
        return Vec::new();
    }
    let clamp = |bound: i128, low: i128, high: i128| {
        (if bound < 0 { bound.saturating_add(length) } else { bound }).clamp(low, high)
    };
    let mut picked = Vec::new();
    if step > 0 {
        let end = upper.map_or(length, |bound| clamp(bound, 0, length));
        let mut at = lower.map_or(0, |bound| clamp(bound, 0, length));
        while at < end {
            picked.push(usize::try_from(at).unwrap_or(0));
            at = at.saturating_add(step);
        }
    } else {
        let end = upper.map_or(-1, |bound| clamp(bound, -1, length - 1));
        let mut at = lower.map_or(length - 1, |bound| clamp(bound, -1, length - 1));
        while at > end {
            picked.push(usize::try_from(at).unwrap_or(0));
            at = at.saturating_add(step);
        }
    }
    picked
}

fn position(at: i128, length: usize) -> Option<usize> {
    let length = i128::try_from(length).ok()?;
    let at = if at < 0 { at + length } else { at };
    (0..length).contains(&at).then(|| usize::try_from(at).unwrap_or(0))
}

fn cycle(items: &[Value], times: usize) -> Vec<Value> {
    std::iter::repeat_n(items, times).flatten().cloned().collect()
}

fn repeat(times: i128, length: usize) -> Option<usize> {
    let times = usize::try_from(times.max(0)).ok()?;
    (times.checked_mul(length.max(1))? < MAX_SIZE).then_some(times)
}

fn int_op(op: &str, a: i128, b: i128) -> Option<Value> {
    Some(Value::Int(match op {
        "+" => a.checked_add(b)?,
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)?,
        "//" if b != 0 => a.checked_div_euclid(b).filter(|_| b > 0)?,
        "%" if b > 0 => a.rem_euclid(b),
        "**" => a.checked_pow(u32::try_from(b).ok()?)?,
        "<<" if (0..100).contains(&b) => a.checked_mul(1_i128 << b)?,
        ">>" if (0..100).contains(&b) => a >> b,
        "|" => a | b,
        "&" => a & b,
        "^" => a ^ b,
        #[expect(clippy::cast_precision_loss, reason = "as Python does")]
        "/" if b != 0 => return Some(Value::Float(a as f64 / b as f64)),
        _ => return None,
    }))
}

fn float_op(op: &str, a: f64, b: f64) -> Option<Value> {
    Some(Value::Float(match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" if b != 0.0 => a / b,
        _ => return None,
    }))
}

/// Whether two values that are no terms are equal; `None` is not known.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    let (a, b) = match (left, right) {
        _ if left.same(right) => return Some(true),
        // A class may say itself what equals its instances.
        (Value::Instance(_), _) | (_, Value::Instance(_)) => return None,
        (Value::Dict(a), Value::Dict(b)) => (a.borrow().len(), b.borrow().len()),
        (Value::Set(a), Value::Set(b)) => (a.borrow().len(), b.borrow().len()),
        _ => return Some(false),
    };
    // Their items are not compared.
    if a == b && a > 0 { None } else { Some(a == b) }
}

/// The order of two values, where Python has one.
pub(super) fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        #[expect(clippy::cast_precision_loss, reason = "as Python compares small numbers")]
        (Value::Int(a), Value::Float(b)) => (*a as f64).partial_cmp(b),
        #[expect(clippy::cast_precision_loss, reason = "as Python compares small numbers")]
        (Value::Float(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Tuple(_), Value::Tuple(_)) | (Value::List(_), Value::List(_)) => {
            let (a, b) = (left.items()?, right.items()?);
            for (a, b) in a.iter().zip(&b) {
                match order(a, b)? {
                    std::cmp::Ordering::Equal => {}
                    other => return Some(other),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => None,
    }
}
