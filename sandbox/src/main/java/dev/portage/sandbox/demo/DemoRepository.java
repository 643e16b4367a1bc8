package dev.portage.sandbox.demo;

import dev.portage.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A team's git repository, made from an example.
 *
 * @param folder its work tree
 */
public record DemoRepository(Path folder) {

  /**
   * Makes it, with nothing committed.
   *
   * @param example folder of the example
   * @param folder of the repository, must not exist
   */
  public static DemoRepository of(Path example, Path folder) throws IOException {
    if (!Files.isDirectory(example)) {
      throw new SandboxException(example + " is missing: run this from a complete checkout");
    }
    try (Stream<Path> tree = Files.walk(example)) {
      for (Path from : (Iterable<Path>) tree::iterator) {
        Path to = folder.resolve(example.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
    DemoRepository repository = new DemoRepository(folder);
    repository.git("init", "--quiet", "--initial-branch=main");
    return repository;
  }

  /**
   * Commits everything that is there.
   *
   * @param who a mail address
   * @return full id of the commit
   */
  public String commit(String who, String message) throws IOException {
    git("add", "--all");
    git(
        "-c",
        "user.name=" + who.substring(0, who.indexOf('@')),
        "-c",
        "user.email=" + who,
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--no-verify",
        "--message",
        message);
    return git("rev-parse", "HEAD").strip();
  }

  private String git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Nobody's own settings, hooks or identity: the same commit on every machine.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder
        .environment()
        .putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new SandboxException("git not found: install it", e);
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("git " + arguments[0] + " failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in git " + arguments[0], e);
    }
    return said;
  }
}
