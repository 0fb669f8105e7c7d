//! From the parser's tree to ours.

use rustpython_parser::ast::{self, BoolOp, CmpOp, Constant, Expr, Ranged, Stmt, UnaryOp};

use super::{
    Action, Class, Clause, Expression, Function, Handler, Node, Parameter, ParameterKind, Statement,
};
use crate::ast::symbol;
use crate::source::TextRange;
use crate::value::Value;

/// A block of statements.
pub(super) fn block(statements: &[Stmt]) -> Vec<Statement> {
    statements
        .iter()
        .map(|statement| Statement { range: place(statement), action: action(statement) })
        .collect()
}

fn place(node: &impl Ranged) -> TextRange {
    let range = node.range();
    range.start().to_usize()..range.end().to_usize()
}

fn action(statement: &Stmt) -> Action {
    match statement {
        Stmt::Expr(it) => Action::Expression(expression(&it.value)),
        Stmt::Assign(it) => {
            Action::Assign { targets: expressions(&it.targets), value: expression(&it.value) }
        }
        Stmt::AnnAssign(it) => Action::Annotated {
            target: expression(&it.target),
            annotation: expression(&it.annotation),
            value: it.value.as_deref().map(expression),
        },
        Stmt::AugAssign(it) => Action::Augmented {
            target: expression(&it.target),
            operator: symbol(it.op),
            value: expression(&it.value),
        },
        Stmt::Return(it) => Action::Return(it.value.as_deref().map(expression)),
        Stmt::Raise(it) => Action::Raise(it.exc.as_deref().map(expression)),
        Stmt::Delete(it) => Action::Delete(expressions(&it.targets)),
        Stmt::Global(it) => {
            Action::Global(it.names.iter().map(|name| name.as_str().into()).collect())
        }
        Stmt::Nonlocal(it) => {
            Action::Nonlocal(it.names.iter().map(|name| name.as_str().into()).collect())
        }
        Stmt::Import(it) => Action::Import(aliases(&it.names)),
        Stmt::ImportFrom(it) => Action::ImportFrom {
            level: it.level.as_ref().map_or(0, ast::Int::to_usize),
            module: it.module.as_deref().unwrap_or_default().into(),
            names: aliases(&it.names),
        },
        // An assertion only ever stops the program.
        Stmt::Pass(_) | Stmt::Assert(_) => Action::Pass,
        Stmt::Break(_) => Action::Break,
        Stmt::Continue(_) => Action::Continue,
        _ => compound(statement),
    }
}

fn compound(statement: &Stmt) -> Action {
    match statement {
        Stmt::If(it) => Action::If {
            test: expression(&it.test),
            then: block(&it.body),
            otherwise: block(&it.orelse),
        },
        Stmt::With(it) => with(&it.items, &it.body),
        Stmt::AsyncWith(it) => with(&it.items, &it.body),
        Stmt::For(it) => for_loop(&it.target, &it.iter, &it.body, &it.orelse),
        Stmt::AsyncFor(it) => for_loop(&it.target, &it.iter, &it.body, &it.orelse),
        Stmt::While(it) => Action::While {
            test: expression(&it.test),
            body: block(&it.body),
            otherwise: block(&it.orelse),
        },
        Stmt::Try(it) => Action::Try {
            body: block(&it.body),
            handlers: it.handlers.iter().map(handler).collect(),
            otherwise: block(&it.orelse),
            finally: block(&it.finalbody),
        },
        Stmt::FunctionDef(it) => function(&it.name, &it.decorator_list, &it.args, &it.body),
        Stmt::AsyncFunctionDef(it) => function(&it.name, &it.decorator_list, &it.args, &it.body),
        Stmt::ClassDef(it) => Action::Class(Class {
            name: it.name.as_str().into(),
            bases: expressions(&it.bases),
            keywords: keywords(&it.keywords),
            decorators: expressions(&it.decorator_list),
            body: block(&it.body),
        }),
        Stmt::Match(it) => chain(&it.subject, &it.cases, place(statement)).unwrap_or(Action::Other),
        _ => Action::Other,
    }
}

