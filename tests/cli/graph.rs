//! `history --graph` and the documents of `--format`.

use alembic_testing::{Project, Terminal, TestContext};
use insta::assert_snapshot;

use crate::project::{SHOP, letters, line, readable};
use crate::{context, in_fixture};

#[test]
fn the_sample_of_the_contract() {
    assert_snapshot!(in_fixture("mixed", &["history", "--graph=unicode"]).stdout(), @r#"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint
    ├─╮
    │ ○    88aa40d1f3b9  link accounts         depends on 3f60aa1290cd
    │ ├─╮
    │ │ ╷                                      (dotted = depends_on)
    ○ │ ╷  71cc03e95a10  widen email
    ├───╯
    │ ○  52de0c9a77b1  create billing        [billing]
    ○ │  3f60aa1290cd  add locale            [users]
    ├─╯
    ○  1b2c3d4e5f60  init                  base · branchpoint
    "#);
    assert_snapshot!(in_fixture("mixed", &["history", "--graph=ascii"]).stdout(), @r#"
    o    e4c1b9d7a250  merge users, billing  head, mergepoint
    |\
    | o    88aa40d1f3b9  link accounts         depends on 3f60aa1290cd
    | |\
    | | .                                      (dotted = depends_on)
    o | .  71cc03e95a10  widen email
    +---'
    | o  52de0c9a77b1  create billing        [billing]
    o |  3f60aa1290cd  add locale            [users]
    |/
    o  1b2c3d4e5f60  init                  base, branchpoint
    "#);
    assert_snapshot!(in_fixture("mixed", &["history", "--graph=square"]).stdout(), @r#"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint
    ├─┐
    │ ○    88aa40d1f3b9  link accounts         depends on 3f60aa1290cd
    │ ├─┐
    │ │ ·                                      (dotted = depends_on)
    ○ │ ·  71cc03e95a10  widen email
    ├───┘
    │ ○  52de0c9a77b1  create billing        [billing]
    ○ │  3f60aa1290cd  add locale            [users]
    ├─┘
    ○  1b2c3d4e5f60  init                  base · branchpoint
    "#);
}

#[test]
fn oldest_first() {
    assert_snapshot!(in_fixture("mixed", &["history", "--graph=unicode", "--reverse"]).stdout(), @r#"
    ○    1b2c3d4e5f60  init                  base · branchpoint
    ├─╮
    ○ │    3f60aa1290cd  add locale            [users]
    ├───╮
    │ │ ╷                                      (dotted = depends_on)
    │ ○ ╷  52de0c9a77b1  create billing        [billing]
    │ ├─╯
    ○ │  71cc03e95a10  widen email
    │ ○  88aa40d1f3b9  link accounts         depends on 3f60aa1290cd
    ├─╯
    ○  e4c1b9d7a250  merge users, billing  head · mergepoint
    "#);
}

#[test]
fn with_file_parents_and_date() {
    assert_snapshot!(in_fixture("single", &["history", "--graph=unicode", "-v"]).stdout(), @r#"
    ○  a44d840f7898  only one  head · base
         file     migrations/versions/a44d840f7898_only_one.py:11
         parents  <base>
         created  2026-01-05 09:30:00
    "#);
}

#[test]
fn a_range_shows_where_it_ends() {
    let range = &["history", "--graph=unicode", "-r", "71cc:"];
    assert_snapshot!(in_fixture("mixed", range).stdout(), @r#"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint
    ├─╮
    │ │
    │ ~
    │
    ○  71cc03e95a10  widen email
    │
    ~
    "#);
}

#[test]
fn ascii_where_the_locale_knows_no_more() {
    let context = context(Project::from_fixture("mixed"));
    let invocation = context.invocation(["history", "--graph"]);
    let output = invocation.env("LC_ALL", "C").env("LANG", "C").run();
    assert!(output.stdout().is_ascii(), "{output}");
}

#[test]
fn lines_fit_the_terminal() {
    let context = context(Project::from_fixture("petshop"));
    let output = context
        .invocation(["--no-pager", "history", "--graph=unicode", "--all"])
        .env("NO_COLOR", "1")
        .terminal(Terminal::output_only(60))
        .run();
    let drawn = output.terminal();
    assert_eq!(output.code(), Some(0));
    assert!(drawn.lines().all(|line| line.chars().count() <= 60), "{drawn}");
    assert!(drawn.contains('…'), "{drawn}");
}

#[test]
fn colours_belong_to_terminals() {
    let context = context(Project::from_fixture("mixed"));
    let drawn = |no_color: &str| {
        let invocation = context.invocation(["--no-pager", "history", "--graph"]);
        let invocation = invocation.env("TERM", "xterm-256color").env("NO_COLOR", no_color);
        invocation.terminal(Terminal::output_only(100)).run().terminal()
    };
    assert!(drawn("").contains("\x1b["));
    assert!(!drawn("1").contains("\x1b["));
    assert!(!context.run(["history", "--graph"]).stdout().contains("\x1b["));
}

#[test]
fn long_stretches_fold_on_a_terminal() {
    let context = context(Project::from_fixture("long-linear"));
    let lines = |arguments: &[&str]| {
        let invocation = context.invocation(arguments).env("NO_COLOR", "1");
        invocation.terminal(Terminal::output_only(100)).run().terminal().lines().count()
    };
    let folded = lines(&["--no-pager", "history", "--graph"]);
    let all = lines(&["--no-pager", "history", "--graph", "--all"]);
    assert!(folded < all, "{folded} lines of {all}");
    let piped = context.run(["history", "--graph"]).stdout().lines().count();
    assert_eq!(piped, all);
}

#[test]
fn json() {
    let output = in_fixture("merge-point-multi", &["history", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&output.stdout()).expect("it is JSON");
    assert_eq!(document["schema"], 1);
    let revisions = document["revisions"].as_array().expect("a list");
    let edges = document["edges"].as_array().expect("a list");
    let parents: usize =
        revisions.iter().map(|r| r["down_revision"].as_array().expect("a list").len()).sum();
    assert_eq!(edges.len(), parents);
}

#[test]
fn other_documents() {
    assert_snapshot!(in_fixture("depends-on-label", &["history", "--format", "mermaid"]).stdout(), @r#"
    flowchart BT
        n0["y7b692f11447<br/>step y<br/>head"]
        n1["c8f79e61594e<br/>step c<br/>head"]
        n2["kc9e7ea06b02<br/>step k<br/>head · base · #91;kiosk#93;"]
        n3["x400edd4919d<br/>step x<br/>base · #91;shop#93;"]
        n4["b607578af397<br/>step b"]
        n5["a521167341af<br/>step a<br/>base · #91;core#93;"]
        n3 --> n0
        n5 -.-> n0
        n4 -.-> n0
        n4 --> n1
        n3 -.-> n2
        n5 -.-> n2
        n5 -.-> n3
        n5 --> n4
    "#);
    assert_snapshot!(in_fixture("depends-on-label", &["history", "--format", "dot"]).stdout(), @r##"
    digraph history {
        rankdir=BT;
        node [shape=box, style=rounded, fontname="monospace", fontsize=11];
        edge [arrowsize=0.6, color="#6e7781"];
        "y7b692f11447" [label="y7b692f11447\nstep y\nhead"];
        "c8f79e61594e" [label="c8f79e61594e\nstep c\nhead"];
        "kc9e7ea06b02" [label="kc9e7ea06b02\nstep k\nhead · base · [kiosk]"];
        "x400edd4919d" [label="x400edd4919d\nstep x\nbase · [shop]"];
        "b607578af397" [label="b607578af397\nstep b"];
        "a521167341af" [label="a521167341af\nstep a\nbase · [core]"];
        "x400edd4919d" -> "y7b692f11447";
        "a521167341af" -> "y7b692f11447" [style=dashed];
        "b607578af397" -> "y7b692f11447" [style=dashed];
        "b607578af397" -> "c8f79e61594e";
        "x400edd4919d" -> "kc9e7ea06b02" [style=dashed];
        "a521167341af" -> "kc9e7ea06b02" [style=dashed];
        "a521167341af" -> "x400edd4919d" [style=dashed];
        "a521167341af" -> "b607578af397";
    }
    "##);
    let svg = in_fixture("mixed", &["history", "--format", "svg"]).stdout();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
    assert!(svg.contains("prefers-color-scheme") && !svg.contains("<script"), "{svg}");
}

/// What appears on a terminal of so many columns, without a pager.
fn on_terminal(context: &TestContext, columns: u16, args: &[&str]) -> String {
    let args = [&["--no-pager", "history", "--graph"], args].concat();
    let run = context.invocation(args).terminal(Terminal::new(columns)).env("NO_COLOR", "1");
    run.run().terminal()
}

#[test]
fn verbose() {
    assert_snapshot!(letters("a1a1 <- b2b2[left], a1a1 <- c3c3{b2b2}").run(["history", "--graph", "-v"]).stdout(), @"
    ○    c3c3  rev c3c3  head · depends on b2b2
    ├─╮    file     migrations/versions/002_c3c3.py:13
    │ ╷    parents  a1a1
    │ ╷    created  2024-01-02 03:04:05.678901
    │ ○  b2b2  rev b2b2  effective head  [left]
    ├─╯    file     migrations/versions/001_b2b2.py:13
    │      parents  a1a1
    │      created  2024-01-02 03:04:05.678901
    ○  a1a1  rev a1a1  base · branchpoint
         file     migrations/versions/000_a1a1.py:13
         parents  <base>
         created  2024-01-02 03:04:05.678901
    ");
}

#[test]
fn the_locale_and_the_terminal_choose_the_characters() {
    let context = letters("a <- b");
    let drawn = |name: &str, value: &str| {
        let run =
            context.invocation(["history", "--graph"]).without_env("LC_ALL").without_env("LANG");
        run.env(name, value).run().stdout()
    };
    assert_snapshot!(drawn("LC_ALL", "C"), @"
    o  b  rev b  head
    o  a  rev a  base
    ");
    assert_snapshot!(drawn("LANG", "de_DE.UTF-8"), @"
    ○  b  rev b  head
    ○  a  rev a  base
    ");
    let dumb = context.invocation(["history", "--graph"]).env("TERM", "dumb").run().stdout();
    assert_eq!(dumb, drawn("LC_ALL", "C"));
    // A style that is asked for is drawn wherever.
    let asked =
        context.invocation(["history", "--graph=unicode"]).env("LC_ALL", "C").run().stdout();
    assert_eq!(asked, drawn("LANG", "C.UTF-8"));
}

#[test]
fn cut_at_the_width_of_a_terminal() {
    let context = letters(SHOP);
    let drawn = on_terminal(&context, 60, &["-v"]);
    assert!(drawn.lines().all(|line| line.chars().count() <= 60), "{drawn}");
    assert_snapshot!(drawn, @"
    ○    e4c1b9d7a250  rev e4c1b9d7a250  head · mergepoint
    ├─╮    file     migrations/versions/005_e4c1b9d7a250.py:13
    │ │    parents  71cc03e95a10, 88aa40d1f3b9
    │ │    created  2024-01-02 03:04:05.678901
    │ ○    88aa40d1f3b9  rev 88aa40d1f3b9  depends on 3f60aa129…
    │ ├─╮    file     migrations/versions/004_88aa40d1f3b9.py:13
    │ │ ╷    parents  52de0c9a77b1
    │ │ ╷    created  2024-01-02 03:04:05.678901
    ○ │ ╷  71cc03e95a10  rev 71cc03e95a10
    ├───╯    file     migrations/versions/002_71cc03e95a10.py:13
    │ │      parents  3f60aa1290cd
    │ │      created  2024-01-02 03:04:05.678901
    │ ○  52de0c9a77b1  rev 52de0c9a77b1  [billing]
    │ │    file     migrations/versions/003_52de0c9a77b1.py:13
    │ │    parents  1b2c3d4e5f60
    │ │    created  2024-01-02 03:04:05.678901
    ○ │  3f60aa1290cd  rev 3f60aa1290cd  [users]
    ├─╯    file     migrations/versions/001_3f60aa1290cd.py:13
    │      parents  1b2c3d4e5f60
    │      created  2024-01-02 03:04:05.678901
    ○  1b2c3d4e5f60  rev 1b2c3d4e5f60  base · branchpoint
         file     migrations/versions/000_1b2c3d4e5f60.py:13
         parents  <base>
         created  2024-01-02 03:04:05.678901
    ");
    // Nothing is cut that is piped on.
    let piped = context.run(["history", "--graph", "-v"]).stdout();
    assert!(piped.lines().any(|line| line.chars().count() > 60), "{piped}");
}

#[test]
fn even_a_terminal_without_room_is_drawn_on() {
    for columns in [1, 5, 13] {
        let drawn = on_terminal(&letters(SHOP), columns, &[]);
        let wide = drawn.lines().filter(|line| line.chars().count() > usize::from(columns));
        assert_eq!(wide.count(), 0, "{columns}: {drawn}");
    }
}

#[test]
fn a_long_line_folds_on_a_terminal() {
    let context = line(40);
    let folded = on_terminal(&context, 80, &[]);
    assert_snapshot!(folded, @"
    ○  r39  rev r39  head
    ○  r38  rev r38
    ○  r37  rev r37
    ○  r36  rev r36
    ○  r35  rev r35
    ○  r34  rev r34
    ○  r33  rev r33
    ○  r32  rev r32
    ○  r31  rev r31
    ○  r30  rev r30
    ○  r29  rev r29
    ○  r28  rev r28
    ○  r27  rev r27
    ○  r26  rev r26
    ○  r25  rev r25
    ○  r24  rev r24
    ○  r23  rev r23
    ○  r22  rev r22
    ○  r21  rev r21
    ○  r20  rev r20
    ○  r19  rev r19
    ○  r18  rev r18
    ⋮  15 revisions (--all shows them)
    ○  r02  rev r02
    ○  r01  rev r01
    ○  r00  rev r00  base
    ");
    let unfolded = on_terminal(&context, 80, &["--all"]);
    assert_eq!(unfolded.lines().count(), 40);
    assert_eq!(unfolded, context.run(["history", "--graph"]).stdout());
}

#[test]
fn colours_on_a_terminal_alone() {
    let context = letters("a1a1[left] <- b2b2");
    let run = |args: &[&str]| context.invocation(args).terminal(Terminal::new(80));
    let args = ["--no-pager", "history", "--graph"];
    assert_snapshot!(readable(&run(&args).run().terminal()), @"
    <1>○</><2>  </><36>b2b2</>  rev b2b2  <32>head</>
    <1>○</><2>  </><36>a1a1</>  rev a1a1  <32>base</>  <35>[left]</>
    ");
    let plain = context.run(["history", "--graph"]).stdout();
    assert_eq!(run(&args).env("NO_COLOR", "1").run().terminal(), plain);
    assert!(!run(&args).env("TERM", "dumb").run().terminal().contains('\x1b'));
    // An empty variable is none.
    assert!(run(&args).env("NO_COLOR", "").run().terminal().contains('\x1b'));
    // The listing is Alembic's, and has no colours anywhere.
    assert!(!run(&["--no-pager", "history"]).run().terminal().contains('\x1b'));
}

#[test]
fn no_revisions() {
    assert_snapshot!(letters("").run(["history", "--graph"]), @"
    exit: 0
    --- stdout
    --- stderr
    ");
}
