package dev.portage.store.http;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.http.OutboundHttp.FirstByte;
import dev.portage.http.StreamLimits;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSource;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Long bodies over HTTP, in both directions, for every store. Responses are checked against the
 * request: range, length and encoding.
 */
public final class ByteStreams {
  private static final MediaType BYTES = MediaType.get("application/octet-stream");

  private final OutboundHttp http;
  private final ErrorTable errors;
  private final @Nullable MediaType type;

  /**
   * Bytes by this way.
   *
   * @param errors what the errors of the system that gives and takes them mean
   */
  public ByteStreams(OutboundHttp http, ErrorTable errors) {
    this(http, errors, BYTES);
  }

  private ByteStreams(OutboundHttp http, ErrorTable errors, @Nullable MediaType type) {
    this.http = http;
    this.errors = errors;
    this.type = type;
  }

  /**
   * Bytes to and from signed addresses. What is sent has no type but the one that comes with the
   * address: some signatures cover it.
   */
  public static ByteStreams signed(OutboundHttp http) {
    return new ByteStreams(http, SignedErrors.TABLE, null);
  }

  /**
   * Reads a body, requested again from where it stopped when it breaks off.
   *
   * @param request built anew for each response
   * @param wanted which bytes, null for all of them
   * @param ranged whether ranges can be requested; otherwise the body can't be resumed
   * @param size of the file if known, otherwise 0
   */
  public <T> T read(
      Attempt attempt,
      Supplier<Request.Builder> request,
      @Nullable Range wanted,
      boolean ranged,
      long size,
      ArtifactSource.Reader<T> reader) {
    ResumingBody.Opener opener =
        range -> {
          Request.Builder builder = request.get().tag(FirstByte.class, first(size));
          return switch (open(attempt, builder, range)) {
            case Opened.Refusal(HttpAnswer answer) ->
                throw errors.failure(attempt, builder.build(), answer);
            case Opened.Body body -> body;
          };
        };
    try (ResumingBody body =
        new ResumingBody(
            opener,
            wanted,
            ranged,
            reader::retry,
            broken -> unreachable(attempt, request.get(), broken))) {
      return reader.read(body);
    }
  }

  private FirstByte first(long bytes) {
    return new FirstByte(http.limits().firstByte(bytes));
  }

  /** The failure for a body that broke off and could not be followed. */
  public ApplicationFailure unreachable(
      Attempt attempt, Request.Builder request, IOException broken) {
    return errors.unreachable(attempt, request.build(), broken);
  }

  /**
   * Requests a body, or some of its bytes.
   *
   * @param range null for all of it
   * @throws ApplicationFailure if there is no response, or not the requested one
   */
  public Opened open(Attempt attempt, Request.Builder builder, @Nullable Range range) {
    builder.header("Accept-Encoding", "identity");
    if (range != null) {
      builder.header("Range", "bytes=" + range.first() + "-" + range.last());
    }
    Request request = builder.build();
    Response response = null;
    try {
      response = http.streams().newCall(request).execute();
      if (!response.isSuccessful()) {
        return new Opened.Refusal(OutboundHttp.answerOf(response));
      }
      requirePlain(attempt, response);
      if (range == null ? response.code() != 200 : response.code() != 206) {
        throw other(attempt, "status " + response.code());
      }
      if (range != null && !range.is(response.header("Content-Range"))) {
        throw other(attempt, "range " + response.header("Content-Range"));
      }
      Response taken = response;
      response = null;
      return new Opened.Body(
          attempt,
          taken,
          range == null ? Long.MAX_VALUE : range.last() - range.first() + 1,
          http.limits());
    } catch (IOException e) {
      throw errors.unreachable(attempt, request, e);
    } finally {
      if (response != null) {
        response.close();
      }
    }
  }

  /** An answer to the question for a body. */
  public sealed interface Opened {

    /** No success. */
    record Refusal(HttpAnswer answer) implements Opened {}

    /** A response body; no more of it is read than was requested. Must be closed. */
    final class Body implements Opened, AutoCloseable {
      private final Attempt attempt;
      private final Response response;
      private final InputStream bytes;
      private final StallDetector stallDetector;
      private long left;

      private Body(Attempt attempt, Response response, long most, StreamLimits limits) {
        this.attempt = attempt;
        this.response = response;
        // The first byte may have had longer.
        BufferedSource source = response.body().source();
        source.timeout().timeout(limits.silence().toNanos(), TimeUnit.NANOSECONDS);
        this.bytes = source.inputStream();
        this.stallDetector = new StallDetector(limits);
        this.left = most;
      }

