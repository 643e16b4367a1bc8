package dev.portage.start;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a file that people write, as text. */
final class TextFile {

  private TextFile() {}

  /**
   * The text.
   *
   * @param fileName how people named it
   * @throws StartException if it is not UTF-8
   */
  static String utf8(String fileName, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new StartException(fileName + ":1: the file is not UTF-8; save it as UTF-8");
    }
  }
}
