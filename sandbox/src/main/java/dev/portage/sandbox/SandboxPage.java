package dev.portage.sandbox;

import dev.portage.promotion.PromotionState;
import dev.portage.sandbox.temporal.TemporalServer;
import dev.portage.sandbox.world.World;
import dev.portage.temporal.WebUi;
import dev.portage.watch.PromotionList;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a running sandbox prints about itself. */
public final class SandboxPage {

  private SandboxPage() {}

  /**
   * Prints addresses, and what can be done from another terminal.
   *
   * @param registered whether commands find it from any folder
   */
  public static void print(World world, boolean registered, PrintStream out) {
    Path root = world.folder().root();
    out.println();
    out.println("Sandbox " + world.name() + " is running:");
    for (String name : World.WORKSPACES) {
      out.println("  workspace " + name);
      out.println("    host    " + world.host(name));
      out.println("    MLflow  " + world.mlflow(name));
      out.println("    token   in " + world.token(name));
    }
    out.println("  Temporal  " + world.temporal().address());
    world
        .temporal()
        .ui()
        .ifPresent(ui -> {
          out.println("    Web UI  " + ui);
          WebUi pages = new WebUi(ui, TemporalServer.NAMESPACE);
          for (PromotionState state : List.of(PromotionState.WAITING, PromotionState.STOPPED)) {
            pages
                .list(PromotionList.query(null, state))
                .ifPresent(page ->
                    out.printf("      %-8s%s%n", state.name().toLowerCase(Locale.ROOT), page));
          }
        });
    out.println("  platform file  " + world.folder().platformFile());
    out.println("    edit it freely; changes apply from the next step");
    out.println("  logs  " + world.folder().log("x").getParent());
    out.println();
    out.println("In another terminal, put portage on the path (sh, bash, zsh and fish):");
    out.println("  " + pathLine(root));
    if (!registered) {
      out.println("and, since the sandbox could not be registered for you:");
      out.println("  export TEMPORAL_ADDRESS=" + world.temporal().address());
    }
    out.println("Then, in your own Git repository; it needs no remote, commits are read from the");
    out.println("checkout:");
    out.println("  portage init                     # writes promotion.yaml if there is none");
    out.println("  portage plan promotion.yaml      # what would happen, and what is missing");
    out.println("  portage start promotion.yaml     # promotes the last commit");
    out.println("  portage approve ID --by ana@example.com");
    out.println("ana@example.com and ben@example.com can approve here; add yourself in the");
    out.println("platform file. More: docs/sandbox.md, portage --help");
    out.println();
    out.println(
        world.temporal().ui().isPresent()
            ? "Ctrl-C stops the sandbox; the next start continues where it stopped (--fresh starts from scratch)."
            : "Ctrl-C stops the sandbox and ends its promotions, since there is no program temporal: docs/sandbox.md.");
  }

  /**
   * The line that puts the command on the path.
   *
   * @param root the folder that holds it
   */
  static String pathLine(Path root) {
    String folder = root.toString();
    // fish reads export too, and both kinds of quotes as the others do.
    return folder.matches("[^\"$`\\\\!]*")
        ? "export PATH=\"" + folder + ":$PATH\""
        : "export PATH='" + folder.replace("'", "'\\''") + "':\"$PATH\"";
  }
}
