package dev.portage.checkout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A file in the working copy, compared with its commit. Git may write a file differently from how
 * it stores it (line endings, encoding, filters, by attributes and settings), and stores some files
 * that no checkout can reproduce: none of these differences is a change that someone made.
 */
final class WorkingFile {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Git git;
  private final Path top;
  private final Path file;
  private final String path;

  /** By its path inside the repository. */
  WorkingFile(Git git, Path top, String path) {
    this.git = git;
    this.top = top;
    this.file = top.resolve(path);
    this.path = path;
  }

  /** Whether its content is another than the commit's, however either is written. */
  boolean differs(Blob committed) {
    byte[] working;
    try {
      working = Files.readAllBytes(file);
    } catch (IOException _) {
      return !isLeftOut();
    }
    return !Arrays.equals(working, committed.bytes())
        && !wouldBeCommittedAs(committed)
        && !Arrays.equals(working, asCheckedOut(committed))
        && !Arrays.equals(plain(working), plain(committed.bytes()));
  }

  private boolean wouldBeCommittedAs(Blob committed) {
    Git.Answer id = git.ask("hash-object", "--path=" + path, "--", file.toString());
    return id.good() && id.text().equals(committed.id());
  }

  private byte[] asCheckedOut(Blob committed) {
    Git.Answer written = git.ask("cat-file", "--filters", "--path=" + path, committed.id());
    return written.good() ? written.bytes() : committed.bytes();
  }

  /** Without a mark of the byte order, each line's end one character. */
  private static byte[] plain(byte[] bytes) {
    boolean marked = bytes.length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
    for (int i = marked ? BYTE_ORDER_MARK.length : 0; i < bytes.length; i++) {
      boolean carriage = bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n';
      if (!carriage) {
        plain.write(bytes[i]);
      }
    }
    return plain.toByteArray();
  }

  /** Whether it is left out of the working copy on purpose, as in a sparse checkout. */
  boolean isLeftOut() {
    return flag().equalsIgnoreCase("S") && !Files.exists(file);
  }

  /** The command that makes it what it is in a commit, from anywhere in the checkout. */
  String takeBack(String commit) {
    String flag = flag();
    // Git skips a file that someone told it to treat as unchanged.
    String watch =
        flag.equals(flag.toUpperCase(Locale.ROOT))
            ? ""
            : "git -C "
                + quoted(top.toString())
                + " update-index --no-assume-unchanged "
                + quoted(path)
                + " && ";
    return watch + "git checkout " + commit + " -- " + quoted(":/" + path);
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Git's letter for how it takes the file: H as usual, S left out, lower case unwatched. */
  private String flag() {
    String listed = git.ask("ls-files", "-v", "-z", "--", path).text();
    return listed.isEmpty() ? "" : listed.substring(0, 1);
  }
}
