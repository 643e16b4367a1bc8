package dev.portage.checkout;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The git command in one folder; the only place that runs it. It never prompts or changes anything,
 * and its output doesn't depend on personal settings: everything that a setting or variable could
 * change (signatures, colors, quoted names, mapped addresses, replaced commits, another repository)
 * is switched off here. The settings that make git trust a folder still apply.
 */
final class Git {

  /** Variables that say how git is installed, not what it reads or how it prints. */
  private static final List<String> KEPT =
      List.of(
          "GIT_CONFIG",
          "GIT_EXEC_PATH",
          "GIT_CEILING_DIRECTORIES",
          "GIT_DISCOVERY_ACROSS_FILESYSTEM");

  private static final List<String> SETTINGS =
      List.of(
          "log.showSignature=false",
          "log.mailmap=false",
          "core.quotePath=false",
          "core.fsmonitor=false",
          "core.pager=cat",
          "color.ui=false",
          "i18n.logOutputEncoding=UTF-8",
          "status.showUntrackedFiles=normal",
          "submodule.recurse=false");

  private final Path folder;

  Git(Path folder) {
    this.folder = folder;
  }

  /** What git answered. */
  static final class Answer {
    private final int code;
    private final byte[] bytes;
    private final String trouble;

    private Answer(int code, byte[] bytes, String trouble) {
      this.code = code;
      this.bytes = bytes;
      this.trouble = trouble;
    }

    byte[] bytes() {
      return bytes;
    }

    /** What it printed as an error. */
    String trouble() {
      return trouble;
    }

    boolean good() {
      return code == 0;
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /** The names of an answer to an option {@code -z}. */
    List<String> names() {
      List<String> names = new ArrayList<>();
      for (String name : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
      return names;
    }
  }

  Answer ask(String... arguments) {
    return answer(new byte[0], arguments);
  }

  /** The same, for a command that calls a server: ended after so long, which is no good answer. */
  Answer within(Duration longest, String... arguments) {
    return answer(new byte[0], longest, arguments);
  }

  /** Runs Git with text on standard input. */
  Answer answer(byte[] input, String... arguments) {
    return answer(input, null, arguments);
  }

  private Answer answer(byte[] input, @Nullable Duration longest, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "--no-pager", "--literal-pathspecs"));
    SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    isolate(builder.environment());
    try {
      Process process = builder.start();
      if (longest != null) {
        CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
            .execute(process::destroy);
      }
      FutureTask<byte[]> trouble = new FutureTask<>(process.getErrorStream()::readAllBytes);
      // A pipe blocks the thread that carries a virtual one.
      Thread.ofPlatform().daemon().start(trouble);
      Thread.ofPlatform().daemon().start(() -> write(process.getOutputStream(), input));
      byte[] bytes = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      return new Answer(code, bytes, new String(trouble.get(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new CheckoutException(
          "can't run git (" + e.getMessage() + "); install it or add it to the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CheckoutException("interrupted while git was running");
    } catch (ExecutionException e) {
      throw new UncheckedIOException("reading git's answer", new IOException(e.getCause()));
    }
  }

  static void isolate(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> {
          String upper = name.toUpperCase(Locale.ROOT);
          return upper.startsWith("GIT_") && KEPT.stream().noneMatch(upper::startsWith);
        });
    environment.put("LC_ALL", "C");
    environment.put("LANGUAGE", "C");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("GIT_NO_REPLACE_OBJECTS", "1");
    environment.put("GIT_GRAFT_FILE", nothing());
  }

  /** A file that is empty on every system. */
  private static String nothing() {
    return String.valueOf(System.getProperty("os.name")).startsWith("Windows")
        ? "NUL"
        : "/dev/null";
  }

  private static void write(OutputStream to, byte[] input) {
    try (to) {
      to.write(input);
    } catch (IOException _) {
      // Git ended before it read everything: its exit code says why.
    }
  }

  /** The answer, which must be a good one. */
  Answer must(String... arguments) {
    Answer answer = ask(arguments);
    if (!answer.good()) {
      throw new CheckoutException(
          "git " + arguments[0] + " failed in " + folder + ": " + answer.trouble());
    }
    return answer;
  }
}
