package dev.portage.localworkspace.faults;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** What {@link Effect.Truncated} and {@link Effect.FlippedByte} do to the bytes of a file. */
public final class Damage {
  private static final int BIT = 1;

  private Damage() {}

  /** A stream of an answer with these effects on it; others are left to the caller. */
  public static OutputStream on(OutputStream out, List<Effect> effects) {
    OutputStream damaged = out;
    for (Effect effect : effects) {
      damaged =
          switch (effect) {
            case Effect.Truncated cut -> new Cut(damaged, cut.after());
            case Effect.FlippedByte flip -> new FlippedOut(damaged, flip.at());
            default -> damaged;
          };
    }
    return damaged;
  }

  /** A stream of what is stored, with these effects on it. */
  public static InputStream on(InputStream in, List<Effect> effects) {
    InputStream damaged = in;
    for (Effect effect : effects) {
      damaged =
          effect instanceof Effect.FlippedByte flip ? new FlippedIn(damaged, flip.at()) : damaged;
    }
    return damaged;
  }

  /** The response was interrupted as requested. */
  public static final class BrokenOff extends IOException {
    private BrokenOff() {
      super("interrupted on request");
    }
  }

  private static final class Cut extends FilterOutputStream {
    private long left;

    private Cut(OutputStream out, long after) {
      super(out);
      left = after;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int now = (int) Math.min(left, length);
      out.write(bytes, from, now);
      left -= now;
      if (now < length || left == 0) {
        out.flush();
        throw new BrokenOff();
      }
    }
  }

  private static final class FlippedOut extends FilterOutputStream {
    private final long at;
    private long position;

    private FlippedOut(OutputStream out, long at) {
      super(out);
      this.at = at;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      byte[] copy = bytes;
      if (at >= position && at < position + length) {
        copy = bytes.clone();
        copy[from + (int) (at - position)] ^= BIT;
      }
      out.write(copy, from, length);
      position += length;
    }
  }

  private static final class FlippedIn extends FilterInputStream {
    private final InputStream from;
    private final long at;
    private long position;

    private FlippedIn(InputStream in, long at) {
      super(in);
      from = in;
      this.at = at;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = from.read(bytes, offset, length);
      if (read > 0) {
        if (at >= position && at < position + read) {
          bytes[offset + (int) (at - position)] ^= BIT;
        }
        position += read;
      }
      return read;
    }
  }
}
