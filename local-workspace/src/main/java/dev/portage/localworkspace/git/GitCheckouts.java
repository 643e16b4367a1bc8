package dev.portage.localworkspace.git;

import dev.portage.localworkspace.protocol.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checks out code with the {@code git} command. Each repository is stored once as a bare mirror; a
 * commit that the mirror has is not fetched again. A checkout has no {@code .git} folder, so a
 * notebook can't push.
 */
public final class GitCheckouts implements Checkouts {
  private static final long LIMIT_SECONDS = 600;

  private final Path mirrors;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** Keeps the mirrors below a folder. */
  public GitCheckouts(Path mirrors) {
    this.mirrors = mirrors;
  }

  @Override
  public String checkOut(GitSource source, Path folder)
      throws CheckoutFailed, InterruptedException {
    ReentrantLock lock = locks.computeIfAbsent(source.url(), url -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      Path mirror = mirrors.resolve(Sha256.of(source.url()).substring(0, 16) + ".git");
      if (!Files.exists(mirror.resolve("HEAD"))) {
        git(source, List.of("init", "--quiet", "--bare", mirror.toString()), Map.of());
      }
      String commit = resolve(source, mirror);
      Files.createDirectories(folder);
      Path index = folder.resolveSibling(folder.getFileName() + ".index");
      // An index of its own lets several runs check out of one mirror.
      git(
          source,
          List.of(
              "--git-dir=" + mirror,
              "--work-tree=" + folder,
              "-c",
              "core.bare=false",
              "checkout",
              "--quiet",
              "--force",
              commit,
              "--",
              "."),
          Map.of("GIT_INDEX_FILE", index.toString()));
      Files.deleteIfExists(index);
      return commit;
    } catch (IOException e) {
      throw new CheckoutFailed(
          "Failed to checkout Git repository " + source.url() + ": " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private static String resolve(GitSource source, Path mirror)
      throws CheckoutFailed, IOException, InterruptedException {
    String gitDir = "--git-dir=" + mirror;
    if (source.kind() == GitSource.Kind.COMMIT) {
      if (has(gitDir, source.reference())) {
        return source.reference();
      }
    }
    git(
        source,
        fetch(
            source,
            gitDir,
            List.of("--force", "--prune"),
            List.of("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")),
        Map.of());
    if (source.kind() == GitSource.Kind.COMMIT && !has(gitDir, source.reference())) {
      // A commit that is no longer on any branch can still be fetched by id, if the server allows
      // it.
      run(fetch(source, gitDir, List.of(), List.of(source.reference())), Map.of());
    }
    String name =
        switch (source.kind()) {
          case COMMIT -> source.reference();
          case TAG -> "refs/tags/" + source.reference();
          case BRANCH -> "refs/heads/" + source.reference();
        };
    Result parsed =
        run(List.of(gitDir, "rev-parse", "--verify", "--quiet", name + "^{commit}"), Map.of());
    if (parsed.exit() != 0) {
      throw new CheckoutFailed(
          "Failed to checkout Git repository: NOT_FOUND: "
              + source.kind().name().toLowerCase(java.util.Locale.ROOT)
              + " '"
              + source.reference()
              + "' does not exist in "
              + source.url());
    }
    return parsed.output().strip();
  }

  /**
   * A fetch. A shallow clone returns what it has; git's protocol version 2 allows any commit to be
   * named. A repository on this machine may be someone else's: whoever requested the run has named
   * it, and its hooks don't run.
   */
  private static List<String> fetch(
      GitSource source, String gitDir, List<String> options, List<String> what) {
    List<String> words = new ArrayList<>(List.of(gitDir, "-c", "protocol.version=2", "fetch"));
    words.addAll(List.of("--quiet", "--no-tags", "--update-shallow"));
    if (source.url().startsWith("file:")) {
      // The only way to tell the other side, which starts without any of this side's settings.
      words.add("--upload-pack=git -c 'safe.directory=*' upload-pack");
    }
    words.addAll(options);
    words.addAll(List.of("--end-of-options", source.url()));
    words.addAll(what);
    return words;
  }

  private static boolean has(String gitDir, String commit)
      throws IOException, InterruptedException {
    return run(List.of(gitDir, "cat-file", "-e", commit + "^{commit}"), Map.of()).exit() == 0;
  }

  private static void git(GitSource source, List<String> arguments, Map<String, String> environment)
      throws CheckoutFailed, IOException, InterruptedException {
    Result result = run(arguments, environment);
    if (result.exit() != 0) {
      String said = result.output().strip();
      throw new CheckoutFailed(
          "Failed to checkout Git repository: "
              + source.url()
              + ": "
              + (said.isEmpty() ? "git exited with " + result.exit() : said));
    }
  }

  private record Result(int exit, String output) {}

  private static Result run(List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("git");
    command.addAll(arguments);
    Path said = Files.createTempFile("git", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    // What surrounds this process (a hook, another repository) must not lead git elsewhere.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("git did not finish within " + LIMIT_SECONDS + " s");
      }
      return new Result(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(said);
    }
  }
}
