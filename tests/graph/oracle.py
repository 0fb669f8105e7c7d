"""Answers questions about revision graphs with Alembic's own RevisionMap.

Standard input is a JSON list of interviews, standard output a JSON list of what Alembic says; `alembic.rs` has the form of
both. Where Alembic leaves something to the order of a Python set, the order of the script is taken here, which is one of those
that Alembic may take.
"""

import json
import signal
import sys
import warnings

from alembic.script import revision as alembic

SECONDS = 1
"""How long an answer may take: on some rings Alembic never ends."""


class Endless(BaseException):
    """The time is up."""


def give_up(signal_number, frame):
    raise Endless


class RevisionMap(alembic.RevisionMap):
    def _normalize_depends_on(self, revisions, map_):
        super()._normalize_depends_on(revisions, map_)
        for revision in revisions:
            kept = revision._normalized_resolved_dependencies
            in_order = dict.fromkeys(revision._resolved_dependencies)
            revision._normalized_resolved_dependencies = tuple(name for name in in_order if name in kept)


def main():
    signal.signal(signal.SIGALRM, give_up)
    warnings.simplefilter("always")
    json.dump([interview(**asked) for asked in json.load(sys.stdin)], sys.stdout)


def interview(revisions, questions):
    with warnings.catch_warnings(record=True) as caught:
        map_ = guarded(lambda: link(revisions))
    said = {"warnings": [str(warning.message) for warning in caught if "is present more than once" in str(warning.message)]}
    if isinstance(map_, dict):
        return said | {"refusal": map_["error"]}
    said["graph"] = describe(map_)
    said["answers"] = []
    for question in questions:
        answer = guarded(lambda: ask(map_, **question))
        said["answers"].append(answer)
        if answer == {"error": ["endless"]}:
            break  # the others would hang alike
    return said


def link(revisions):
    def make(id, down, depends_on, labels):
        return alembic.Revision(id, script_value(down), script_value(depends_on), tuple(labels) or None)

    made = [make(**revision) for revision in revisions]
    map_ = RevisionMap(lambda: made)
    map_._revision_map
    return map_


def script_value(items):
    """As scripts write them: None, one string, a tuple."""
    return None if not items else items[0] if len(items) == 1 else tuple(items)


def describe(map_):
    live = [map_._revision_map[name] for name in ids(map_)]
    return {
        "heads": list(map_.heads),
        "real_heads": list(map_._real_heads),
        "bases": list(map_.bases),
        "revisions": [
            {
                "id": revision.revision,
                "children": sorted(revision.nextrev),
                "labels": sorted(revision.branch_labels),
                "below": reach(map_._get_ancestor_nodes, revision, False),
                "below_with_dependencies": reach(map_._get_ancestor_nodes, revision, True),
                "above": reach(map_._get_descendant_nodes, revision, False),
                "above_with_dependencies": reach(map_._get_descendant_nodes, revision, True),
            }
            for revision in live
        ],
    }


def ids(map_):
    """Without labels, and in an order that both sides know."""
    return sorted(name for name, revision in map_._revision_map.items() if revision is not None and name == revision.revision)


def reach(walk, revision, include_dependencies):
    return sorted(found.revision for found in walk([revision], include_dependencies=include_dependencies))


def ask(map_, kind, **of):
    if kind == "find":
        return [named(found) for found in map_.get_revisions(of["text"])]
    if kind == "find-one":
        return named(map_.get_revision(of["text"]))
    if kind == "branch":
        return list(map_.filter_for_lineage(ids(map_), of["text"]))
    if kind == "history":
        found = map_.iterate_revisions(of["end"], of["start"], inclusive=True, assert_relative_length=False)
        return [revision.revision for revision in found]
    raise SystemExit(f"no question of kind {kind}")


def named(found):
    return found.revision if isinstance(found, alembic.Revision) else found


def guarded(answer):
    """What `answer` returns, or the error in words that both sides share."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return answer()
    except Endless:
        return {"error": ["endless"]}
    except alembic.CycleDetected as error:
        return {"error": ["cycle", error.kind, list(error.revisions)]}
    except alembic.RangeNotAncestorError:
        return {"error": ["range"]}
    except alembic.MultipleHeads as error:
        return {"error": ["heads", sorted(error.heads)]}
    except alembic.ResolutionError as error:
        return {"error": ["resolution", error.argument]}
    except alembic.RevisionError as error:
        return {"error": ["refused", sentence(str(error))]}
    except Exception as error:
        return {"error": ["exception", type(error).__name__]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def sentence(text):
    """Without what a set may tell in another order: the owners of a label, the revisions that overlap."""
    head, used, owner = text.partition(" already used by revision ")
    if used:
        head, _, other = head.rpartition(" in revision ")
        return f"{head}: {' '.join(sorted([owner, other]))}"
    return "overlap" if " overlaps with other requested revisions " in text else text


if __name__ == "__main__":
    main()
