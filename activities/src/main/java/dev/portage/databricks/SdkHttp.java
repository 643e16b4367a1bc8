package dev.portage.databricks;

import com.databricks.sdk.core.http.HttpClient;
import com.databricks.sdk.core.http.Request;
import com.databricks.sdk.core.http.Response;
import dev.portage.http.Credential;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Makes the Databricks SDK use our HTTP client. */
final class SdkHttp implements HttpClient {
  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient client;
  private final Supplier<Credential> credential;

  /**
   * Sends by this client.
   *
   * @param credential signs each call
   */
  SdkHttp(OkHttpClient client, Supplier<Credential> credential) {
    this.client = client;
    this.credential = credential;
  }

  /**
   * Makes one call and reads its answer whole.
   *
   * @throws CallFailed when there was no answer, or one that is no success, or not JSON
   */
  @Override
  public Response execute(Request in) {
    HttpAnswer answer = ask(in);
    return new Response(in, answer.status(), "OK", answer.headers().toMultimap(), answer.body());
  }

  /** As {@link #execute}, without the SDK's form of an answer. */
  HttpAnswer ask(Request in) {
    okhttp3.Request request = requestOf(in);
    HttpAnswer answer;
    try (okhttp3.Response response = client.newCall(request).execute()) {
      answer = OutboundHttp.answerOf(response);
    } catch (IOException e) {
      throw CallFailed.silent(request, e);
    }
    if (!answer.isSuccess() || isPage(answer)) {
      throw CallFailed.answered(request, answer);
    }
    return answer;
  }

  /**
   * Makes one call and reads the bytes of its answer.
   *
   * @return empty for more than so many
   * @throws CallFailed when there was no answer, or one that is no success
   */
  Optional<byte[]> bytes(Request in, long most) {
    okhttp3.Request request = requestOf(in);
    try (okhttp3.Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw CallFailed.answered(request, OutboundHttp.answerOf(response));
      }
      BufferedSource body = response.body().source();
      return body.request(most + 1) ? Optional.empty() : Optional.of(body.readByteArray());
    } catch (IOException e) {
      throw CallFailed.silent(request, e);
    }
  }

  private okhttp3.Request requestOf(Request in) {
    okhttp3.Request.Builder request =
        new okhttp3.Request.Builder()
            .url(in.getUri().toString())
            .method(in.getMethod(), bodyOf(in));
    in.getHeaders().forEach(request::header);
    return credential.get().sign(request).build();
  }

  private static @Nullable RequestBody bodyOf(Request in) {
    if (in.isBodyStreaming()) {
      throw new IllegalArgumentException(
          "Long bodies go to the Files API directly, not through the SDK: " + in.getRequestLine());
    }
    if (in.isBodyString()) {
      return RequestBody.create(in.getBodyString(), JSON);
    }
    return switch (in.getMethod()) {
      case Request.POST, Request.PUT, Request.PATCH -> RequestBody.create("", JSON);
      default -> null;
    };
  }

  /** A login page or a proxy's own page comes with status 200, and holds nothing of the API. */
  private static boolean isPage(HttpAnswer answer) {
    String type = answer.headers().get("Content-Type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }
}
