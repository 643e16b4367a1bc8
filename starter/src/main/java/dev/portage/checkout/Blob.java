package dev.portage.checkout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A file's bytes as git keeps them, with git's id of them. */
final class Blob {
  private final String id;
  private final byte[] bytes;

  private Blob(String id, byte[] bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  String id() {
    return id;
  }

  byte[] bytes() {
    return bytes;
  }

  /**
   * A file of a commit, byte for byte; a link inside the repository is followed. Empty when the
   * commit does not have it.
   *
   * @throws CheckoutException when it is a link that leads out of the repository
   */
  static Optional<Blob> find(Git git, String commit, String path) {
    Git.Answer answer =
        git.answer(
            (commit + ":" + path + "\n").getBytes(StandardCharsets.UTF_8),
            "cat-file",
            "--batch",
            "--follow-symlinks");
    byte[] bytes = answer.bytes();
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    // "<id> blob <size>"; of a link that leads nowhere "symlink <size>", "dangling <size>" or so.
    String head = new String(bytes, 0, end, StandardCharsets.UTF_8);
    if (head.startsWith("symlink ")) {
      throw new CheckoutException(
          path
              + " is a symlink in commit "
              + commit.substring(0, Math.min(12, commit.length()))
              + " that points outside the repository; commit the file itself");
    }
    String[] words = head.split(" ", -1);
    if (words.length != 3 || !words[1].equals("blob")) {
      return Optional.empty();
    }
    int size = Integer.parseInt(words[2]);
    return Optional.of(new Blob(words[0], Arrays.copyOfRange(bytes, end + 1, end + 1 + size)));
  }
}
