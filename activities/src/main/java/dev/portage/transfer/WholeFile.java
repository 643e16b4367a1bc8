package dev.portage.transfer;

import dev.portage.store.ArtifactSource;
import java.io.ByteArrayOutputStream;

/** Small files, read into memory. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * All bytes of a stream.
   *
   * @throws WrongBytes when there are more than so many
   */
  public static ByteArrayOutputStream of(ArtifactSource.Stream stream, long most) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      if (bytes.size() + (long) read > most) {
        throw new WrongBytes("it is longer than " + most + " bytes");
      }
      bytes.write(buffer, 0, read);
    }
    return bytes;
  }
}