      /** Tag of what it is a body of, null where the server gives none. */
      @Nullable String tag() {
        return response.header("ETag");
      }

      /** How many bytes are announced, -1 where it is not said. */
      long length() {
        return response.body().contentLength();
      }

      /**
       * Reads some bytes; -1 at the end.
       *
       * @throws IOException when it breaks off, falls silent, or only drips
       */
      int read(byte[] buffer) throws IOException {
        stallDetector.begin();
        int read = bytes.read(buffer);
        stallDetector.end(Math.max(read, 0));
        if (read > left) {
          throw other(attempt, "more than the range");
        }
        left -= Math.max(read, 0);
        return read;
      }

      @Override
      public void close() {
        response.close();
      }
    }
  }

  /** How a server answers a request for the first byte of a file. Reads no further. */
  public FirstAnswer first(Attempt attempt, Request.Builder builder) {
    Request request =
        builder.header("Accept-Encoding", "identity").header("Range", "bytes=0-0").build();
    try (Response response = http.streams().newCall(request).execute()) {
      return new FirstAnswer(
          response.code() == 206
              && String.valueOf(response.header("Content-Range")).startsWith("bytes 0-0/"),
          response.body().contentLength() >= 0,
          response.isSuccessful() ? null : OutboundHttp.answerOf(response));
    } catch (IOException e) {
      throw errors.unreachable(attempt, request, e);
    }
  }

  /**
   * An answer to the question for one byte.
   *
   * @param ranged whether just that byte came
   * @param length whether it said how long the answer is
   * @param refusal null when it was a success
   */
  public record FirstAnswer(boolean ranged, boolean length, @Nullable HttpAnswer refusal) {}

  /** Bytes of a file, by the places of the first and the last. */
  public record Range(long first, long last) {
    public static Range of(long offset, long length) {
      return new Range(offset, offset + length - 1);
    }

    private boolean is(@Nullable String contentRange) {
      return contentRange != null
          && contentRange.replaceAll("\\s+", " ").startsWith("bytes " + first + "-" + last + "/");
    }
  }

  private static void requirePlain(Attempt attempt, Response response) {
    String encoding = response.header("Content-Encoding", "identity");
    if (!"identity".equals(encoding)) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              attempt.tried(),
              attempt.where(),
              "it has content encoding " + encoding + ", which was not requested",
              "Configure the server, or what is in front of it, to send artifacts unencoded."));
    }
  }

  private static ApplicationFailure other(Attempt attempt, String what) {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            attempt.tried(),
            attempt.where(),
            "the response has other bytes than requested: " + what,
            "Portage retries; if it persists, check what is in front of the server."));
  }

  /**
   * Sends a body that is made while it is sent.
   *
   * @param builder the request without its body
   * @param method {@code PUT} or {@code PATCH}
   * @param size of the body in bytes; the answer may take the longer the more they are
   * @return the answer, good or bad, for the caller to look at
   */
  public HttpAnswer send(
      Attempt attempt, Request.Builder builder, String method, long size, ArtifactSink.Body body) {
    // A signed address may demand a type of its own.
    boolean typed = builder.build().header("Content-Type") != null;
    Upload upload = new Upload(typed ? null : type, size, body, new StallDetector(http.limits()));
    try {
      return http.send(
          attempt,
          errors,
          builder.method(method, upload).tag(FirstByte.class, first(size)).build());
    } catch (ApplicationFailure e) {
      if (upload.failed != null) {
        throw upload.failed;
      }
      throw e;
    }
  }

  /** A body that is made while it is sent. */
  private static final class Upload extends RequestBody {
    private final @Nullable MediaType type;
    private final long size;
    private final ArtifactSink.Body body;
    private final StallDetector stallDetector;
    private volatile @Nullable RuntimeException failed;

    private Upload(
        @Nullable MediaType type, long size, ArtifactSink.Body body, StallDetector stallDetector) {
      this.type = type;
      this.size = size;
      this.body = body;
      this.stallDetector = stallDetector;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public long contentLength() {
      return size;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      try {
        body.writeTo((buffer, length) -> {
          try {
            stallDetector.begin();
            sink.write(buffer, 0, length);
            stallDetector.end(length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (RuntimeException e) {
        // OkHttp expects an IOException; the caller gets the real one.
        failed = e;
        throw new IOException("the body could not be created", e);
      }
    }
  }
}
