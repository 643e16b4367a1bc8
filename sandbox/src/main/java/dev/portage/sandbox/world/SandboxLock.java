package dev.portage.sandbox.world;

import dev.portage.sandbox.SandboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Allows one sandbox at a time. The operating system releases the lock when its holder is gone,
 * even if it was killed, so a stale lock never gets in the way.
 */
final class SandboxLock implements AutoCloseable {
  /** Far behind the text, which others read while it is locked. */
  private static final long LOCKED_BYTE = 1L << 40;

  private final FileChannel channel;

  private SandboxLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws SandboxException when another sandbox holds it
   */
  static SandboxLock take(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new SandboxException(
          "another sandbox or demo of this checkout is already running"
              + (holder.matches("\\d+") ? " (process " + holder + ")" : "")
              + ": use it, or stop it with Ctrl-C first");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    return new SandboxLock(channel);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very JVM.
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.truncate(0);
      channel.close();
    } catch (IOException e) {
      // The system gives the lock back with the process.
    }
  }
}
