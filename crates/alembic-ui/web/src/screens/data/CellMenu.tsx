import { DropdownMenu } from "radix-ui";
import { MenuItem, MenuLine } from "@/components/Menu";

export interface CellMenuProps {
  at: { x: number; y: number };
  value: string | null;
  canEdit: boolean;
  canNull: boolean;
  canDefault: boolean;
  canDelete: boolean;
  isDeleted: boolean;
  link: string | null;
  onCopy: () => void;
  onFilter: (operator: "=" | "≠" | "is null" | "is not null") => void;
  onEdit: () => void;
  onNull: () => void;
  onDefault: () => void;
  onOpenRow: () => void;
  onDelete: () => void;
  onClose: () => void;
}

/** What can be done with a cell, where the pointer is. */
export function CellMenu(props: CellMenuProps) {
  const { at, value, canEdit, canNull, canDefault, canDelete, isDeleted, link, onCopy, onFilter, onEdit, onNull, onDefault, onOpenRow, onDelete, onClose } = props;
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="fixed size-0" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" collisionPadding={8} className="z-50 min-w-48 rounded-md border border-line-strong bg-raised p-1">
          <MenuItem onSelect={onCopy} hint="Ctrl C">Copy value</MenuItem>
          <MenuItem onSelect={onOpenRow} hint="Shift Enter">Open row</MenuItem>
          {link && <MenuItem onSelect={() => window.location.assign(link)}>Go to the row it points to</MenuItem>}
          <MenuLine />
          <MenuItem onSelect={() => onFilter(value === null ? "is null" : "=")}>Only rows with this value</MenuItem>
          <MenuItem onSelect={() => onFilter(value === null ? "is not null" : "≠")}>Without this value</MenuItem>
          <MenuLine />
          <MenuItem disabled={!canEdit} onSelect={onEdit} hint="Enter">Edit</MenuItem>
          <MenuItem disabled={!canEdit || !canNull} onSelect={onNull}>Set NULL</MenuItem>
          <MenuItem disabled={!canEdit || !canDefault} onSelect={onDefault}>Set DEFAULT</MenuItem>
          <MenuItem disabled={!canDelete} danger={!isDeleted} onSelect={onDelete}>{isDeleted ? "Keep row" : "Delete row"}</MenuItem>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
