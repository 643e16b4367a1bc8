package dev.portage.sandbox;

import dev.portage.sandbox.world.World;
import java.io.PrintStream;

/** What a running sandbox prints about itself. */
public final class SandboxPage {

  private SandboxPage() {}

  /** Prints addresses, and what can be done from another terminal. */
  public static void print(World world, PrintStream out) {
    out.println();
    for (String name : World.WORKSPACES) {
      out.println("workspace " + name);
      out.println("  host    " + world.host(name));
      out.println("  token   in " + world.token(name));
      out.println("  MLflow  " + world.mlflow(name));
    }
    out.println("Temporal  " + world.temporal().address());
    world.temporal().ui().ifPresent(ui -> out.println("  Web UI  " + ui));
    out.println("platform file  " + world.folder().state().resolve("portage.yaml"));
    out.println("this list      " + world.folder().description());
    out.println();
    out.println("In another terminal, from your own git checkout with a promotion.yaml");
    out.println("(a remote on this machine will do: git remote add origin file:///PATH):");
    out.println("  portage start promotion.yaml");
    out.println(
        "Outside "
            + world.folder().root()
            + " set TEMPORAL_ADDRESS="
            + world.temporal().address()
            + " before.");
    out.println(
        "Ctrl-C stops it; the next start continues with the same contents (--fresh starts empty).");
  }
}
