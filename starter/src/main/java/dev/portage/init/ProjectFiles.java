package dev.portage.init;

import dev.portage.checkout.Checkout;
import dev.portage.start.StartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a project's folder that people wrote: what Git ignores, and what tools create, is
 * left out.
 */
final class ProjectFiles {

  private static final int MOST = 20_000;
  private static final long LARGEST = 20L * 1024 * 1024;

  private static final Set<String> NOT_WRITTEN =
      Set.of(
          ".git",
          ".venv",
          "venv",
          "node_modules",
          "site-packages",
          "__pycache__",
          ".databricks",
          ".ipynb_checkpoints",
          ".tox",
          "build",
          "dist");

  private final Path folder;
  private final List<String> names;

  private ProjectFiles(Path folder, List<String> names) {
    this.folder = folder;
    this.names = List.copyOf(names);
  }

  /**
   * Those of a folder and below it.
   *
   * @param checkout the checkout around it, empty for none
   */
  static ProjectFiles of(Path folder, Optional<Checkout> checkout) {
    List<String> names = checkout.isPresent() ? checkout.get().files().all() : walked(folder);
    return new ProjectFiles(
        folder,
        names.stream()
            .filter(name -> List.of(name.split("/", -1)).stream().noneMatch(NOT_WRITTEN::contains))
            .filter(name -> Files.isRegularFile(folder.resolve(name)))
            .sorted()
            .toList());
  }

  private static List<String> walked(Path folder) {
    List<String> names = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              return NOT_WRITTEN.contains(String.valueOf(at.getFileName())) && !at.equals(folder)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              names.add(folder.relativize(file).toString().replace('\\', '/'));
              if (names.size() > MOST) {
                throw new StartException(
                    folder
                        + " holds more than "
                        + MOST
                        + " files and is not a Git repository; run portage init in the project's own folder");
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new StartException(folder + " can't be read: " + e.getMessage());
    }
    return names;
  }

  /** Their names relative to the folder, with {@code /}, in order. */
  List<String> names() {
    return names;
  }

  /** The text of one of them; empty where it is none, too large, or can't be read. */
  Optional<String> text(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.size(file) > LARGEST
          ? Optional.empty()
          : Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
