import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds Portage for the launchers of a checkout, if it is missing or outdated:
 *
 * <pre>
 * java build/Build.java ROOT [ARGUMENT...]
 * </pre>
 *
 * The arguments are those of the command that follows. Help is shown by an outdated build too, and
 * where there is none, the user is told why showing it takes so long.
 *
 * The build is in {@code .portage/dist}, in a folder of its own whose name {@code current} holds.
 */
public final class Build {

  private static final Pattern TELLING =
      Pattern.compile("\\[(ERROR|WARNING)\\] (/|[A-Z]:|COMP|Failed).*");
  private static final int LINES = 8;

  /** Those before it stay for a while: processes may run from the last. */
  private static final int KEPT = 2;

  private final Path root;
  private final Path home;
  private final boolean helpOnly;

  private Build(Path root, List<String> command) {
    this.root = root;
    this.home = root.resolve(".portage");
    this.helpOnly =
        (!command.isEmpty() && command.get(0).equals("help"))
            || command.stream().anyMatch(List.of("--help", "-h", "--version", "-V")::contains);
  }

  /** Exits with 1 when the build fails. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> all = List.of(arguments);
    System.exit(
        new Build(Path.of(all.get(0)).toAbsolutePath(), all.subList(1, all.size())).ensure());
  }

  private int ensure() throws IOException, InterruptedException {
    if (isUpToDate()) {
      return 0;
    }
    if (helpOnly && isBuilt()) {
      say("this is what the last build says; it is older than the sources (to build: ./portage)");
      return 0;
    }
    Files.createDirectories(home.resolve("dist"));
    // The system gives it back when a launcher dies.
    try (RandomAccessFile file = new RandomAccessFile(home.resolve("build.lock").toFile(), "rw");
        FileLock lock = lock(file)) {
      return lock.isValid() && isUpToDate() ? 0 : build();
    }
  }

  private static FileLock lock(RandomAccessFile file) throws IOException {
    FileLock lock = file.getChannel().tryLock();
    if (lock != null) {
      return lock;
    }
    say("another launcher is building; waiting for it");
    return file.getChannel().lock();
  }

  /** Whether the build is newer than every source; a removed file makes its folder newer. */
  private boolean isUpToDate() throws IOException {
    Path current = home.resolve("dist/current");
    if (Files.notExists(current)) {
      return false;
    }
    Path stamp = home.resolve("dist").resolve(Files.readString(current).strip()).resolve("stamp");
    return Files.exists(stamp) && !newer(Files.getLastModifiedTime(stamp));
  }

  private boolean isBuilt() throws IOException {
    Path current = home.resolve("dist/current");
    return Files.exists(current)
        && Files.isDirectory(
            home.resolve("dist").resolve(Files.readString(current).strip()).resolve("lib"));
  }

  private boolean newer(FileTime built) throws IOException {
    List<Path> sources = new ArrayList<>(List.of(root.resolve("pom.xml")));
    try (Stream<Path> modules = Files.list(root)) {
      modules.forEach(module -> {
        sources.add(module.resolve("pom.xml"));
        sources.add(module.resolve("src/main"));
      });
    }
    for (Path source : sources) {
      if (Files.exists(source)) {
        try (Stream<Path> files = Files.walk(source)) {
          for (Path file : (Iterable<Path>) files::iterator) {
            if (Files.getLastModifiedTime(file).compareTo(built) > 0) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private int build() throws IOException, InterruptedException {
    say(
        (helpOnly ? "this text is part of the program, which has to be built first: " : "")
            + "building (a minute or two the first time; output in .portage/build.log)");
    if (helpOnly) {
      say("meanwhile, docs/command.md lists all commands");
    }
    String name =
        LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"))
            + "-"
            + ProcessHandle.current().pid();
    Path dist = Files.createDirectory(home.resolve("dist").resolve(name));
    // Records the start: a source changed during the build is newer.
    Files.createFile(dist.resolve("stamp"));
    Path made = root.resolve("sandbox/target/dist");
    remove(made);
    Path log = home.resolve("build.log");
    if (run(maven(), log, ProcessBuilder.Redirect.to(log.toFile())) != 0) {
      remove(dist);
      tell(log);
      say("the build failed; see " + log);
      return 1;
    }
    // A separate copy: processes running from the previous build are not disturbed.
    copy(made.resolve("lib"), dist.resolve("lib"));
    cacheClasses(dist, log);
    Path fresh = Files.writeString(home.resolve("dist/current.new"), name + "\n");
    Files.move(fresh, home.resolve("dist/current"), StandardCopyOption.REPLACE_EXISTING);
    removeOld();
    return 0;
  }

  private static List<String> maven() {
    List<String> line = new ArrayList<>();
    if (System.getProperty("os.name").startsWith("Windows")) {
      line.addAll(List.of("cmd", "/c", "mvnw.cmd"));
    } else {
      line.add("./mvnw");
    }
    line.addAll(
        List.of(
            "--batch-mode", "-pl", "sandbox", "-am", "-Dmaven.test.skip=true", "-Dexec.skip=true",
            "-Denforcer.skip=true", "package"));
    return line;
  }

  /** So that later starts are fast. Without the cache everything works, only slower. */
  private void cacheClasses(Path dist, Path log) throws IOException, InterruptedException {
    Path cache = dist.resolve("portage.aot");
    Path work = dist.resolve("training");
    int code =
        run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("release/src/main/launcher/command.options"),
                "-XX:AOTCacheOutput=" + cache,
                "-Dportage.root=" + dist,
                "-cp",
                dist.resolve("lib") + System.getProperty("file.separator") + "*",
                "dev.portage.sandbox.StartTraining",
                work.toString()),
            log,
            ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (code != 0) {
      Files.deleteIfExists(cache);
    }
    remove(work);
    remove(dist.resolve(".portage"));
  }

  private int run(List<String> line, Path log, ProcessBuilder.Redirect output)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    // Whoever interrupts the launcher ends what it started.
    Thread end = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    return code;
  }

  private static void tell(Path log) throws IOException {
    List<String> all = Files.readAllLines(log);
    List<String> telling =
        all.stream().filter(TELLING.asMatchPredicate()).limit(LINES).toList();
    (telling.isEmpty() ? all.subList(Math.max(0, all.size() - LINES), all.size()) : telling)
        .forEach(System.err::println);
  }

  private void removeOld() throws IOException {
    try (Stream<Path> builds = Files.list(home.resolve("dist"))) {
      List<Path> old =
          builds
              .filter(build -> build.getFileName().toString().matches("\\d{8}-.*"))
              .sorted(Comparator.reverseOrder())
              .skip(KEPT)
              .toList();
      for (Path build : old) {
        remove(build);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Removes a folder; on Windows one that runs stays. */
  private static void remove(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, IOException problem) {
            return delete(left);
          }

          private FileVisitResult delete(Path path) {
            try {
              Files.deleteIfExists(path);
            } catch (IOException _) {
              // In use; the next build tries again.
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void say(String text) {
    System.err.println("portage: " + text);
  }
}
