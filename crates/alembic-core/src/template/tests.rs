use python_static::Value;

use super::*;

fn variables() -> Variables {
    let mut variables = Variables::new();
    let text = |text: &str| Value::str(text);
    variables.set("message", &text("add \"x\""));
    variables.set("up_revision", &text("f00d"));
    variables.set("down_revision", &Value::Tuple([text("a1"), text("b2")].into()));
    variables.set("branch_labels", &Value::Tuple([text("lib")].into()));
    variables.set("depends_on", &Value::None);
    variables.set_moment(
        "create_date",
        [2024, 1, 2, 3, 4, 5, 678_901],
        ["+09:00", "JST"],
        1_704_132_245_678_901,
    );
    variables.set_comma();
    variables
}

fn render(template: &str) -> String {
    let parsed = Template::parse("script.py.mako", template.as_bytes().to_vec());
    parsed
        .and_then(|template| template.render(&variables()))
        .unwrap_or_else(|error| format!("! {error}"))
}

#[test]
fn a_date_that_is_only_printed_is_the_text_of_the_date() {
    let cases = [
        ([2024, 1, 2, 3, 4, 5, 678_901], "+09:00"),
        ([2024, 12, 31, 0, 0, 0, 0], ""),
        ([987, 6, 5, 4, 3, 2, 10], "-03:30"),
    ];
    for (fields, offset) in cases {
        let mut variables = Variables::new();
        variables.set_moment("create_date", fields, [offset, ""], 0);
        let rendered = |template: &str| {
            let parsed = Template::parse("script.py.mako", template.as_bytes().to_vec());
            parsed.and_then(|template| template.render(&variables)).unwrap()
        };
        let text = rendered("${create_date}");
        assert_eq!(rendered("${str(create_date)}"), text);
        assert_eq!(rendered("${create_date} ${create_date.year}"), format!("{text} {}", fields[0]));
    }
}

#[test]
fn what_is_rendered_without_a_program_is_what_the_program_renders() {
    let names =
        ["message", "up_revision", "down_revision", "branch_labels", "depends_on", "create_date"];
    let names = names.into_iter().chain(["imports", "upgrades"]);
    let forms = [
        "${_}",
        "${ _ }",
        "${repr(_)}",
        "${_ | comma,n}",
        "${_ if _ else 'x'}",
        "${_ if _ else \"\"}",
    ];
    let text = |text: &str| Value::str(text);
    let values = [
        Value::None,
        text(""),
        text("it's \"quoted\"\n\\ \u{e9}\u{2028}"),
        Value::Tuple([text("a'")].into()),
        Value::Tuple([].into()),
        Value::List([text("a"), text("b")].into()),
    ];
    let mut plain = 0;
    for (name, value) in names.flat_map(|name| values.iter().map(move |value| (name, value))) {
        let mut variables = variables();
        if name != "create_date" && name != "imports" && name != "upgrades" {
            variables = Variables::new();
            variables.set(name, value);
            variables.set_comma();
        }
        for form in forms {
            let source = format!("<{}>", form.replace('_', name));
            let template = Template::parse("script.py.mako", source.clone().into_bytes()).unwrap();
            let Some(found) = plain::render(&template.nodes, &variables) else { continue };
            let program = Program::new(&template.nodes, &variables, None);
            let expected = template.run(&program).map(|(text, _)| text);
            assert_eq!(Ok(found), expected, "{source} of {value:?}");
            plain += 1;
        }
    }
    // Every form of what is passed, and of the others those that cannot fail.
    assert_eq!(plain, 5 * 36 + 12 + 24);
}

#[test]
fn the_stock_lines() {
    let template = "\"\"\"${message}\n\nRevises: ${down_revision | comma,n}\nCreate Date: ${create_date}\n\"\"\"\n\
                    ${imports if imports else \"\"}\nrevision = ${repr(up_revision)}\n\
                    down_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n\
                    depends_on = ${repr(depends_on)}\n    ${upgrades if upgrades else \"pass\"}\n";
    assert_eq!(
        render(template),
        "\"\"\"add \"x\"\n\nRevises: a1, b2\nCreate Date: 2024-01-02 03:04:05.678901+09:00\n\"\"\"\n\
         \nrevision = 'f00d'\ndown_revision = ('a1', 'b2')\nbranch_labels = ('lib',)\n\
         depends_on = None\n    pass\n"
    );
}

