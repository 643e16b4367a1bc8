package dev.portage.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes the archives of a release, from what {@code build/release} has built and downloaded:
 *
 * <pre>
 * Release ROOT VERSION MOMENT OUT [PLATFORM...]
 * </pre>
 *
 * ROOT is the checkout, MOMENT how old the files in the archives are, OUT where the archives go.
 */
public final class Release {

  /** What Portage and its libraries use of Java, and what TLS needs besides. */
  static final Set<String> MODULES =
      Set.of(
          "java.base",
          "java.desktop",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.management",
          "jdk.unsupported",
          "jdk.zipfs");

  private final Path root;
  private final String version;
  private final Instant moment;

  Release(Path root, String version, Instant moment) {
    this.root = root;
    this.version = version;
    this.moment = moment;
  }

  /** Makes them, and prints a line each. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4) {
      System.err.println("usage: Release ROOT VERSION MOMENT OUT [PLATFORM...]");
      System.exit(2);
    }
    Path out = Path.of(arguments[3]);
    try {
      List<Platform> platforms =
          arguments.length == 4
              ? List.of(Platform.values())
              : Arrays.stream(arguments).skip(4).map(Platform::of).toList();
      Release release =
          new Release(Path.of(arguments[0]), arguments[1], Instant.parse(arguments[2]));
      for (Path file : release.make(out, platforms)) {
        System.out.println(file + "  " + Files.size(file) / (1 << 20) + " MiB");
      }
    } catch (ReleaseException e) {
      System.err.println("build/release: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Makes the archives of some platforms, their checksums, and the bill of materials beside. */
  List<Path> make(Path out, List<Platform> platforms) throws IOException {
    Files.createDirectories(out);
    RuntimeWheels wheels =
        new RuntimeWheels(root.resolve(".portage/runtimes"), root.resolve("release/runtimes.lock"));
    List<Path> made = new ArrayList<>();
    for (Platform platform : platforms) {
      Tree tree = program(platform);
      wheels.addTo(tree, platform, MODULES);
      made.add(pack(tree, platform, out));
    }
    made.add(Files.writeString(out.resolve("portage-" + version + ".cdx.json"), text(bill())));
    Path sums = out.resolve("SHA256SUMS");
    Checksums.write(sums, made);
    made.add(sums);
    return made;
  }

  private Path pack(Tree tree, Platform platform, Path out) throws IOException {
    String name = "portage-" + version + "-" + platform;
    Path file = out.resolve(name + platform.ending());
    Archive archive = new Archive(name, moment);
    if (platform.isWindows()) {
      archive.zip(tree, file);
    } else {
      archive.tarGz(tree, file);
    }
    return file;
  }

  /** Everything but Java: launcher, jars, texts. */
  private Tree program(Platform platform) {
    Path launcher = root.resolve("release/src/main/launcher");
    Tree tree = new Tree();
    jars(tree);
    for (String options : List.of("command.options", "worker.options")) {
      tree.add("lib/" + options, text(launcher.resolve(options)), false);
    }
    if (platform.isWindows()) {
      // cmd.exe reads a file with line ends of Unix wrongly where it jumps in it.
      tree.add(
          "bin/portage.cmd", text(launcher.resolve("portage.cmd")).replace("\n", "\r\n"), false);
    } else {
      tree.add("bin/portage", text(launcher.resolve("portage")), true);
    }
    tree.add("LICENSE", text(root.resolve("LICENSE")), false);
    tree.add("NOTICE", text(root.resolve("NOTICE")), false);
    tree.add("README.md", text(root.resolve("release/src/main/launcher/README.md")), false);
    tree.add("bom.json", text(bill()), false);
    return tree;
  }

  private void jars(Tree tree) {
    Path lib = root.resolve("release/target/dist/lib");
    try (Stream<Path> jars = Files.list(lib)) {
      for (Path jar :
          (Iterable<Path>) jars.filter(file -> file.toString().endsWith(".jar"))::iterator) {
        tree.add("lib/" + jar.getFileName(), Files.readAllBytes(jar), false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + lib + " failed", e);
    }
  }

  private Path bill() {
    return root.resolve("release/target/bom.json");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file + " failed", e);
    }
  }
}
