package dev.portage.sandbox.world;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reports the effect of each change to the platform file while the sandbox runs. Workers reread the
 * file at each step; they are restarted only if workspaces were renamed.
 */
final class PlatformWatch {
  private final Path file;
  private final SandboxPlatform platform;
  private final Map<String, List<URI>> addresses;
  private final Collection<WorkerProcess> workers;
  private final Consumer<String> told;
  private @Nullable String last;

  /** Knows the file as it is now. */
  PlatformWatch(
      Path file,
      Map<String, List<URI>> addresses,
      Collection<WorkerProcess> workers,
      Consumer<String> told) {
    this.file = file;
    this.platform = new SandboxPlatform(file);
    this.addresses = addresses;
    this.workers = workers;
    this.told = told;
    this.last = text();
  }

  private @Nullable String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // Also in the moment in which an editor puts a new file in the place of the old one.
      return null;
    }
  }

  /** Looks once. */
  void look() {
    String now = text();
    if (now == null ? last == null : now.equals(last)) {
      return;
    }
    boolean wasGone = last == null;
    last = now;
    switch (platform.read()) {
      case Reading.Good<Map<String, URI>>(Map<String, URI> good) -> changed(good);
      case Reading.Wrong<Map<String, URI>>(List<ValidationError> errors) -> {
        if (now != null || !wasGone) {
          told.accept("the platform file is wrong; steps that need it wait until it is corrected:");
          errors.forEach(error -> told.accept("  " + error));
        }
      }
    }
  }

  private void changed(Map<String, URI> good) {
    Map<String, List<String>> names = SandboxPlatform.names(good, addresses);
    StringBuilder line =
        new StringBuilder(
            "the platform file has changed; the change applies from the next step on");
    for (WorkerProcess worker : workers) {
      List<String> served = names.getOrDefault(worker.workspace(), List.of());
      if (served.isEmpty()) {
        line.append("; no workspace in it is the sandbox's ")
            .append(worker.workspace())
            .append(" (host: ")
            .append(addresses.getOrDefault(worker.workspace(), List.of()).getFirst())
            .append(")");
      } else if (worker.serve(served)) {
        line.append("; the worker of ")
            .append(worker.workspace())
            .append(" restarts to serve ")
            .append(String.join(", ", served));
      } else {
        // It may have been refused before, with the file as it was.
        worker.wake();
      }
    }
    List<String> foreign =
        good.keySet().stream()
            .filter(name -> names.values().stream().noneMatch(own -> own.contains(name)))
            .toList();
    if (!foreign.isEmpty()) {
      line.append("; not of this sandbox, so start a worker for it yourself: ")
          .append(
              foreign.stream()
                  .map(name -> "portage worker --workspaces " + name + " --platform " + file)
                  .collect(Collectors.joining(", ")));
    }
    told.accept(line.toString());
  }
}