#[test]
fn control_lines() {
    assert_eq!(render("% if branch_labels:\nyes\n% else:\nno\n% endif\n"), "yes\n");
    assert_eq!(render("% for x in down_revision:\n${x};\\\n% endfor\n"), "a1;b2;");
    assert_eq!(
        render(
            "% for x in down_revision:\n${loop.index}${x}${'' if loop.last else ','}\\\n% endfor\n"
        ),
        "0a1,1b2"
    );
    assert_eq!(render("% if imports:\na\n% elif not upgrades:\nb\n% endif\n"), "b\n");
    assert_eq!(render("% if message:\n% endif\nc"), "c");
}

#[test]
fn blocks_methods_and_dates() {
    assert_eq!(render("<% x = len(message) %># ${x}"), "# 7");
    assert_eq!(render("<%!\nimport re\n%>${re.split(r',\\s*', 'a, b')}"), "['a', 'b']");
    let slug = "<%\nimport re\nslug = re.sub(r'\\W+', '_', message.upper()).strip('_')\n%>${slug}";
    assert_eq!(render(slug), "ADD_X");
    let dump = "<%!\n    import json, re\n    def dump(x):\n        return re.sub(r'^null$', 'None', json.dumps(x))\n%>\
                ${dump(up_revision)} ${dump(depends_on)} ${dump(down_revision)}";
    assert_eq!(render(dump), "\"f00d\" None [\"a1\", \"b2\"]");
    assert_eq!(render("<%! import textwrap %>${textwrap.indent(message, '# ')}"), "# add \"x\"");
    assert_eq!(render("${message.upper()[:3]}"), "ADD");
    assert_eq!(
        render("${message | h} ${message | u} ${' a ' | trim}"),
        "add &#34;x&#34; add+%22x%22 a"
    );
    assert_eq!(
        render("${create_date.year > 2000} ${create_date.strftime('%d.%m.%y %H:%M')}"),
        "True 02.01.24 03:04"
    );
    assert_eq!(
        render("${create_date.date()} ${create_date.strftime('%a %j')}"),
        "2024-01-02 Tue 002"
    );
    assert_eq!(render("${context.get('%s_upgrades' % 'x', 'pass')}"), "pass");
}

#[test]
fn an_undefined_name_is_undefined() {
    assert_eq!(
        render("${imports if imports is not UNDEFINED else ''}|${message is UNDEFINED}"),
        "|False"
    );
    assert_eq!(render("% if imports is  UNDEFINED:\nis UNDEFINED\n% endif\n"), "is UNDEFINED\n");
    assert_eq!(render("<% x = imports is UNDEFINED %>${x} ${'is UNDEFINED'}"), "True is UNDEFINED");
}

#[test]
fn views_of_a_dictionary_print_as_such() {
    assert_eq!(
        render("${{'a': 1}.items()} ${{'a': 1}.keys()}"),
        "dict_items([('a', 1)]) dict_keys(['a'])"
    );
    assert_eq!(render("% for k, v in {'a': 1, 'b': 2}.items():\n${k}${v}\\\n% endfor\n"), "a1b2");
}

