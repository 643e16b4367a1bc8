package dev.portage.localworkspace.blobs;

import dev.portage.localworkspace.faults.Damage;
import dev.portage.localworkspace.faults.Effect;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.ByteRange;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One call of a signed URL. */
final class BlobCall {
  private final Context context;
  private final String place;
  private final Map<String, String> query;
  private final List<Effect> effects;
  private final Instant at;
  private final IntConsumer record;

  BlobCall(
      Context context,
      String place,
      Map<String, String> query,
      List<Effect> effects,
      Instant at,
      IntConsumer record) {
    this.context = context;
    this.place = place;
    this.query = query;
    this.effects = effects;
    this.at = at;
    this.record = record;
  }

  Context exchange() {
    return context;
  }

  String method() {
    return context.req().getMethod();
  }

  /** Container and key, unescaped. */
  String place() {
    return place;
  }

  Map<String, String> query() {
    return query;
  }

  @Nullable String query(String name) {
    return query.get(name);
  }

  Instant at() {
    return at;
  }

  /** Whether the caller will never see the answer. */
  boolean answerIsLost() {
    return effects.stream().anyMatch(Effect.LostAnswer.class::isInstance);
  }

  /** Refuses what the query has beyond a signature and these. */
  void onlyQuery(Set<String> signature, String... allowed) {
    for (String name : query.keySet()) {
      if (!signature.contains(name) && !Arrays.asList(allowed).contains(name)) {
        throw new BlobRefusal(
            400, "InvalidQueryParameterValue", "Unknown query parameter '" + name + "'.");
      }
    }
  }

  /** The length of the body, which must be said. */
  long length() {
    long length = context.req().getContentLengthLong();
    if (length < 0) {
      throw Dialect.lengthNeeded();
    }
    return length;
  }

  /** The body as it will be stored. */
  InputStream input() throws IOException {
    return Damage.on((InputStream) context.req().getInputStream(), effects);
  }

  /** Says which status comes, and gives the way for the body. */
  OutputStream output(int status, long length) throws IOException {
    HttpServletResponse out = context.res();
    out.setStatus(status);
    out.setContentLengthLong(length);
    record.accept(status);
    return Damage.on((OutputStream) out.getOutputStream(), effects);
  }

  /** The way for a body whose length another server has said. */
  OutputStream output(int status) throws IOException {
    context.res().setStatus(status);
    record.accept(status);
    return Damage.on((OutputStream) context.res().getOutputStream(), effects);
  }

  /** Answers without a body. */
  void done(int status) {
    context.status(status);
  }

  /** Responds with a file, or the requested part of it. */
  void file(Path file, Dialect dialect) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw dialect.missing();
    }
    long size = Files.size(file);
    ByteRange range;
    try {
      range = ByteRange.parse(context.header("Range"), size);
    } catch (ApiRefusal outside) {
      throw dialect.noSuchRange(size);
    }
    Instant modified = Files.getLastModifiedTime(file).toInstant();
    context.header("Accept-Ranges", "bytes");
    context.header("ETag", "\"" + Long.toHexString(modified.toEpochMilli()) + "-" + size + "\"");
    context.header(
        "Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(modified.atZone(ZoneOffset.UTC)));
    context.res().setContentType("application/octet-stream");
    if (range != null) {
      context.header("Content-Range", range.contentRange(size));
    }
    ByteRange part = range == null ? new ByteRange(0, size) : range;
    int status = range == null ? 200 : 206;
    if (answerIsLost()) {
      done(status);
      return;
    }
    OutputStream out = output(status, part.length());
    if (!method().equals("HEAD")) {
      part.copy(file, out);
    }
  }
}