/// `match` as a chain of conditions; `None` when a pattern looks into its subject, or that would be asked twice.
fn chain(subject: &Expr, cases: &[ast::MatchCase], range: TextRange) -> Option<Action> {
    if !is_plain(subject) {
        return None;
    }
    let mut otherwise = Vec::new();
    for case in cases.iter().rev() {
        let mut test = pattern(subject, &case.pattern)?;
        if let Some(guard) = &case.guard {
            test = match test.node {
                Node::Constant(_) => expression(guard),
                _ => Expression {
                    range: test.range.clone(),
                    node: Node::And(vec![test, expression(guard)]),
                },
            };
        }
        let capture = match &case.pattern {
            ast::Pattern::MatchAs(it) => it.name.as_ref(),
            _ => None,
        };
        // A guard sees the captured name, which is bound further down.
        if capture.is_some() && case.guard.is_some() {
            return None;
        }
        let mut then = Vec::new();
        if let Some(name) = capture {
            let target =
                Expression { range: test.range.clone(), node: Node::Name(name.as_str().into()) };
            let action = Action::Assign { targets: vec![target], value: expression(subject) };
            then.push(Statement { range: test.range.clone(), action });
        }
        then.extend(block(&case.body));
        if matches!(test.node, Node::Constant(Value::Bool(true))) && otherwise.is_empty() {
            otherwise = then;
            continue;
        }
        let action = Action::If { test, then, otherwise };
        otherwise = vec![Statement { range: range.clone(), action }];
    }
    let always = Expression { range: range.clone(), node: Node::Constant(Value::Bool(true)) };
    match otherwise.as_slice() {
        [Statement { action: action @ Action::If { .. }, .. }] => Some(action.clone()),
        _ => Some(Action::If { test: always, then: otherwise, otherwise: Vec::new() }),
    }
}

/// Whether an expression may be evaluated twice.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) | Expr::Constant(_) => true,
        Expr::Attribute(it) => is_plain(&it.value),
        Expr::Subscript(it) => is_plain(&it.value) && is_plain(&it.slice),
        Expr::Call(it) => {
            let name = match &*it.func {
                Expr::Name(function) => function.id.as_str(),
                Expr::Attribute(method) if is_plain(&method.value) => method.attr.as_str(),
                _ => return false,
            };
            matches!(name, "getenv" | "get" | "lower" | "upper" | "strip" | "get_main_option")
                && it.args.iter().all(is_plain)
                && it.keywords.is_empty()
        }
        _ => false,
    }
}

/// What must hold for a pattern.
fn pattern(subject: &Expr, pattern: &ast::Pattern) -> Option<Expression> {
    let range = pattern.range();
    let range = range.start().to_usize()..range.end().to_usize();
    let compare = |operator, right: Expression| Node::Compare {
        left: boxed(subject),
        operator,
        right: Box::new(right),
    };
    let node = match pattern {
        ast::Pattern::MatchValue(it) => compare("==", expression(&it.value)),
        ast::Pattern::MatchSingleton(it) => {
            let right = constant(&it.value).map(Node::Constant)?;
            compare("is", Expression { range: range.clone(), node: right })
        }
        ast::Pattern::MatchOr(it) => {
            let tests = it.patterns.iter().map(|one| self::pattern(subject, one));
            Node::Or(tests.collect::<Option<_>>()?)
        }
        ast::Pattern::MatchAs(it) if it.pattern.is_none() => Node::Constant(Value::Bool(true)),
        _ => return None,
    };
    Some(Expression { range, node })
}

fn with(items: &[ast::WithItem], body: &[Stmt]) -> Action {
    let item = |item: &ast::WithItem| {
        (expression(&item.context_expr), item.optional_vars.as_deref().map(expression))
    };
    Action::With { items: items.iter().map(item).collect(), body: block(body) }
}

