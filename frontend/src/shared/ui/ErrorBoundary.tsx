import { QueryErrorResetBoundary } from "@tanstack/react-query";
import { Component, type ReactNode } from "react";

import { ErrorState } from "./States";

interface BoundaryProps {
  children: ReactNode;
  onRetry: () => void;
  /** A new value (such as the path) clears the fault. */
  resetBy?: string | undefined;
}

interface BoundaryState {
  readonly fault: unknown;
  readonly failed: boolean;
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { fault: null, failed: false };

  static getDerivedStateFromError(fault: unknown): BoundaryState {
    return { fault, failed: true };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failed && before.resetBy !== this.props.resetBy) this.clear();
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <ErrorState fault={this.state.fault} retry={this.clear} />;
  }

  private readonly clear = (): void => {
    this.props.onRetry();
    this.setState({ fault: null, failed: false });
  };
}

/** Keeps a fault inside: a route or a section says what went wrong and may try again. */
export function ErrorBoundary({ children, resetBy }: { children: ReactNode; resetBy?: string }) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Boundary onRetry={reset} resetBy={resetBy}>
          {children}
        </Boundary>
      )}
    </QueryErrorResetBoundary>
  );
}
