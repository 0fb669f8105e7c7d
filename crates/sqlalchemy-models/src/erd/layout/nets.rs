//! Lines that share an end, cut where they pass a layer.

use std::collections::BTreeMap;

use super::{End, Link, Px, Size};

/// What stands in a layer: a box, or the place where a line passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) layer: usize,
    pub(super) height: Px,
    /// The box; none for a line that passes.
    pub(super) node: Option<usize>,
}

/// The end of a line at an item: how far below its upper edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pin {
    pub(super) item: usize,
    pub(super) y: Px,
}

/// All lines with one trunk between two layers.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// At the left layer; several only where a box points to itself.
    pub(super) left: Vec<Pin>,
    pub(super) right: Vec<Pin>,
}

/// The way of a line through the segments: from the end at the left to the end at the right.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Channel and segment; the first and last pins are those of the line's own ends.
    pub(super) segments: Vec<(usize, usize)>,
    /// The pins at the left and right of each of these segments.
    pub(super) pins: Vec<(Pin, Pin)>,
    /// Whether the way begins at the box that is pointed to.
    pub(super) from_target: bool,
}

/// Boxes and lines in layers.
#[derive(Debug)]
pub(super) struct Layered {
    pub(super) items: Vec<Item>,
    /// The items of each layer, from the top.
    pub(super) layers: Vec<Vec<usize>>,
    /// The segments between each layer and the next; the last ones are of boxes that point to themselves.
    pub(super) channels: Vec<Vec<Segment>>,
    /// In the order of the links.
    pub(super) ways: Vec<Way>,
    /// The upper edge of each item.
    pub(super) y: Vec<Px>,
}

/// Lines with the same end at the left.
struct Net {
    hub: End,
    spokes: Vec<(End, usize)>,
    from_target: bool,
}

impl Layered {
    pub(super) fn new(sizes: &[Size], links: &[Link], ranks: &[usize]) -> Self {
        let depth = ranks.iter().max().map_or(0, |last| last + 1);
        let mut layered = Self {
            items: Vec::new(),
            layers: vec![Vec::new(); depth],
            channels: vec![Vec::new(); depth],
            ways: Vec::new(),
            y: Vec::new(),
        };
        for (node, size) in sizes.iter().enumerate() {
            layered.add(Item { layer: ranks[node], height: size.height, node: Some(node) });
        }
        let mut ways: Vec<Option<Way>> = vec![None; links.len()];
        for net in nets(links, ranks) {
            layered.cut(&net, ranks, &mut ways);
        }
        layered.ways = ways.into_iter().flatten().collect();
        layered.pass_in_the_middle();
        layered.y = vec![0; layered.items.len()];
        layered
    }

    fn add(&mut self, item: Item) -> usize {
        self.items.push(item);
        self.layers[item.layer].push(self.items.len() - 1);
        self.items.len() - 1
    }

    /// A trunk runs in the middle of the boxes that hang on it, unless something pulls it elsewhere.
    fn pass_in_the_middle(&mut self) {
        for layer in &mut self.layers {
            let (nodes, lines): (Vec<usize>, Vec<usize>) =
                layer.iter().partition(|&&item| self.items[item].node.is_some());
            let (above, below) = nodes.split_at(nodes.len() / 2);
            *layer = [above, &lines, below].concat();
        }
    }

    fn cut(&mut self, net: &Net, ranks: &[usize], ways: &mut [Option<Way>]) {
        let first = ranks[net.hub.node];
        let last = net.spokes.iter().map(|(end, _)| ranks[end.node]).max().unwrap_or(first);
        let mut hub = Pin { item: net.hub.node, y: net.hub.y };
        let mut trunk: Vec<((usize, usize), (Pin, Pin))> = Vec::new();
        for channel in first..last.max(first + 1) {
            let place = (channel, self.channels[channel].len());
            let mut segment = Segment { left: vec![hub], right: Vec::new() };
            for (end, link) in &net.spokes {
                let pin = Pin { item: end.node, y: end.y };
                if ranks[end.node] == channel + 1 && end.node != net.hub.node {
                    segment.right.push(pin);
                } else if end.node == net.hub.node {
                    segment.left.push(pin);
                } else {
                    continue;
                }
                let way = trunk.iter().copied().chain([(place, (hub, pin))]);
                let (segments, pins) = way.unzip();
                ways[*link] = Some(Way { segments, pins, from_target: net.from_target });
            }
            if channel + 1 < last {
                let passing = Item { layer: channel + 1, height: 0, node: None };
                let next = Pin { item: self.add(passing), y: 0 };
                segment.right.push(next);
                trunk.push((place, (hub, next)));
                hub = next;
            }
            self.channels[channel].push(segment);
        }
    }
}

fn nets(links: &[Link], ranks: &[usize]) -> Vec<Net> {
    let mut nets: Vec<Net> = Vec::new();
    let mut shared: BTreeMap<(usize, Px), usize> = BTreeMap::new();
    for (number, &Link { from, to }) in links.iter().enumerate() {
        if from.node == to.node {
            nets.push(Net { hub: to, spokes: vec![(from, number)], from_target: true });
        } else if ranks[to.node] < ranks[from.node] {
            let net = *shared.entry((to.node, to.y)).or_insert_with(|| {
                nets.push(Net { hub: to, spokes: Vec::new(), from_target: true });
                nets.len() - 1
            });
            nets[net].spokes.push((from, number));
        } else {
            nets.push(Net { hub: from, spokes: vec![(to, number)], from_target: false });
        }
    }
    nets
}
