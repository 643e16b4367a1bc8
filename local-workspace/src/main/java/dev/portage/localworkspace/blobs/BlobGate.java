package dev.portage.localworkspace.blobs;

import dev.portage.localworkspace.calls.CallLog;
import dev.portage.localworkspace.calls.CallRecord;
import dev.portage.localworkspace.calls.Connections;
import dev.portage.localworkspace.faults.Damage;
import dev.portage.localworkspace.faults.Effect;
import dev.portage.localworkspace.faults.FaultBook;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Loopback;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The target of signed URLs. It has a port of its own and knows no tokens: a call that sends a
 * login with its signature is refused, so that a client that leaks its login is found out.
 */
public final class BlobGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BlobGate.class);
  private final Map<String, Door> doors = new ConcurrentHashMap<>();
  private final IssuedUrls urls = new IssuedUrls();
  private final CompletableFuture<URI> base = new CompletableFuture<>();
  private final FaultBook faults;
  private final CallLog calls;
  private final InstantSource clock;
  private final Javalin server;

  /** Starts it, on a free port. */
  public BlobGate(FaultBook faults, CallLog calls, InstantSource clock) {
    this.faults = faults;
    this.calls = calls;
    this.clock = clock;
    server =
        Javalin.create(config -> {
          Loopback.configure(config, 0);
          for (HandlerType method :
              List.of(
                  HandlerType.GET,
                  HandlerType.HEAD,
                  HandlerType.PUT,
                  HandlerType.POST,
                  HandlerType.PATCH,
                  HandlerType.DELETE)) {
            config.routes.addHttpHandler(method, "/*", this::pass);
          }
        });
    server.start();
    base.complete(URI.create("http://" + Loopback.ADDRESS + ":" + server.port()));
  }

  void open(Door door) {
    doors.put(door.name(), door);
  }

  /** Where signed URLs begin. */
  URI base() {
    return base.join();
  }

  /** The {@code Host} of signed URLs. */
  String host() {
    return base().getHost() + ":" + base().getPort();
  }

  IssuedUrls urls() {
    return urls;
  }

  InstantSource clock() {
    return clock;
  }

  /** Ends every signed URL that was given out. */
  public void expireAll() {
    urls.endAll();
  }

  private void pass(Context context) throws InterruptedException {
    String raw = context.req().getRequestURI();
    int slash = raw.indexOf('/', 1);
    Door door = slash < 0 ? null : doors.get(raw.substring(1, slash));
    String method = context.req().getMethod();
    if (door == null) {
      refuse(context, Dialect.AZURE_BLOB, Dialect.AZURE_BLOB.missing(), null);
      record(method, raw, 404, true);
      return;
    }
    String place = Escapes.unescapePath(raw.substring(slash + 1));
    String path = "/blobs/" + door.key(place);
    List<Effect> effects = faults.strike(method, path);
    boolean lost = effects.stream().anyMatch(Effect.LostAnswer.class::isInstance);
    AtomicBoolean recorded = new AtomicBoolean();
    IntConsumer record =
        status -> {
          if (recorded.compareAndSet(false, true)) {
            record(method, path, status, !lost);
          }
        };
    Map<String, String> query = Escapes.query(context.req().getQueryString());
    BlobCall call = new BlobCall(context, place, query, effects, clock.instant(), record);
    try {
      if (struck(context, door, effects, record)) {
        return;
      }
      if (context.header("Authorization") != null) {
        throw door.dialect().twoLogins();
      }
      if (urls.isEnded(query)) {
        throw door.expired();
      }
      door.serve(call);
    } catch (BlobRefusal refusal) {
      refuse(context, door.dialect(), refusal, null);
    } catch (ApiRefusal refusal) {
      // What the URL leads to went away after it was signed.
      BlobRefusal gone =
          refusal.status() == 404
              ? door.dialect().missing()
              : new BlobRefusal(refusal.status(), refusal.code(), refusal.text());
      refuse(context, door.dialect(), gone, null);
    } catch (Damage.BrokenOff told) {
      Connections.abort(context);
      return;
    } catch (IOException | RuntimeException e) {
      if (context.res().isCommitted()) {
        log.debug("{} {} was interrupted", method, path, e);
        Connections.abort(context);
        return;
      }
      log.error("{} {} failed", method, path, e);
      BlobRefusal failure = new BlobRefusal(500, "InternalError", "The server failed.");
      refuse(context, door.dialect(), failure, null);
    }
    record.accept(context.res().getStatus());
    if (lost) {
      Connections.abort(context);
    }
  }

  /** Whether a fault has already decided what comes of the call. */
  private static boolean struck(
      Context context, Door door, List<Effect> effects, IntConsumer record)
      throws InterruptedException {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Slow slow -> Thread.sleep(slow.delay());
        case Effect.Drop _ -> {
          record.accept(0);
          Connections.abort(context);
          return true;
        }
        case Effect.TooManyRequests many -> {
          refuse(context, door.dialect(), door.dialect().tooMany(), many.retryAfter());
          record.accept(429);
          return true;
        }
        case Effect.Unavailable busy -> {
          refuse(context, door.dialect(), door.dialect().busy(), busy.retryAfter());
          record.accept(503);
          return true;
        }
        case Effect.Forbidden _ -> {
          refuse(context, door.dialect(), door.dialect().forbidden(), null);
          record.accept(403);
          return true;
        }
        case Effect.HtmlError _ -> {
          context.status(500).html("<html><body><h1>Internal Server Error</h1></body></html>");
          record.accept(500);
          return true;
        }
        case Effect.LostAnswer _, Effect.Truncated _, Effect.FlippedByte _ -> {
          // They strike the answer, or the bytes.
        }
      }
    }
    return false;
  }

  private void record(String method, String path, int status, boolean answered) {
    calls.add(new CallRecord(clock.instant(), method, path, "-", status, answered));
  }

  private static void refuse(
      Context context, Dialect dialect, BlobRefusal refusal, @Nullable Duration retryAfter) {
    if (context.res().isCommitted()) {
      return;
    }
    if (retryAfter != null) {
      context.header("Retry-After", Long.toString(Math.max(0, retryAfter.toSeconds())));
    }
    if (dialect == Dialect.AZURE_BLOB || dialect == Dialect.AZURE_LAKE) {
      context.header("x-ms-error-code", refusal.code());
    }
    context
        .status(refusal.status())
        .contentType(dialect.contentType())
        .result(dialect.body(refusal));
  }

  @Override
  public void close() {
    server.stop();
  }
}
