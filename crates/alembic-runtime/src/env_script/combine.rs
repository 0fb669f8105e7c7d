//! From the calls of `context.configure` to what env.py says.

use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

use super::{
    ConfigureSettings, Doubt, EnvScript, Mode, Place, Setting, UrlAnswer,
    machine::{Configure, Machine, Raised},
    value::Value,
};
use crate::database_url::Secret;

/// The path as people are shown it: relative to the current directory where it lies below it.
pub(super) fn shown(cwd: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(cwd).unwrap_or(path).to_owned()
}

/// Nothing is known of the script.
pub(super) fn gave_up(script: &Path, reason: &str) -> EnvScript {
    let place = Place { file: script.to_owned(), line: 1 };
    let mode = unknown_mode(&Doubt { place, reason: reason.to_owned() });
    EnvScript {
        online: mode.clone(),
        offline: Some(mode),
        x_names: Vec::new(),
        calls_file_config: false,
        unset: Vec::new(),
        env_files: Vec::new(),
        modules: vec![script.to_owned()],
    }
}

fn unknown_mode(doubt: &Doubt) -> Mode {
    Mode {
        url: UrlAnswer::Unknown(doubt.clone()),
        settings: ConfigureSettings {
            version_table: Setting::Unknown(doubt.clone()),
            version_table_schema: Setting::Unknown(doubt.clone()),
            version_table_pk: Setting::Unknown(doubt.clone()),
            transaction_per_migration: Setting::Unknown(doubt.clone()),
            transactional_ddl: Setting::Unknown(doubt.clone()),
        },
    }
}

/// What one way through env.py came to.
pub(super) fn mode(machine: &Machine<'_>, failure: Option<Raised>) -> Mode {
    let calls = &machine.configured;
    let Some(last) = calls.last() else {
        let doubt = failure.map_or_else(
            || {
                let reason = "no call of `context.configure` can be seen".to_owned();
                Doubt { place: Place { line: 1, ..machine.last.clone() }, reason }
            },
            |raised| (*raised.doubt).clone(),
        );
        return unknown_mode(&doubt);
    };
    let url = match &machine.connect_doubt {
        Some(doubt) if !machine.offline => UrlAnswer::Unknown((**doubt).clone()),
        _ => url(calls, last),
    };
    Mode { url, settings: settings(machine, calls) }
}

fn url(calls: &[Configure], last: &Configure) -> UrlAnswer {
    if let Some(call) = calls.iter().find(|call| call.in_loop) {
        let reason = "`context.configure` is called in a loop: env.py migrates several databases";
        return UrlAnswer::Several(Doubt { place: call.place.clone(), reason: reason.to_owned() });
    }
    let certain: Vec<_> = calls.iter().filter(|call| call.condition.is_none()).collect();
    if let [first, .., other] = certain.as_slice()
        && !first.url.same(&other.url)
    {
        let reason = "`context.configure` is called for several databases".to_owned();
        return UrlAnswer::Several(Doubt { place: other.place.clone(), reason });
    }
    if let Some(other) = calls.iter().find(|call| !call.url.same(&last.url)) {
        return UrlAnswer::Unknown(disagreement(other, last));
    }
    match &last.url {
        Value::Str(text, trail) => UrlAnswer::Known {
            url: Secret::new(&**text),
            used: last.place.clone(),
            origins: trail.steps().to_vec(),
        },
        Value::Url(url, trail) => UrlAnswer::Known {
            url: Secret::new(url.render_with_password()),
            used: last.place.clone(),
            origins: trail.steps().to_vec(),
        },
        other => UrlAnswer::Unknown(other.doubt().map_or_else(
            || {
                let reason = "the connection is not made by code that can be followed".to_owned();
                Doubt { place: last.place.clone(), reason }
            },
            |doubt| (**doubt).clone(),
        )),
    }
}

/// Several calls under conditions that are not known, with different databases.
fn disagreement(other: &Configure, last: &Configure) -> Doubt {
    let doubt = other.url.doubt().or_else(|| last.url.doubt());
    let condition = other.condition.as_ref().or(last.condition.as_ref());
    doubt.or(condition).map_or_else(
        || {
            let reason = "`context.configure` is called for several databases".to_owned();
            Doubt { place: last.place.clone(), reason }
        },
        |doubt| (**doubt).clone(),
    )
}

fn settings(machine: &Machine<'_>, calls: &[Configure]) -> ConfigureSettings {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let optional = |value: &Value| match value {
        value if value.is_none() => Some(None),
        value => value.as_str().map(|text| Some(text.to_owned())),
    };
    let truth = |value: &Value| match value {
        value if value.is_none() => Some(false),
        Value::Bool(value) => Some(*value),
        _ => None,
    };
    let mut schema = setting(calls, "version_table_schema", optional);
    if let Some(doubt) = &machine.schema_doubt
        && matches!(schema, Setting::Default | Setting::Known(None))
    {
        schema = Setting::Unknown((**doubt).clone());
    }
    ConfigureSettings {
        version_table: setting(calls, "version_table", text),
        version_table_schema: schema,
        version_table_pk: setting(calls, "version_table_pk", truth),
        transaction_per_migration: setting(calls, "transaction_per_migration", truth),
        transactional_ddl: setting(calls, "transactional_ddl", |value| match value {
            value if value.is_none() => Some(None),
            value => truth(value).map(Some),
        }),
    }
}

/// The argument of all calls, when they agree.
fn setting<T: PartialEq>(
    calls: &[Configure],
    name: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Setting<T> {
    let mut found = calls.iter().map(|call| match call.keywords.get(name) {
        Some(value) => match read(&value) {
            Some(known) => Setting::Known(known),
            None => Setting::Unknown(not_known(call, value.doubt(), name)),
        },
        None => match &*call.keywords.open.borrow() {
            Some(doubt) => Setting::Unknown((**doubt).clone()),
            None => Setting::Default,
        },
    });
    let Some(first) = found.next() else {
        return Setting::Default;
    };
    match found.find(|other| *other != first) {
        None => first,
        Some(Setting::Unknown(doubt)) => Setting::Unknown(doubt),
        Some(_) => match calls.first() {
            Some(call) => Setting::Unknown(not_known(call, call.condition.as_ref(), name)),
            None => first,
        },
    }
}

fn not_known(call: &Configure, doubt: Option<&Rc<Doubt>>, name: &str) -> Doubt {
    doubt.map_or_else(
        || Doubt {
            place: call.place.clone(),
            reason: format!("`{name}` cannot be told from the code"),
        },
        |doubt| (**doubt).clone(),
    )
}
