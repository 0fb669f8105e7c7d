use super::{Options, Style, to_string};
use crate::graph::History;
use crate::graph::marks::Mark;
use crate::graph::testing::{Project, SAMPLE};

fn sample(project: &Project) -> History<'_> {
    let mut history = project.history();
    let rows = vec!["88aa40d1f3b9".into(), "71cc03e95a10".into()];
    history.set_database(&project.map, rows, None);
    history
}

fn draw(letters: &str) -> String {
    to_string(&Project::new(letters).history(), &Options::default())
}

#[test]
fn the_sample_of_the_documentation() {
    let project = Project::new(SAMPLE);
    insta::assert_snapshot!(to_string(&sample(&project), &Options::default()), @"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint · pending
    ├─╮
    │ ◉    88aa40d1f3b9  link accounts         current · depends on 3f60aa1290cd
    │ ├─╮
    │ │ ╷                                      (dotted = depends_on)
    ◉ │ ╷  71cc03e95a10  widen email           current
    ├───╯
    │ ●  52de0c9a77b1  create billing        [billing]
    ● │  3f60aa1290cd  add locale            [users]
    ├─╯
    ●  1b2c3d4e5f60  init                  base · branchpoint
    ");
}

#[test]
fn ascii_and_square() {
    let project = Project::new(SAMPLE);
    let with = |style| to_string(&sample(&project), &Options { style, ..Options::default() });
    insta::assert_snapshot!(with(Style::Ascii), @r"
    o    e4c1b9d7a250  merge users, billing  head, mergepoint, pending
    |\
    | @    88aa40d1f3b9  link accounts         current, depends on 3f60aa1290cd
    | |\
    | | .                                      (dotted = depends_on)
    @ | .  71cc03e95a10  widen email           current
    +---'
    | *  52de0c9a77b1  create billing        [billing]
    * |  3f60aa1290cd  add locale            [users]
    |/
    *  1b2c3d4e5f60  init                  base, branchpoint
    ");
    insta::assert_snapshot!(with(Style::Square), @"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint · pending
    ├─┐
    │ ◉    88aa40d1f3b9  link accounts         current · depends on 3f60aa1290cd
    │ ├─┐
    │ │ ·                                      (dotted = depends_on)
    ◉ │ ·  71cc03e95a10  widen email           current
    ├───┘
    │ ●  52de0c9a77b1  create billing        [billing]
    ● │  3f60aa1290cd  add locale            [users]
    ├─┘
    ●  1b2c3d4e5f60  init                  base · branchpoint
    ");
}

#[test]
fn linear() {
    insta::assert_snapshot!(draw("a : one\n b < a : two\n c < b"), @"
    ○  c       head
    ○  b  two
    ○  a  one  base
    ");
}

#[test]
fn fork_and_merge() {
    insta::assert_snapshot!(draw("a\n b < a\n c < a\n d < b, c\n e < d"), @"
    ○  e    head
    ○    d    mergepoint
    ├─╮
    ○ │  b
    │ ○  c
    ├─╯
    ○  a    base · branchpoint
    ");
}

#[test]
fn two_heads() {
    insta::assert_snapshot!(draw("a\n b < a\n c < b\n d < a\n e < d"), @"
    ○  c    head
    ○  b
    │ ○  e    head
    │ ○  d
    ├─╯
    ○  a    base · branchpoint
    ");
}

#[test]
fn criss_cross() {
    insta::assert_snapshot!(draw("a\n b < a\n c < a\n d < b, c\n e < c, b\n f < d, e"), @"
    ○    f    head · mergepoint
    ├─╮
    ○ │    d    mergepoint
    ├───╮
    │ ○ │  e    mergepoint
    ╭─┴─╮
    ○   │  b    branchpoint
    │   ○  c    branchpoint
    ├───╯
    ○  a    base · branchpoint
    ");
}

#[test]
fn several_bases() {
    insta::assert_snapshot!(draw("a\n b < a\n x\n y < x\n z"), @"
    ○  b    head
    ○  a    base

    ○  y    head
    ○  x    base

    ○  z    head · base
    ");
}

#[test]
fn labels() {
    insta::assert_snapshot!(draw("a # one, two : init\n b < a : more"), @"
    ○  b  more  head
    ○  a  init  base  [one]  [two]
    ");
}

#[test]
fn dependencies_cross_lanes() {
    let letters = "a1\n a2 < a1\n a3 < a2\n b1\n b2 < b1 ~ a2\n b3 < b2\n b4 < b3 ~ a3";
    insta::assert_snapshot!(draw(letters), @"
    ○    b4    head · depends on a3
    ├─╮
    │ ╷        (dotted = depends_on)
    ○ ╷  b3
    ○ ╷    b2    depends on a2
    ├───╮
    │ ╷ ╷
    ○ ╷ ╷  b1    base
      ○ ╷  a3    effective head
      ├─╯
      ○  a2
      ○  a1    base
    ");
}

#[test]
fn a_hundred_lanes() {
    let lane = |n| format!("a{n:02} < base : first\n b{n:02} < a{n:02} : second");
    let lanes: Vec<_> = (0..100).map(lane).collect();
    let drawn = draw(&format!("base : start\n{}", lanes.join("\n")));
    assert_eq!(drawn.lines().filter(|line| line.contains('○')).count(), 201);
    assert_eq!(drawn.lines().next(), Some("○  b00   second  head"));
    // A lane that joins the first one adds no line of its own but the corner.
    assert!(drawn.lines().count() < 2 * 201);
    assert!(drawn.lines().all(|line| line.chars().count() < 2 * 101 + 40));
}

#[test]
fn oldest_first_turns_the_edges_round() {
    let project = Project::new(SAMPLE);
    insta::assert_snapshot!(to_string(&sample(&project).reversed(), &Options::default()), @"
    ●    1b2c3d4e5f60  init                  base · branchpoint
    ├─╮
    ● │    3f60aa1290cd  add locale            [users]
    ├───╮
    │ │ ╷                                      (dotted = depends_on)
    │ ● ╷  52de0c9a77b1  create billing        [billing]
    │ ├─╯
    ◉ │  71cc03e95a10  widen email           current
    │ ◉  88aa40d1f3b9  link accounts         current · depends on 3f60aa1290cd
    ├─╯
    ○  e4c1b9d7a250  merge users, billing  head · mergepoint · pending
    ");
}

#[test]
fn parents_outside_the_range() {
    let project = Project::new(SAMPLE);
    let history = project.history_in("e4c1b9d7a250 71cc03e95a10 3f60aa1290cd");
    insta::assert_snapshot!(to_string(&history, &Options::default()), @"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint
    ├─╮
    │ │
    │ ~
    │
    ○  71cc03e95a10  widen email
    ○  3f60aa1290cd  add locale            [users]
    │
    ~
    ");
    insta::assert_snapshot!(to_string(&history.reversed(), &Options::default()), @"
    ~
    │
    ○  3f60aa1290cd  add locale            [users]
    ○  71cc03e95a10  widen email
    ○  e4c1b9d7a250  merge users, billing  head · mergepoint
    ");
}

#[test]
fn details() {
    let project = Project::new(SAMPLE);
    let options = Options { verbose: true, ..Options::default() };
    insta::assert_snapshot!(to_string(&sample(&project), &options), @"
    ○    e4c1b9d7a250  merge users, billing  head · mergepoint · pending
    ├─╮    file     versions/e4c1b9d7a250.py:12
    │ │    parents  71cc03e95a10, 88aa40d1f3b9
    │ ◉    88aa40d1f3b9  link accounts         current · depends on 3f60aa1290cd
    │ ├─╮    file     versions/88aa40d1f3b9.py:12
    │ │ ╷    parents  52de0c9a77b1
    ◉ │ ╷  71cc03e95a10  widen email           current
    ├───╯    file     versions/71cc03e95a10.py:12
    │ │      parents  3f60aa1290cd
    │ ●  52de0c9a77b1  create billing        [billing]
    │ │    file     versions/52de0c9a77b1.py:12
    │ │    parents  1b2c3d4e5f60
    ● │  3f60aa1290cd  add locale            [users]
    ├─╯    file     versions/3f60aa1290cd.py:12
    │      parents  1b2c3d4e5f60
    ●  1b2c3d4e5f60  init                  base · branchpoint
         file     versions/1b2c3d4e5f60.py:12
         parents  <base>
    ");
}

#[test]
fn database_revisions_that_are_not_in_the_project() {
    let project = Project::new("a : one\n b < a : two\n c < b : three");
    let mut history = project.history();
    history.set_database(&project.map, vec!["a".into(), "gone".into()], None);
    history.revisions[1].marks.set(Mark::Broken, true);
    insta::assert_snapshot!(to_string(&history, &Options::default()), @"
    ◌  gone  (not in this project)  current

    ○  c  three  head · pending
    ×  b  two    broken · pending
    ◉  a  one    base · current
    ");
    insta::assert_snapshot!(to_string(&history.reversed(), &Options::default()), @"
    ◉  a  one    base · current
    ×  b  two    broken · pending
    ○  c  three  head · pending

    ◌  gone  (not in this project)  current
    ");
}

#[test]
fn lines_fit_the_terminal() {
    let project = Project::new(SAMPLE);
    let with = |width| {
        let width = Some(width);
        to_string(&sample(&project), &Options { width, ..Options::default() })
    };
    insta::assert_snapshot!(with(60), @"
    ○    e4c1b9d7a250  merge users, bi…  head · mergepoint · pe…
    ├─╮
    │ ◉    88aa40d1f3b9  link accounts     current · depends on…
    │ ├─╮
    │ │ ╷                                  (dotted = depends_on)
    ◉ │ ╷  71cc03e95a10  widen email           current
    ├───╯
    │ ●  52de0c9a77b1  create billing        [billing]
    ● │  3f60aa1290cd  add locale            [users]
    ├─╯
    ●  1b2c3d4e5f60  init                  base · branchpoint
    ");
    insta::assert_snapshot!(with(30), @"
    ○    e4c1b9d7a250  merge user…
    ├─╮
    │ ◉    88aa40d1f3b9  link acc…
    │ ├─╮
    │ │ ╷    (dotted = depends_on)
    ◉ │ ╷  71cc03e95a10  widen em…
    ├───╯
    │ ●  52de0c9a77b1  create bil…
    ● │  3f60aa1290cd  add locale…
    ├─╯
    ●  1b2c3d4e5f60  init        …
    ");
    for width in 0..90 {
        let widest = with(width).lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{width}: {widest:?}");
    }
}

#[test]
fn messages_cannot_move_the_cursor() {
    insta::assert_snapshot!(draw("a : red \x1b[31m and \u{202e}back\n b < a : 日本語 fine"), @"
    ○  b  日本語 fine          head
    ○  a  red ␛[31m and �back  base
    ");
}
