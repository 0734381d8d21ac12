// Keeps what cannot be drawn to itself: the page around it goes on.
import { Component, type ReactNode } from "react";

interface BoundaryProps {
  children: ReactNode;
  /** Of what they are drawn: when it changes, they are tried again. */
  of?: string;
  /** What stands there instead. */
  fallback: ReactNode;
}

interface BoundaryState {
  hasFailed: boolean;
  of: string | undefined;
}

export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { hasFailed: false, of: this.props.of };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState) {
    return of === state.of ? null : { hasFailed: false, of };
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