fn for_loop(target: &Expr, over: &Expr, body: &[Stmt], otherwise: &[Stmt]) -> Action {
    Action::For {
        target: expression(target),
        over: expression(over),
        body: block(body),
        otherwise: block(otherwise),
    }
}

fn handler(handler: &ast::ExceptHandler) -> Handler {
    let ast::ExceptHandler::ExceptHandler(it) = handler;
    Handler {
        catches: it.type_.as_deref().map(expression),
        name: it.name.as_ref().map(|name| name.as_str().into()),
        body: block(&it.body),
    }
}

fn function(name: &str, decorators: &[Expr], arguments: &ast::Arguments, body: &[Stmt]) -> Action {
    Action::Function(Function {
        name: name.into(),
        decorators: expressions(decorators),
        parameters: parameters(arguments),
        body: block(body),
    })
}

fn parameters(arguments: &ast::Arguments) -> Vec<Parameter> {
    let plain = arguments.posonlyargs.iter().chain(&arguments.args);
    let with_default = |argument: &ast::ArgWithDefault, kind| Parameter {
        name: argument.def.arg.as_str().into(),
        default: argument.default.as_deref().map(expression),
        kind,
    };
    let collecting = |argument: &ast::Arg, kind| Parameter {
        name: argument.arg.as_str().into(),
        default: None,
        kind,
    };
    let mut found: Vec<_> = plain.map(|one| with_default(one, ParameterKind::Plain)).collect();
    found.extend(arguments.vararg.as_deref().map(|one| collecting(one, ParameterKind::Rest)));
    found.extend(arguments.kwonlyargs.iter().map(|one| with_default(one, ParameterKind::Keyword)));
    found.extend(arguments.kwarg.as_deref().map(|one| collecting(one, ParameterKind::Keywords)));
    found
}

fn aliases(names: &[ast::Alias]) -> Vec<(Box<str>, Option<Box<str>>)> {
    let alias = |alias: &ast::Alias| {
        (alias.name.as_str().into(), alias.asname.as_ref().map(|name| name.as_str().into()))
    };
    names.iter().map(alias).collect()
}

fn keywords(keywords: &[ast::Keyword]) -> Vec<(Option<Box<str>>, Expression)> {
    let keyword = |keyword: &ast::Keyword| {
        (keyword.arg.as_ref().map(|name| name.as_str().into()), expression(&keyword.value))
    };
    keywords.iter().map(keyword).collect()
}

fn expressions(expressions: &[Expr]) -> Vec<Expression> {
    expressions.iter().map(expression).collect()
}

fn boxed(expr: &Expr) -> Box<Expression> {
    Box::new(expression(expr))
}

fn expression(expr: &Expr) -> Expression {
    Expression { range: place(expr), node: node(expr) }
}

fn node(expr: &Expr) -> Node {
    match expr {
        Expr::Constant(it) => constant(&it.value).map_or(Node::Other, Node::Constant),
        Expr::Name(it) => Node::Name(it.id.as_str().into()),
        Expr::Attribute(it) => {
            Node::Attribute { of: boxed(&it.value), name: it.attr.as_str().into() }
        }
        Expr::Subscript(it) => Node::Subscript { of: boxed(&it.value), index: boxed(&it.slice) },
        Expr::Call(it) => Node::Call {
            function: boxed(&it.func),
            arguments: expressions(&it.args),
            keywords: keywords(&it.keywords),
        },
        Expr::Tuple(it) => Node::Tuple(expressions(&it.elts)),
        Expr::List(it) => Node::List(expressions(&it.elts)),
        Expr::Dict(it) => {
            let keys = it.keys.iter().map(|key| key.as_ref().map(expression));
            Node::Dict(keys.zip(expressions(&it.values)).collect())
        }
        Expr::Starred(it) => Node::Starred(boxed(&it.value)),
        Expr::NamedExpr(it) => Node::Named { target: boxed(&it.target), value: boxed(&it.value) },
        Expr::Await(it) => Node::Await(boxed(&it.value)),
        Expr::Lambda(it) => {
            Node::Lambda { parameters: parameters(&it.args), value: boxed(&it.body) }
        }
        Expr::JoinedStr(it) => Node::Joined(it.values.iter().map(field).collect()),
        Expr::Slice(it) if it.step.is_none() => Node::Slice {
            start: it.lower.as_deref().map(boxed),
            end: it.upper.as_deref().map(boxed),
        },
        Expr::ListComp(it) => comprehension(None, &it.elt, &it.generators),
        Expr::GeneratorExp(it) => comprehension(None, &it.elt, &it.generators),
        Expr::DictComp(it) => comprehension(Some(&*it.key), &it.value, &it.generators),
        _ => operation(expr),
    }
}

