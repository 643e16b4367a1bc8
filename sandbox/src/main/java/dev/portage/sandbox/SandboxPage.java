package dev.portage.sandbox;

import dev.portage.sandbox.world.World;
import java.io.PrintStream;

/** What a running sandbox says of itself. */
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
    out.println("all of this    " + world.folder().description());
    out.println();
    out.println("In another terminal, from a git checkout of your own with a promotion.yaml,");
    out.println("whose remote may be of this machine (git remote add origin file:///PATH):");
    out.println("  portage start promotion.yaml");
    out.println(
        "Outside of "
            + world.folder().root()
            + " set TEMPORAL_ADDRESS="
            + world.temporal().address()
            + " before.");
    out.println("Ctrl-C ends it; the next start finds what is there now (--fresh forgets it).");
  }
}
