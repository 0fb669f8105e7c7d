import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { applyNodeChanges, ConnectionMode, ReactFlow, ReactFlowProvider, useNodesState, useReactFlow, type NodeChange, type Viewport } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { Maximize, Minus, Plus } from "lucide-react";
import type { Diagram } from "@/api/models";
import { Button } from "@/components/Button";
import { edgesOf, nodesOf, type TableNode } from "./flow";
import type { Positions } from "./positions";
import { RelationLine } from "./RelationLine";
import { TableBox } from "./TableBox";

const nodeTypes = { table: TableBox };
const edgeTypes = { relation: RelationLine };
const fit = { padding: 0.06, maxZoom: 1 };

interface Props {
  diagram: Diagram;
  positions: Positions;
  lit: ReadonlySet<string> | null;
  selected: string | null;
  onSelect: (table: string | null) => void;
  onFocus: (table: string) => void;
  onMove: (moved: Positions) => void;
}

/** About what `fitView` will come to: a large diagram must not be drawn close up first, only to be seen from afar. */
function wholeView({ width, height }: Diagram): Viewport {
  return { x: 0, y: 0, zoom: Math.min(1, window.innerWidth / Math.max(width, 1), window.innerHeight / Math.max(height, 1)) };
}

/** The drawing: boxes that can be moved. What it shows, the list beside it says in words. */
export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ diagram, positions, lit, selected, onSelect, onFocus, onMove }: Props) {
  const wanted = useMemo(() => nodesOf(diagram, positions, lit, selected), [diagram, positions, lit, selected]);
  const [nodes, setNodes] = useNodesState<TableNode>(wanted);
  const edges = useMemo(() => edgesOf(diagram, lit, selected), [diagram, lit, selected]);
  const flow = useReactFlow();
  const [beginning] = useState(() => wholeView(diagram));
  const drawn = useRef(diagram);
  const clicked = useRef<string | null>(null);
  useEffect(() => setNodes(wanted), [wanted, setNodes]);
  useEffect(() => {
    // Another part of the diagram is looked at as a whole.
    if (drawn.current !== diagram) requestAnimationFrame(() => void flow.fitView(fit));
    drawn.current = diagram;
  }, [diagram, flow]);
  useEffect(() => {
    // A box under the pointer stays there: a second click may follow.
    if (selected && selected !== clicked.current) void flow.fitView({ nodes: [{ id: selected }], maxZoom: Math.max(flow.getZoom(), 0.8), minZoom: 0.3, padding: 0.4 });
    clicked.current = null;
  }, [selected, flow]);
  const onNodesChange = useCallback((changes: NodeChange<TableNode>[]) => setNodes((before) => applyNodeChanges(changes.filter(({ type }) => type !== "select" && type !== "remove"), before)), [setNodes]);
  return (
    <div aria-hidden className="relative h-full w-full" data-testid="diagram">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeClick={(_, { id }) => {
          clicked.current = id;
          onSelect(id);
        }}
        onNodeDoubleClick={(_, { id }) => onFocus(id)}
        onPaneClick={() => onSelect(null)}
        onNodeDragStop={(_, __, dragged) => onMove(Object.fromEntries(dragged.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }])))}
        // A box has one handle, for lines of both directions.
        connectionMode={ConnectionMode.Loose}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements
        minZoom={0.02}
        maxZoom={2}
        defaultViewport={beginning}
        fitView
        fitViewOptions={fit}
        proOptions={{ hideAttribution: true }}
      />
      <div className="absolute right-3 bottom-3 z-10 flex gap-1">
        <Button icon tabIndex={-1} title="Zoom in" onClick={() => void flow.zoomIn()}><Plus className="size-3.5" /></Button>
        <Button icon tabIndex={-1} title="Zoom out" onClick={() => void flow.zoomOut()}><Minus className="size-3.5" /></Button>
        <Button icon tabIndex={-1} title="Show all" onClick={() => void flow.fitView(fit)}><Maximize className="size-3.5" /></Button>
      </div>
    </div>
  );
}
