package dev.portage.connection;

import dev.portage.settings.RunningSandbox;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The running sandbox that a command means: the one that was named, otherwise the one whose folder
 * the command runs in, otherwise the nearest of this person's sandboxes.
 *
 * @param sandbox the sandbox, null where none runs
 * @param notes what should be said about the choice, a line each
 */
record SandboxChoice(@Nullable SandboxFile sandbox, List<String> notes) {

  /** Names the sandbox: its name, its folder, or one below that. */
  static final String VARIABLE = RunningSandbox.VARIABLE;

  static final String OPTION = "--sandbox";

  SandboxChoice {
    notes = List.copyOf(notes);
  }

  /**
   * Chooses.
   *
   * @throws ConnectionException if the named one does not run, or if two are equally near and it is
   *     unclear which is meant
   */
  static SandboxChoice of(Map<String, String> environment, Path folder) {
    String named = environment.getOrDefault(VARIABLE, "").strip();
    List<SandboxFile> registered =
        SandboxRegistry.of(environment).map(SandboxRegistry::running).orElse(List.of());
    return named.isEmpty()
        ? found(registered, folder)
        : new SandboxChoice(named(named, registered, folder), List.of());
  }

  private static SandboxFile named(String name, List<SandboxFile> registered, Path folder) {
    List<SandboxFile> bearers =
        registered.stream().filter(sandbox -> sandbox.name().equals(name)).toList();
    if (bearers.size() == 1) {
      return bearers.getFirst();
    }
    if (bearers.size() > 1) {
      throw ConnectionException.wrongSetting(
          bearers.size()
              + " sandboxes are named "
              + name
              + "; give the folder: "
              + options(bearers));
    }
    Optional<SandboxFile> around = folder(name, folder).flatMap(SandboxChoice::around);
    if (around.isPresent()) {
      return around.get();
    }
    throw ConnectionException.wrongSetting(
        "no sandbox \""
            + name
            + "\" runs here, by name or by folder; "
            + (registered.isEmpty()
                ? "none is running: start one with portage sandbox"
                : "running: " + list(registered)));
  }

  private static Optional<Path> folder(String text, Path from) {
    try {
      return Optional.of(from.resolve(text));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static Optional<SandboxFile> around(Path folder) {
    return SandboxFile.filesAround(folder).stream()
        .map(SandboxFile::read)
        .filter(SandboxFile::mayRun)
        .findFirst();
  }

  private static SandboxChoice found(List<SandboxFile> registered, Path folder) {
    List<String> notes = new ArrayList<>();
    for (Path file : SandboxFile.filesAround(folder)) {
      SandboxFile sandbox = SandboxFile.read(file);
      if (sandbox.mayRun()) {
        return new SandboxChoice(sandbox, List.of());
      }
      notes.add(
          "the sandbox of " + sandbox.folder() + " has ended; to start it: " + start(sandbox));
    }
    if (registered.isEmpty()) {
      return new SandboxChoice(null, notes);
    }
    SandboxFile nearest = nearest(registered, folder);
    if (registered.size() > 1) {
      notes.add(
          "using the nearest of "
              + registered.size()
              + " sandboxes, "
              + nearest
              + "; for another: "
              + options(registered.stream().filter(sandbox -> !sandbox.equals(nearest)).toList()));
    }
    return new SandboxChoice(nearest, notes);
  }

  private static SandboxFile nearest(List<SandboxFile> sandboxes, Path folder) {
    Path here = real(folder);
    Map<Integer, List<SandboxFile>> byDistance =
        sandboxes.stream()
            .collect(
                Collectors.groupingBy(
                    sandbox -> distance(here, real(sandbox.folder())),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<SandboxFile> nearest =
        byDistance.entrySet().stream()
            .min(Comparator.comparing(Map.Entry::getKey))
            .map(Map.Entry::getValue)
            .orElseThrow();
    if (nearest.size() > 1) {
      throw ConnectionException.wrongSetting(
          nearest.size() + " sandboxes are equally near; choose one: " + options(nearest));
    }
    return nearest.getFirst();
  }

  /** Steps from one folder to another, up and down again. */
  static int distance(Path from, Path to) {
    int common = 0;
    int most = Math.min(from.getNameCount(), to.getNameCount());
    while (common < most && from.getName(common).equals(to.getName(common))) {
      common++;
    }
    return from.getNameCount() + to.getNameCount() - 2 * common;
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException _) {
      return folder.toAbsolutePath().normalize();
    }
  }

  private static String options(List<SandboxFile> sandboxes) {
    boolean unique =
        sandboxes.stream().map(SandboxFile::name).distinct().count() == sandboxes.size();
    return sandboxes.stream()
        .map(
            sandbox -> OPTION + " " + quoted(unique ? sandbox.name() : sandbox.folder().toString()))
        .collect(Collectors.joining(" or "));
  }

  private static String list(List<SandboxFile> sandboxes) {
    return sandboxes.stream().map(SandboxFile::toString).collect(Collectors.joining(", "));
  }

  private static String start(SandboxFile sandbox) {
    return quoted(sandbox.folder().resolve("portage").toString()) + " sandbox";
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:@+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
