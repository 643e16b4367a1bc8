package dev.portage.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An output stream of this process that remembers why a write failed. */
final class CheckedOutput extends PrintStream {

  private final Remembering to;

  private CheckedOutput(Remembering to) {
    // Text is UTF-8, whatever the system's own charset is.
    super(to, true, StandardCharsets.UTF_8);
    this.to = to;
  }

  static CheckedOutput to(FileDescriptor descriptor) {
    return new CheckedOutput(new Remembering(new FileOutputStream(descriptor)));
  }

  /** Whether the reader has gone, as with {@code head}: then there is nobody left to print for. */
  boolean readerIsGone() {
    IOException lost = to.lost;
    return lost != null && String.valueOf(lost.getMessage()).contains("Broken pipe");
  }

  private static final class Remembering extends FilterOutputStream {
    private @Nullable IOException lost;

    private Remembering(OutputStream to) {
      super(to);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        lost = e;
        throw e;
      }
    }
  }
}
