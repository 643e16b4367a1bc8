package dev.portage.localworkspace.calls;

import dev.portage.localworkspace.faults.Effect;
import dev.portage.localworkspace.faults.FaultBook;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.rights.TokenBook;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single entry point. Every API call passes login, faults and rights in this order, and is
 * recorded once.
 */
public final class ApiRoutes {
  private static final Logger log = LoggerFactory.getLogger(ApiRoutes.class);

  private final RoutesConfig routes;
  private final TokenBook tokens;
  private final FaultBook faults;
  private final CallLog calls;
  private final String workspaceId;
  private final InstantSource clock;

  /** Adds API routes to a server. */
  public ApiRoutes(
      RoutesConfig routes,
      TokenBook tokens,
      FaultBook faults,
      CallLog calls,
      String workspaceId,
      InstantSource clock) {
    this.routes = routes;
    this.tokens = tokens;
    this.faults = faults;
    this.calls = calls;
    this.workspaceId = workspaceId;
    this.clock = clock;
  }

  /** A call that needs one right; null for a call that any known caller may make. */
  public void on(HandlerType method, String path, @Nullable Right right, ApiHandler handler) {
    add(method, path, call -> right, handler);
  }

  /** A call whose right depends on what is called. */
  public void onJudged(
      HandlerType method, String path, Function<Context, Right> right, ApiHandler handler) {
    add(method, path, right::apply, handler);
  }

  private void add(HandlerType method, String path, RightOf right, ApiHandler handler) {
    routes.addHttpHandler(method, path, context -> pass(context, right, handler));
  }

  /** Which right a call needs; null for none beyond a login. */
  @FunctionalInterface
  private interface RightOf {
    @Nullable Right of(Context context);
  }

  private void pass(Context context, RightOf right, ApiHandler handler)
      throws InterruptedException {
    String method = context.req().getMethod();
    String path = context.req().getRequestURI();
    context.header("x-databricks-org-id", workspaceId);
    String user = "-";
    boolean lost = false;
    try {
      Caller caller = tokens.authenticate(context.header("Authorization"));
      user = caller.user();
      List<Effect> effects = faults.strike(method, path);
      List<Effect> damage = new ArrayList<>();
      for (Effect effect : effects) {
        switch (effect) {
          case Effect.Slow slow -> Thread.sleep(slow.delay());
          case Effect.LostAnswer _ -> lost = true;
          case Effect.Drop _ -> {
            record(method, path, user, 0, false);
            Connections.abort(context);
            return;
          }
          case Effect.TooManyRequests tooMany -> {
            refuse(
                context,
                ApiRefusal.of(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests; try again later."),
                tooMany.retryAfter());
            record(method, path, user, 429, true);
            return;
          }
          case Effect.Unavailable unavailable -> {
            refuse(
                context,
                ApiRefusal.of(
                    503, "TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable."),
                unavailable.retryAfter());
            record(method, path, user, 503, true);
            return;
          }
          case Effect.Forbidden _ -> {
            refuse(context, ApiRefusal.permissionDenied("Access is denied."), null);
            record(method, path, user, 403, true);
            return;
          }
          case Effect.Truncated _, Effect.FlippedByte _ -> damage.add(effect);
          case Effect.HtmlError _ -> {
            context.status(500).html("<html><body><h1>Internal Server Error</h1></body></html>");
            record(method, path, user, 500, true);
            return;
          }
        }
      }
      Right needed = right.of(context);
      if (needed != null) {
        caller.require(needed);
      }
      String known = user;
      boolean loses = lost;
      AtomicBoolean recorded = new AtomicBoolean();
      IntConsumer record =
          status -> {
            if (recorded.compareAndSet(false, true)) {
              record(method, path, known, status, !loses);
            }
          };
      try {
        handler.handle(new ApiCall(context, caller, lost, damage, record));
      } catch (ApiRefusal refusal) {
        refuse(context, refusal, null);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (context.res().isCommitted()) {
          // Half an answer must not look like a whole one.
          log.debug("{} {} was interrupted", method, path, e);
          Connections.abort(context);
          return;
        }
        log.error("{} {} failed", method, path, e);
        refuse(
            context,
            ApiRefusal.of(
                500, "INTERNAL_ERROR", "Unexpected failure in the local workspace; see its log."),
            null);
      }
      record.accept(context.res().getStatus());
      if (lost) {
        Connections.abort(context);
      }
    } catch (ApiRefusal refusal) {
      refuse(context, refusal, null);
      record(method, path, user, refusal.status(), true);
    }
  }

  private void record(String method, String path, String user, int status, boolean answered) {
    calls.add(new CallRecord(clock.instant(), method, path, user, status, answered));
  }

  private static void refuse(Context context, ApiRefusal refusal, @Nullable Duration retryAfter) {
    if (context.res().isCommitted()) {
      return;
    }
    if (retryAfter != null) {
      context.header("Retry-After", Long.toString(Math.max(0, retryAfter.toSeconds())));
    }
    context.status(refusal.status()).contentType("application/json").result(refusal.body());
  }
}
