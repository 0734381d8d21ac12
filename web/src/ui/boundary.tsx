// Keeps what cannot be drawn to itself: the page around it goes on.
import { Component, type ReactNode } from "react";

interface BoundaryProps {
  children: ReactNode;
  /** What stands there instead. */
  fallback: ReactNode;
}

export class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
