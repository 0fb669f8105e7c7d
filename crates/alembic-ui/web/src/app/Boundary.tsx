import { Component, type ReactNode } from "react";
import { Button } from "@/components/Button";
import { Failure } from "@/components/States";

/** Keeps a failure of one screen from taking the page with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Failure
        error={this.state.error}
        title="This screen failed"
        action={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}
      />
    );
  }
}
