package dev.portage.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.temporal.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The canonical form of a manifest, whose SHA-256 is the digest: JSON in UTF-8 without spaces,
 * fields in this order, files sorted by the UTF-8 bytes of their paths, digests in lower case:
 *
 * <pre>{@code
 * {"partBytes":67108864,"files":[{"path":"MLmodel","size":913,"sha256":"…","parts":["…"]}]}
 * }</pre>
 *
 * <p>Paths contain neither control characters nor backslashes; only the quote is escaped, as {@code
 * \"}. So {@code sha256sum} of the stored artifact is the digest.
 */
final class ManifestFormat {
  private static final ObjectMapper JSON = Payloads.mapper();
  private static final Comparator<ManifestFile> BY_PATH =
      (a, b) ->
          Arrays.compareUnsigned(
              a.path().getBytes(StandardCharsets.UTF_8), b.path().getBytes(StandardCharsets.UTF_8));

  private ManifestFormat() {}

  /** A manifest of these files. */
  static Manifest of(List<ManifestFile> files) {
    return new Manifest(Manifest.PART_BYTES, files.stream().sorted(BY_PATH).toList());
  }

  /** The canonical form. */
  static byte[] canonical(Manifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("partBytes", manifest.partBytes());
      json.writeArrayFieldStart("files");
      for (ManifestFile file : manifest.files()) {
        json.writeStartObject();
        json.writeStringField("path", file.path());
        json.writeNumberField("size", file.size());
        json.writeStringField("sha256", file.sha256());
        json.writeArrayFieldStart("parts");
        for (String part : file.parts()) {
          json.writeString(part);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** SHA-256 of a canonical form, as 64 hex digits. */
  static String digest(byte[] canonical) {
    return PartDigests.hex(PartDigests.sha256().digest(canonical));
  }

  /**
   * Reads a manifest back, which has to be the very one.
   *
   * @throws WrongBytes when these bytes are no manifest, or one of another digest
   */
  static Manifest read(byte[] bytes, String digest) {
    if (!digest(bytes).equals(digest)) {
      throw new WrongBytes("the stored manifest is not the one with digest " + digest);
    }
    try {
      return JSON.readValue(new String(bytes, StandardCharsets.UTF_8), Manifest.class);
    } catch (JsonProcessingException e) {
      throw new WrongBytes("the stored manifest can't be read: " + e.getOriginalMessage());
    }
  }
}