#[test]
fn percent_formats_are_pythons() {
    for (template, expected) in [
        ("${'%e %g %G %.2g' % (2024, 2024, 0.00001, 2024)}", "2.024000e+03 2024 1E-05 2e+03"),
        ("${'%c%3c%a' % (65, 'b', 'é')}", "A  b'\\xe9'"),
        ("${'%s %(a)s' % {'a': 1}}", "{'a': 1} 1"),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
    for template in ["${'%(a)s %s' % {'a': 1}}", "${'%(a)%' % {'a': 1}}", "${'%c' % 'ab'}"] {
        assert!(render(template).starts_with("! rendering raises"), "{template}");
    }
}

#[test]
fn dates_in_every_form() {
    for (template, expected) in [
        ("${f'{create_date:%Y-%m}'} ${'{:%d}'.format(create_date)}", "2024-01 02"),
        (
            "${create_date.strftime('%U %W %V %G %e %-d %u %z %c')}",
            "00 01 01 2024  2 2 2 +0900 Tue Jan  2 03:04:05 2024",
        ),
        ("${create_date.time()} ${create_date.date().strftime('%d %H')}", "03:04:05.678901 02 00"),
        ("${create_date.isocalendar()[1]} ${create_date.toordinal()}", "1 738887"),
        ("${create_date.isoformat(timespec='milliseconds')}", "2024-01-02T03:04:05.678+09:00"),
        ("${create_date.replace(tzinfo=None, hour=0, minute=0)}", "2024-01-02 00:00:05.678901"),
        ("${create_date.ctime()}", "Tue Jan  2 03:04:05 2024"),
        (
            "${create_date.strftime('%Z %p%P %^b %#a %#p %_m%0e %C%g %h|%D %R %r%t%k%l')}",
            "JST AMam JAN TUE am  102 2024 Jan|01/02/24 03:04 03:04:05 AM\t 3 3",
        ),
        // What the C library has no meaning for stays.
        ("${create_date.strftime('100% %i %-f %')}", "100% %i %-f %"),
        ("${create_date.replace(tzinfo=None).strftime('%Z|')} ${create_date.tzname()}", "| JST"),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn a_name_that_the_template_assigns_is_its_own() {
    assert_eq!(render("<% x = message[:3] %>${x}"), "add");
    for (template, line) in [
        ("\n<% message = message.upper() %>${message}", 2),
        ("${message}\n<% message = 1 %>", 1),
        ("\n% for message in message.split():\n${message}\n% endfor\n", 2),
    ] {
        let refused = format!(
            "! a name is used here before the template assigns it (script.py.mako, line {line})"
        );
        assert_eq!(render(template), refused, "{template}");
    }
    let reserved = "! Reserved words declared in template: loop (script.py.mako, line 1)";
    assert_eq!(render("<% loop = 1 %>"), reserved);
}

#[test]
fn refusals_name_nothing_of_ours() {
    for (template, reason) in [
        ("${create_date.astimezone()}", "`.astimezone` of a date is not followed"),
        ("${create_date.strftime('%Ey')}", "this format of a date is not followed"),
        (
            "<%!\nimport re\n%>${re.sub('a++', 'b', message)}",
            "this call of `re.sub()` is not followed",
        ),
        // Python reads the replacement whether anything is replaced or not.
        (
            "<%!\nimport re\n%>${re.sub('q', r'\\1', message)}",
            "this call of `re.sub()` is not followed",
        ),
        ("${message | entity}", "the filter `entity` is not followed"),
        ("${create_date.tzinfo}", "the time zone of a date is not followed"),
    ] {
        let answer = render(template);
        assert!(answer.starts_with(&format!("! {reason} (")), "{template}: {answer}");
    }
    assert_eq!(render("${}|"), "|");
}

#[test]
fn what_is_not_known_is_refused_with_its_line() {
    for (template, line) in [
        ("\n${ | n}", 2),
        ("\n${loop}", 2),
        ("\n${'x' | (lambda y: y)}", 2),
        ("\n% with x as y:\n% endwith\n", 2),
        ("\n% try:\na\n% finally:\nb\n% endtry\n", 4),
        ("\n<%text></%text>", 2),
        ("\u{feff}# coding: latin-1\n", 1),
        ("a\n${imports}", 2),
        ("a\nb\n${message.nope()}", 3),
        ("a\n${1 / 0}", 2),
        ("${open('x').read()}", 1),
        ("a\n% for x in imports:\n% endfor\n", 2),
        ("a\n${f'{imports}'}", 2),
        ("\n${depends_on | n}", 2),
        ("\n\n${imports | comma,n}", 3),
        ("\n${nope()}", 2),
        ("\n<% import os\nx = os.environ['HOME'] %>${x}", 2),
    ] {
        let answer = render(template);
        assert!(answer.starts_with("! "), "{template:?}: {answer}");
        assert!(
            answer.ends_with(&format!("(script.py.mako, line {line})")),
            "{template:?}: {answer}"
        );
    }
}
