use super::*;
use crate::graph::testing::{Project, SAMPLE};

fn svg(history: &History<'_>) -> String {
    let mut out = String::new();
    render(history, &mut out).unwrap();
    out
}

/// Everything but the style sheet.
fn body(svg: &str) -> String {
    let (start, rest) = svg.split_once("<style>").unwrap();
    format!("{start}{}", rest.split_once("</style>\n").unwrap().1)
}

#[test]
fn the_sample() {
    let project = Project::new(SAMPLE);
    let mut history = project.history();
    let rows = vec!["88aa40d1f3b9".into(), "71cc03e95a10".into()];
    history.set_database(&project.map, rows, None);
    insta::assert_snapshot!(body(&svg(&history)), @r#"
    <svg xmlns="http://www.w3.org/2000/svg" width="622" height="228" viewBox="0 0 622 228" role="graphics-document document" aria-labelledby="title description">
    <title id="title">Revision history</title>
    <desc id="description">Revisions: 6, newest first. Heads: e4c1b9d7a250.</desc>
    <rect class="page" width="100%" height="100%"/>
    <g aria-hidden="true">
    <path class="edge" d="M20.5 32.5V80.5" data-from="e4c1b9d7a250" data-to="71cc03e95a10"/>
    <path class="edge" d="M20.5 32.5V38.5Q20.5 44.5 26.5 44.5H30.5Q36.5 44.5 36.5 50.5V56.5" data-from="e4c1b9d7a250" data-to="88aa40d1f3b9"/>
    <path class="edge" d="M36.5 56.5V104.5" data-from="88aa40d1f3b9" data-to="52de0c9a77b1"/>
    <path class="edge" d="M20.5 80.5V128.5" data-from="71cc03e95a10" data-to="3f60aa1290cd"/>
    <path class="edge" d="M36.5 104.5V134.5Q36.5 140.5 30.5 140.5H26.5Q20.5 140.5 20.5 146.5V152.5" data-from="52de0c9a77b1" data-to="1b2c3d4e5f60"/>
    <path class="edge" d="M20.5 128.5V152.5" data-from="3f60aa1290cd" data-to="1b2c3d4e5f60"/>
    <path class="edge depends" d="M39.5 59.5V65.5Q39.5 71.5 45.5 71.5H49.5Q55.5 71.5 55.5 77.5V89.5Q55.5 95.5 49.5 95.5H29.5Q23.5 95.5 23.5 101.5V131.5" data-from="88aa40d1f3b9" data-to="3f60aa1290cd"/>
    </g>
    <g role="list">
    <g role="listitem">
    <title>e4c1b9d7a250 merge users, billing
    head · mergepoint · pending
    parents 71cc03e95a10, 88aa40d1f3b9
    file versions/e4c1b9d7a250.py</title>
    <circle class="node pending" cx="20.5" cy="32.5" r="4.5"/>
    <text x="72" y="37"><tspan class="id">e4c1b9d7a250</tspan><tspan x="178">merge users, billing<tspan class="muted">   </tspan><tspan class="muted">head</tspan><tspan class="muted"> · </tspan><tspan class="muted">mergepoint</tspan><tspan class="muted"> · </tspan><tspan class="pending">pending</tspan></tspan></text>
    </g>
    <g role="listitem">
    <title>88aa40d1f3b9 link accounts
    current
    depends on 3f60aa1290cd
    parents 52de0c9a77b1
    file versions/88aa40d1f3b9.py</title>
    <circle class="node current" cx="36.5" cy="56.5" r="4.5"/><circle class="dot" cx="36.5" cy="56.5" r="2"/>
    <text x="72" y="61"><tspan class="id">88aa40d1f3b9</tspan><tspan x="178">link accounts<tspan class="muted">   </tspan><tspan class="current">current</tspan><tspan class="muted"> · </tspan><tspan class="muted">depends on 3f60aa1290cd</tspan></tspan></text>
    </g>
    <g role="listitem">
    <title>71cc03e95a10 widen email
    current
    parents 3f60aa1290cd
    file versions/71cc03e95a10.py</title>
    <circle class="node current" cx="20.5" cy="80.5" r="4.5"/><circle class="dot" cx="20.5" cy="80.5" r="2"/>
    <text x="72" y="85"><tspan class="id">71cc03e95a10</tspan><tspan x="178">widen email<tspan class="muted">   </tspan><tspan class="current">current</tspan></tspan></text>
    </g>
    <g role="listitem">
    <title>52de0c9a77b1 create billing
    [billing]
    parents 1b2c3d4e5f60
    file versions/52de0c9a77b1.py</title>
    <circle class="node applied" cx="36.5" cy="104.5" r="4.5"/>
    <text x="72" y="109"><tspan class="id">52de0c9a77b1</tspan><tspan x="178">create billing<tspan class="label">   [billing]</tspan></tspan></text>
    </g>
    <g role="listitem">
    <title>3f60aa1290cd add locale
    [users]
    parents 1b2c3d4e5f60
    file versions/3f60aa1290cd.py</title>
    <circle class="node applied" cx="20.5" cy="128.5" r="4.5"/>
    <text x="72" y="133"><tspan class="id">3f60aa1290cd</tspan><tspan x="178">add locale<tspan class="label">   [users]</tspan></tspan></text>
    </g>
    <g role="listitem">
    <title>1b2c3d4e5f60 init
    base · branchpoint
    parents &lt;base&gt;
    file versions/1b2c3d4e5f60.py</title>
    <circle class="node applied" cx="20.5" cy="152.5" r="4.5"/>
    <text x="72" y="157"><tspan class="id">1b2c3d4e5f60</tspan><tspan x="178">init<tspan class="muted">   </tspan><tspan class="muted">base</tspan><tspan class="muted"> · </tspan><tspan class="muted">branchpoint</tspan></tspan></text>
    </g>
    </g>
    <g role="group" aria-label="Legend">
    <path class="edge rule" d="M20 176.5H602"/>
    <circle class="node current" cx="20.5" cy="196.5" r="4.5"/><circle class="dot" cx="20.5" cy="196.5" r="2"/>
    <text class="muted" x="34.5" y="201">current</text>
    <circle class="node applied" cx="101.5" cy="196.5" r="4.5"/>
    <text class="muted" x="115.5" y="201">applied</text>
    <circle class="node pending" cx="182.5" cy="196.5" r="4.5"/>
    <text class="muted" x="196.5" y="201">pending</text>
    <path class="edge depends" d="M263.5 188.5V204.5"/>
    <text class="muted" x="277.5" y="201">depends on</text>
    </g>
    </svg>
    "#);
}

#[test]
fn markup_and_control_characters() {
    let project = Project::new("a # l : <script> & \"quotes\" \x1b[31m\u{fffe}\n b < a");
    let drawn = svg(&project.history_in("b").reversed());
    assert!(drawn.contains("<path class=\"edge open\""));
    let drawn = svg(&project.history());
    assert!(drawn.contains("&lt;script&gt; &amp; &quot;quotes&quot; ␛[31m\u{fffd}"));
}

#[test]
fn states_and_their_legend() {
    let project = Project::new("a : one\n b < a : two\n c < b : three\n d < c : four");
    let mut history = project.history();
    history.set_database(&project.map, vec!["b".into(), "gone".into()], None);
    history.revisions[0].marks.set(Mark::Broken, true);
    let drawn = svg(&history);
    for state in ["current", "applied", "pending", "broken", "not in this project"] {
        assert!(drawn.contains(&format!(">{state}</text>")), "{state}");
    }
    assert!(!drawn.contains(">depends on</text>"));
}

#[test]
fn an_empty_history() {
    let project = Project::new("");
    assert!(svg(&project.history()).ends_with("</svg>\n"));
}
