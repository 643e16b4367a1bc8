package dev.portage.checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The git command, in one folder. It asks nothing and changes nothing. */
final class Git {

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
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      FutureTask<byte[]> trouble = new FutureTask<>(process.getErrorStream()::readAllBytes);
      Thread.ofVirtual().start(trouble);
      byte[] bytes = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      return new Answer(code, bytes, new String(trouble.get(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new CheckoutException(
          "git does not run (" + e.getMessage() + "); install it, or put it on the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CheckoutException("interrupted while git was running");
    } catch (ExecutionException e) {
      throw new UncheckedIOException("reading git's answer", new IOException(e.getCause()));
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