fn comprehension(key: Option<&Expr>, value: &Expr, clauses: &[ast::Comprehension]) -> Node {
    let clause = |clause: &ast::Comprehension| Clause {
        target: expression(&clause.target),
        over: expression(&clause.iter),
        conditions: expressions(&clause.ifs),
    };
    Node::Comprehension {
        key: key.map(boxed),
        value: boxed(value),
        clauses: clauses.iter().map(clause).collect(),
    }
}

fn operation(expr: &Expr) -> Node {
    match expr {
        Expr::BinOp(it) => {
            Node::Binary { left: boxed(&it.left), operator: symbol(it.op), right: boxed(&it.right) }
        }
        Expr::BoolOp(it) => match it.op {
            BoolOp::Or => Node::Or(expressions(&it.values)),
            BoolOp::And => Node::And(expressions(&it.values)),
        },
        Expr::UnaryOp(it) if it.op == UnaryOp::Not => Node::Not(boxed(&it.operand)),
        Expr::UnaryOp(it) if it.op == UnaryOp::USub => match node(&it.operand) {
            Node::Constant(Value::Int(number)) => number
                .checked_neg()
                .map_or(Node::Other, |number| Node::Constant(Value::Int(number))),
            _ => Node::Other,
        },
        Expr::IfExp(it) => Node::Conditional {
            test: boxed(&it.test),
            then: boxed(&it.body),
            otherwise: boxed(&it.orelse),
        },
        Expr::Compare(it) => match (it.ops.as_slice(), it.comparators.as_slice()) {
            ([operator], [right]) => Node::Compare {
                left: boxed(&it.left),
                operator: comparison(*operator),
                right: boxed(right),
            },
            _ => Node::Other,
        },
        _ => Node::Other,
    }
}

/// A part of an f-string; a field with a conversion or a format is none of ours.
fn field(expr: &Expr) -> Expression {
    match expr {
        Expr::FormattedValue(it) => {
            let plain =
                it.format_spec.is_none() && matches!(it.conversion.to_char(), None | Some('s'));
            let node = if plain { node(&it.value) } else { Node::Other };
            Expression { range: place(expr), node }
        }
        other => expression(other),
    }
}

fn constant(constant: &Constant) -> Option<Value> {
    Some(match constant {
        Constant::None => Value::None,
        Constant::Bool(value) => Value::Bool(*value),
        Constant::Int(number) => Value::Int(number.to_string().parse().ok()?),
        Constant::Float(number) => Value::Float(*number),
        Constant::Str(text) => Value::str(text.as_str()),
        Constant::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
        _ => return None,
    })
}

fn comparison(operator: CmpOp) -> &'static str {
    match operator {
        CmpOp::Eq => "==",
        CmpOp::NotEq => "!=",
        CmpOp::Lt => "<",
        CmpOp::LtE => "<=",
        CmpOp::Gt => ">",
        CmpOp::GtE => ">=",
        CmpOp::Is => "is",
        CmpOp::IsNot => "is not",
        CmpOp::In => "in",
        CmpOp::NotIn => "not in",
    }
}
